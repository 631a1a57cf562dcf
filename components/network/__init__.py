"""The virtual network: addresses, gateways, routes, security groups and the bastion."""
