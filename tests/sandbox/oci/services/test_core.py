"""The outputs that Networking, Compute and Block Volume share."""

from facts.provider_fields import resource_fields
from tests.sandbox.oci.driver import Driver


def test_computed_times_and_states_are_always_there(driver: Driver) -> None:
    vcn = driver.vcn()
    fields = resource_fields("oci:Core/vcn:Vcn")

    assert fields is not None
    assert vcn.outputs["timeCreated"].endswith("+0000 UTC")
    assert vcn.outputs["state"] == "AVAILABLE"
