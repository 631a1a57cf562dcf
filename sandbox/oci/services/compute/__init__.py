"""Compute: shapes, images, instances and their placement."""
