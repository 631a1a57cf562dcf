"""GPU node pools: their image, their boot script and their compute cluster."""
