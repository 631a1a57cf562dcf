"""Tags, quotas, costs, and what protects the whole tenancy."""
