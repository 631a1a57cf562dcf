"""How fast MI300X serves models: published measurements, and the peaks of the GPU that bound them."""
