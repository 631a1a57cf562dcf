"""What is asked of the real cloud outside of Pulumi: credentials, capacity, a way to a private endpoint."""
