"""Compute: shapes, images, instances and what places them."""
