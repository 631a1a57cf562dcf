"""What a cluster's controllers and its scheduler make of objects: pods on nodes, volumes, gateways, status."""
