"""The placement of hosts: availability domains and fault domains."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import POOL, Refused, Service, pool_inputs

RESERVATION = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"


@pytest.mark.parametrize("domain", ["Uocm:PHX-AD-1", "Uocm:US-ASHBURN-AD-4", "US-ASHBURN-AD-1", "AD-1"])
def test_an_availability_domain_of_another_region_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, domain: str
) -> None:
    message = f"{domain} is not an availability domain of us-ashburn-1."
    inputs = pool_inputs(cluster, subnet, domains=(domain,))
    refused(400, "InvalidParameter", message, service.create, POOL, **inputs)


def test_a_region_with_one_domain_has_no_second_one(service: Service, refused: Refused) -> None:
    first, second = "Uocm:SA-SAOPAULO-1-AD-1", "Uocm:SA-SAOPAULO-1-AD-2"
    inputs = {"region": "sa-saopaulo-1", "instanceReservationConfigs": []}
    assert service.create(RESERVATION, availabilityDomain=first, **inputs)
    refused(400, "InvalidParameter", second, service.create, RESERVATION, availabilityDomain=second, **inputs)


def test_an_unknown_fault_domain_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["placementConfigs"][0]["faultDomains"] = ["FAULT-DOMAIN-4"]
    refused(400, "InvalidParameter", "FAULT-DOMAIN-4", service.create, POOL, **inputs)
