"""The rate limit service that Envoy Gateway runs, for the proofs of limits."""
