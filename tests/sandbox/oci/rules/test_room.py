"""Room in subnets for the nodes of pools and databases."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import POOL
from sandbox.oci.services.postgresql.systems import SYSTEM
from tests.sandbox.oci.conftest import Refused, Service, pool_inputs
from tests.sandbox.oci.driver import SUBNET
from tests.sandbox.oci.minimal import ocid
from tests.sandbox.oci.services.test_postgresql import postgresql

MANY = 2**40


@pytest.fixture
def small(service: Service, vcn: Entry) -> Entry:
    """A subnet with room for 253 addresses."""
    place = {"cidrBlock": "10.0.4.0/24"}
    return service.create(SUBNET, vcnId=vcn.id, dnsLabel="small", outputs=place, **place)


@pytest.mark.parametrize("size", [254, MANY])
def test_a_pool_with_more_nodes_than_addresses_is_refused(
    service: Service, cluster: Entry, small: Entry, refused: Refused, size: int
) -> None:
    inputs: dict[str, Any] = pool_inputs(cluster, small) | {"nodeShape": "VM.Standard2.1"}
    inputs["nodeConfigDetails"]["size"] = 253
    made = service.create(POOL, **inputs)
    wrong = {"nodeConfigDetails": inputs["nodeConfigDetails"] | {"size": size}}
    words = f"does not have enough available IP addresses: {size} required"
    refused(400, "InvalidParameter", words, service.create, POOL, **inputs | wrong)
    refused(400, "InvalidParameter", words, service.update, made, **wrong)


@pytest.mark.parametrize("token", [POOL, SYSTEM])
def test_a_subnet_of_an_existing_account_has_no_more_room_than_the_largest(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, token: str
) -> None:
    elsewhere = ocid("subnet")
    if token == POOL:
        inputs: dict[str, Any] = pool_inputs(cluster, subnet) | {"nodeShape": "VM.Standard2.1"}
        inputs["nodeConfigDetails"]["placementConfigs"][0]["subnetId"] = elsewhere
        inputs["nodeConfigDetails"]["size"] = MANY
        refused(400, "InvalidParameter", "enough available IP", service.create, POOL, **inputs)
    else:
        network = {"subnetId": elsewhere}
        change = {"instanceCount": MANY, "networkDetails": network}
        refused(400, "InvalidParameter", "enough available IP", postgresql, service, **change)


def test_a_database_with_more_nodes_than_addresses_is_refused(
    service: Service, small: Entry, refused: Refused
) -> None:
    network = {"subnetId": small.id}
    assert postgresql(service, instanceCount=253, networkDetails=network)
    change = {"instanceCount": 254, "networkDetails": network}
    refused(400, "InvalidParameter", "254 required", postgresql, service, **change)
