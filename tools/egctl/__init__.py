"""egctl: Envoy Gateway's own translation of its objects, for the proofs of the gateway."""
