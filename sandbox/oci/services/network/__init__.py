"""Networking: VCNs and all that is in them."""
