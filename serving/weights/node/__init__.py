"""What runs in the cluster, from a ConfigMap: Python's standard library and rclone, nothing else."""
