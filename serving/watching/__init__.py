"""Watching the traffic path: rules, runbooks, monitors and dashboards."""
