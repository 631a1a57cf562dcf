"""The pulumi-kubernetes provider: plans, calls, waiting, Helm releases, and the connection to a cluster."""
