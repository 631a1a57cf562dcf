"""GPU node pools: their image, their boot script, their place in a compute cluster."""
