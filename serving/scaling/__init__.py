"""Scaling: how the number of a model's engines follows the load."""
