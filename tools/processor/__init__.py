"""A processor for Envoy where Envoy AI Gateway has its own, for the proofs of the gateway."""
