"""Object Storage: buckets, lifecycle, retention and replication."""
