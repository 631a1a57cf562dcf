"""Service limits and quotas: what a stack needs, and what is there."""
