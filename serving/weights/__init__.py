"""Model weights: import from the hub into a bucket, and staging from the bucket on the nodes' disks."""
