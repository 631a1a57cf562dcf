"""OCI Database with PostgreSQL."""
