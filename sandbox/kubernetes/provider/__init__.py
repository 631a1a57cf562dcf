"""What pulumi-kubernetes does with objects and Helm releases: plans, calls, waiting, and reaching a cluster."""
