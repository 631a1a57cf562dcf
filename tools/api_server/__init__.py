"""The real Kubernetes API server, the judge of the sandbox's: how it is built, and the custom kinds it knows."""
