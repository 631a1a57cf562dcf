"""What fills the memory of an engine's GPUs, and what is left for its cache."""
