"""Subnets, and whether they give public addresses."""

from policies.model import Resource, known, means_true

SUBNET = "oci:Core/subnet:Subnet"
FORBIDS = ("prohibitPublicIpOnVnic", "prohibitInternetIngress")


def gives_addresses(subnet: Resource) -> bool:
    """Whether a VNIC in the subnet may have a public address. False if that is not known yet."""
    switches = [subnet.inputs.get(each) for each in FORBIDS]
    return all(known(each) and not means_true(each) for each in switches)
