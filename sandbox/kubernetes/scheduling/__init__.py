"""A cluster's scheduler and controllers: pods on nodes, volumes, gateways and the status of objects."""
