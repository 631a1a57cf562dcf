"""Weights: from the hub into a bucket, from the bucket onto the nodes' disks."""
