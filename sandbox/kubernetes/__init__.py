"""The stand-in for Kubernetes: the API servers of the sandbox's OKE clusters, and the pulumi-kubernetes provider."""
