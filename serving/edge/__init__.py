"""The gateways in the cluster behind the load balancer of the network's edge."""
