"""Access to the real cloud outside of Pulumi: credentials, capacity, and a tunnel to a private endpoint."""
