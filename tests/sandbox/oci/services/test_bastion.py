"""What bastions refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

BASTION = "oci:Bastion/bastion:Bastion"


@pytest.mark.parametrize(
    "wrong",
    [
        {"clientCidrBlockAllowLists": ["192.0.2.1/24"]},
        {"clientCidrBlockAllowLists": ["everywhere"]},
        {"clientCidrBlockAllowLists": ["192.0.2.0/24"] * 21},
        {"maxSessionTtlInSeconds": 10_801},
        {"bastionType": "HUGE"},
        {"name": "has space"},
    ],
)
def test_an_ill_formed_bastion_is_refused(
    service: Service, subnet: Entry, refused: Refused, wrong: dict[str, Any]
) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    refused(400, "InvalidParameter", "", service.create, BASTION, **(inputs | wrong))


def test_a_bastion_name_twice_is_refused(service: Service, subnet: Entry, refused: Refused) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    service.create(BASTION, **inputs)
    refused(409, "Conflict", "door already exists", service.create, BASTION, **inputs)
