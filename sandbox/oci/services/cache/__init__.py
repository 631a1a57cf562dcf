"""OCI Cache: clusters, users and backups."""
