"""Networking: VCNs and the resources in them."""
