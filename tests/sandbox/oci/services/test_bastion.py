"""What bastions refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

BASTION = "oci:Bastion/bastion:Bastion"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"clientCidrBlockAllowLists": ["192.0.2.1/24"]}, "192.0.2.1 does not match network IP 192.0.2.0"),
        ({"clientCidrBlockAllowLists": ["everywhere"]}, "The requested CIDR everywhere is invalid"),
        (
            {"clientCidrBlockAllowLists": ["192.0.2.0/24"] * 21},
            "clientCidrBlockAllowList size must be between 1 and 20",
        ),
        ({"maxSessionTtlInSeconds": 10_801}, "10801 must be between 1800 and 10800"),
        ({"bastionType": "HUGE"}, "bastionType must be one of STANDARD, not HUGE"),
        ({"name": "has space"}, "name 'has space' is invalid"),
    ],
)
def test_an_ill_formed_bastion_is_refused(
    service: Service, subnet: Entry, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    refused(400, "InvalidParameter", message, service.create, BASTION, **(inputs | wrong))


def test_a_bastion_name_twice_is_refused(service: Service, subnet: Entry, refused: Refused) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    service.create(BASTION, **inputs)
    refused(409, "Conflict", "door already exists", service.create, BASTION, **inputs)
