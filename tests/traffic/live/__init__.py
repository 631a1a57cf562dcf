"""`make traffic`: the path of the models on this machine, from a stack's own configuration."""
