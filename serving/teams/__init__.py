"""Namespaces for engines and teams, with roles, quotas and network policies."""
