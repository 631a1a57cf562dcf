"""The real parts of the traffic path that PyPI has, for the proofs: routers, Envoy, and a client."""
