"""The gateway of the models: tenants' keys, limits and routes, in front of the routers."""
