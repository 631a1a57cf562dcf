"""The gateways in the cluster, behind the public load balancer."""
