"""From the model's values to the API's: nothing that was sent is lost or changed."""

from typing import Any

import pytest

from facts.oci_api import model
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of, scalar
from sandbox.store import Store
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import Wire
from tests.sandbox.wire.http import call


@pytest.mark.parametrize("value", [2**63 - 1, str(2**63 - 1)])
def test_a_large_integer_keeps_its_digits(value: Any) -> None:
    assert scalar("int", value) == 2**63 - 1


def test_empty_items_of_a_list_stay() -> None:
    found = model("core", "RouteTable")
    assert found is not None
    outputs = {"routeRules": [{"networkEntityId": ""}], "displayName": ""}
    shown = body_of(found, outputs, fields_of_type("oci:Core/routeTable:RouteTable"), {})
    assert shown == {"routeRules": [{}]}


def test_a_digest_of_a_secret_is_not_shown(wire: Wire, store: Store) -> None:
    driver = Driver(store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    made = create_minimal(driver, "oci:Opensearch/cluster:Cluster", securityMasterUserPasswordHash="hash")
    answer = call(wire, "GET", f"/20180828/opensearchClusters/{made.id}")
    assert answer.body["id"] == made.id
    assert "securityMasterUserPasswordHash" not in answer.body
