"""Core Services: the one API of Networking, Compute and Block Volume."""

from sandbox.oci.resource_types import describe

describe("oci:Core", ready="AVAILABLE")
