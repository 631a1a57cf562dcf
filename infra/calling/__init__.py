"""One request through the gateway of the models: who may call what, the key, the way in, and the answer."""
