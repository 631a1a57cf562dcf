"""Load Balancer: balancers and their parts."""
