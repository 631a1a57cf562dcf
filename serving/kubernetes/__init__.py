"""Component resources for Kubernetes: the serving stack's objects."""
