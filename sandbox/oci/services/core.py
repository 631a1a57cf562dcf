"""What Networking, Compute and Block Volume share: Oracle calls the three Core Services, which are one API."""

from sandbox.oci.resource_types import describe

describe("oci:Core", ready="AVAILABLE")
