"""What a cluster's API server does: kinds, schemas, defaults, admission, quotas, and the objects it keeps."""
