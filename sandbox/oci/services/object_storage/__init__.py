"""Object Storage: buckets, their retention and their replication."""
