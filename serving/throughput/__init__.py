"""How fast an engine will answer: a roofline of the GPU with factors fitted to published measurements."""
