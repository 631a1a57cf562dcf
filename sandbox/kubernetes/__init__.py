"""The stand-in for Kubernetes: API servers of the sandbox's OKE clusters, as pulumi-kubernetes meets them."""
