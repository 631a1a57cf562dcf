"""A call of the REST API is one step: nothing of another call is lost, and a refusal leaves nothing behind."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.faults import FaultBook
from sandbox.oci import operations
from sandbox.oci.rules import Call
from sandbox.oci.services.object_storage import contents
from sandbox.store import Store
from tests.sandbox.wire.conftest import COMPARTMENT, Wire
from tests.sandbox.wire.http import Answer, call

VCNS = "/20160918/vcns"
VCN: dict[str, Any] = {"compartmentId": COMPARTMENT, "cidrBlocks": ["10.0.0.0/16"]}
GATEWAYS = "/20160918/serviceGateways"


def overtaken(store: Store, slow: Callable[[], Answer], quick: Callable[[], Answer]) -> None:
    """Send a call that waits before it writes, and another that ends during the wait."""
    faults = FaultBook(store)
    faults.add("latency", operation="update", times=1, seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow)
        while not faults.list()[0].hits:
            time.sleep(0.01)
        assert quick().status < 300
        assert waiting.result().status < 300


def test_the_rules_know_that_no_step_of_the_rest_api_is_the_providers(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Call] = []
    for module in (operations, contents):
        monkeypatch.setattr(module, "run_rules", judged.append)
    path = f"{VCNS}/{call(wire, 'POST', VCNS, VCN).body['id']}"
    call(wire, "PUT", path, {"displayName": "other"})
    call(wire, "DELETE", path)
    namespace = call(wire, "GET", "/n/").body
    bucket = {"name": "weights", "compartmentId": COMPARTMENT}
    call(wire, "POST", f"/n/{namespace}/b/", bucket)
    call(wire, "PUT", f"/n/{namespace}/b/weights/o/a", b"1")
    steps = [(each.operation, each.by_provider) for each in judged]
    assert steps == [(name, False) for name in ("create", "update", "delete", "create", "create")]


def test_two_updates_of_one_resource_both_count(wire: Wire, store: Store) -> None:
    tagged = VCN | {"freeformTags": {"quick": "no"}}
    path = f"{VCNS}/{call(wire, 'POST', VCNS, tagged).body['id']}"
    overtaken(
        store,
        lambda: call(wire, "PUT", path, {"displayName": "slow"}),
        lambda: call(wire, "PUT", path, {"freeformTags": {"quick": "yes"}}),
    )
    found = call(wire, "GET", path).body
    assert (found["displayName"], found["freeformTags"]) == ("slow", {"quick": "yes"})


def test_two_ranges_are_both_added(wire: Wire, store: Store) -> None:
    path = f"{VCNS}/{call(wire, 'POST', VCNS, VCN).body['id']}"
    add = f"{path}/actions/addCidr"
    overtaken(
        store,
        lambda: call(wire, "POST", add, {"cidrBlock": "10.1.0.0/16"}),
        lambda: call(wire, "POST", add, {"cidrBlock": "10.2.0.0/16"}),
    )
    assert call(wire, "GET", path).body["cidrBlocks"] == ["10.0.0.0/16", "10.2.0.0/16", "10.1.0.0/16"]


def test_two_services_are_both_attached(wire: Wire, store: Store) -> None:
    vcn = call(wire, "POST", VCNS, VCN).body["id"]
    services = [each["id"] for each in call(wire, "GET", "/20160918/services").body]
    body = {"compartmentId": COMPARTMENT, "vcnId": vcn, "services": []}
    path = f"{GATEWAYS}/{call(wire, 'POST', GATEWAYS, body).body['id']}"
    attach = f"{path}/actions/attachService"
    one, other = services
    overtaken(
        store,
        lambda: call(wire, "POST", attach, {"serviceId": one}),
        lambda: call(wire, "POST", attach, {"serviceId": other}),
    )
    assert {each["serviceId"] for each in call(wire, "GET", path).body["services"]} == {one, other}


@pytest.fixture
def group(wire: Wire) -> str:
    vcn = call(wire, "POST", VCNS, VCN).body["id"]
    body = {"compartmentId": COMPARTMENT, "vcnId": vcn}
    made = call(wire, "POST", "/20160918/networkSecurityGroups", body).body["id"]
    return f"/20160918/networkSecurityGroups/{made}"


def _rule(source: str) -> dict[str, Any]:
    return {"direction": "INGRESS", "protocol": "6", "source": source, "isStateless": False}


@pytest.mark.parametrize("action", ["add", "update", "remove"])
def test_a_fault_that_hits_once_fails_one_call_of_rules(
    wire: Wire, store: Store, group: str, action: str
) -> None:
    rules = [_rule("10.0.0.0/16"), _rule("10.1.0.0/16")]
    made = call(wire, "POST", f"{group}/actions/addSecurityRules", {"securityRules": rules})
    ids = [each["id"] for each in made.body["securityRules"]]
    body: dict[str, Any] = {
        "add": {"securityRules": [_rule("10.2.0.0/16"), _rule("10.3.0.0/16")]},
        "update": {"securityRules": [{**rules[0], "id": ids[0], "description": "new"}]},
        "remove": {"securityRuleIds": ids},
    }[action]
    before = call(wire, "GET", f"{group}/securityRules").body
    FaultBook(store).add(
        "error", operation={"add": "create", "remove": "delete"}.get(action, action), times=1
    )
    path = f"{group}/actions/{action}SecurityRules"
    assert call(wire, "POST", path, body).status == 500
    assert call(wire, "GET", f"{group}/securityRules").body == before
    assert call(wire, "POST", path, body).status in (200, 204)
    assert call(wire, "GET", f"{group}/securityRules").body != before


def test_a_fault_that_hits_once_fails_one_rename(wire: Wire, store: Store) -> None:
    bucket = f"/n/{call(wire, 'GET', '/n').body}/b"
    call(wire, "POST", bucket, {"compartmentId": COMPARTMENT, "name": "notes"})
    call(wire, "PUT", f"{bucket}/notes/o/old", b"content")
    FaultBook(store).add("error", operation="create", times=1)
    body = {"sourceName": "old", "newName": "new"}
    assert call(wire, "POST", f"{bucket}/notes/actions/renameObject", body).status == 500
    assert call(wire, "POST", f"{bucket}/notes/actions/renameObject", body).status == 200
    listed = call(wire, "GET", f"{bucket}/notes/o").body["objects"]
    assert [each["name"] for each in listed] == ["new"]


def test_a_refused_schedule_of_a_vault_leaves_no_time_behind(wire: Wire, store: Store) -> None:
    body = {"compartmentId": COMPARTMENT, "displayName": "main", "vaultType": "DEFAULT"}
    made = call(wire, "POST", "/20180608/vaults", body).body["id"]
    before = wire.cloud.find(made)
    FaultBook(store).add("error", operation="delete", times=1)
    at = {"timeOfDeletion": "2099-01-01T00:00:00Z"}
    path = f"/20180608/vaults/{made}/actions/scheduleDeletion"
    assert call(wire, "POST", path, {}).status == 500
    assert call(wire, "POST", path, at).status == 400
    assert wire.cloud.find(made) == before


def test_a_refused_delete_of_a_compartment_leaves_it_as_it_was(wire: Wire, store: Store) -> None:
    body = {"compartmentId": wire.profile.tenancy, "name": "one", "description": "a test"}
    made = call(wire, "POST", "/20160918/compartments", body).body["id"]
    before = wire.cloud.find(made)
    FaultBook(store).add("error", operation="delete", times=1)
    assert call(wire, "DELETE", f"/20160918/compartments/{made}").status == 500
    assert wire.cloud.find(made) == before
    assert call(wire, "DELETE", f"/20160918/compartments/{made}").status == 202
