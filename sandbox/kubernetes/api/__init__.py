"""A cluster's API server: kinds, schemas, defaults, admission, quotas, and the stored objects."""
