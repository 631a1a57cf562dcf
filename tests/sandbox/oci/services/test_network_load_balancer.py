"""Addresses of network load balancers, and the ids of their parts."""

from ipaddress import ip_address, ip_network

import pytest

from sandbox.oci.services.network_load_balancer import BALANCER
from tests.sandbox.oci.driver import COMPARTMENT, Driver, Made


def balancer(driver: Driver, *, private: bool) -> Made:
    subnet = driver.subnet(driver.vcn())
    return driver.create(
        BALANCER, compartmentId=COMPARTMENT, displayName="entry", subnetId=subnet.id, isPrivate=private
    )


@pytest.mark.parametrize("private", [True, False])
def test_a_balancer_keeps_its_private_or_public_address(driver: Driver, private: bool) -> None:
    made = balancer(driver, private=private)
    (address,) = made.outputs["ipAddresses"]
    assert address["isPublic"] is not private
    assert (ip_address(address["ipAddress"]) in ip_network("10.0.1.0/24")) is private
    renamed = driver.update(made, **{**made.inputs, "displayName": "door"})
    assert renamed.outputs.get("ipAddresses", [address]) == [address]


def test_a_backend_set_is_a_part_of_its_balancer(driver: Driver) -> None:
    made = balancer(driver, private=True)
    parts = driver.create(
        "oci:NetworkLoadBalancer/backendSet:BackendSet",
        networkLoadBalancerId=made.id,
        name="api",
        policy="FIVE_TUPLE",
        healthChecker={"protocol": "TCP"},
    )
    assert parts.id == f"networkLoadBalancers/{made.id}/backendSets/api"
