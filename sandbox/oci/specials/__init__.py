"""Outputs that the general rules cannot guess, by service; see `sandbox.oci.computed.special`."""
