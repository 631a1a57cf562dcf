"""The pinned Pulumi CLI: finds it, or installs it if it is missing."""
