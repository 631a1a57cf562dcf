"""`sandbox cloud fault`: faults are added, listed and cleared, and resources are changed outside Pulumi."""

import json
from typing import Any

import pytest

from sandbox.faults import FaultBook
from sandbox.oci.cloud import Cloud
from sandbox.store import Store

from .conftest import VCN, Run


@pytest.mark.parametrize(
    ("words", "kind", "values"),
    [
        (["latency", "--seconds", "2", "--type", "Subnet"], "latency", {"seconds": 2, "type": "Subnet"}),
        (["throttle", "--times", "3"], "throttle", {"times": 3}),
        (["error", "--times", "1", "--final"], "error", {"times": 1, "final": True}),
        (["error", "--after", "4", "--operation", "delete"], "error", {"after": 4, "operation": "delete"}),
        (["limit", "vcn-count"], "limit", {"limit": "vcn-count", "operation": "create"}),
        (["drop", "--late", "--times", "1"], "drop", {"late": True, "times": 1}),
        (["drop", "--type", "Vcn"], "drop", {"late": False, "type": "Vcn"}),
        (["down", "--region", "eu-frankfurt-1"], "down", {"region": "eu-frankfurt-1"}),
        (["capacity", "--type", "NodePool"], "capacity", {"type": "NodePool", "operation": "create"}),
    ],
)
def test_faults_are_added(
    run: Run, store: Store, words: list[str], kind: str, values: dict[str, Any]
) -> None:
    made = json.loads(run("fault", "add", *words, "--json").stdout)
    (kept,) = FaultBook(store).list()
    assert (kept.id, kept.kind) == (made["id"], kind)
    assert {name: getattr(kept, name) for name in values} == values


def test_missing_capacity_hits_all_types_that_use_hosts(run: Run, store: Store) -> None:
    run("fault", "add", "capacity")
    book = FaultBook(store)
    assert book.consume("oci:ContainerEngine/nodePool:NodePool", "create")
    assert book.consume("oci:Core/instance:Instance", "create")
    assert not book.consume("oci:Core/vcn:Vcn", "create")


def test_a_misspelt_region_is_refused_with_the_nearest_name(run: Run) -> None:
    said = run("fault", "add", "down", "--region", "eu-frankfrt-1", code=2).stderr
    assert "Did you mean `eu-frankfurt-1`?" in said


def test_only_clients_with_a_connection_can_lose_it(run: Run, store: Store) -> None:
    run("fault", "add", "drop")
    run("fault", "add", "down")
    book = FaultBook(store)
    assert not book.consume("oci:Core/vcn:Vcn", "create")
    assert [each.kind for each in book.consume("oci:Core/vcn:Vcn", "create", connected=True)] == ["drop"]
    assert book.is_down("us-ashburn-1")


def test_a_misspelt_type_is_refused_with_the_nearest_name(run: Run) -> None:
    assert "Did you mean `Subnet`?" in run("fault", "add", "error", "--type", "Subnett", code=1).stderr


@pytest.mark.parametrize("type_", ["Deployment", "kubernetes:*", "kubernetes:core/v1:Secret", "Release"])
def test_faults_reach_the_objects_of_a_cluster(run: Run, store: Store, type_: str) -> None:
    run("fault", "add", "error", "--type", type_)
    (kept,) = FaultBook(store).list()
    assert kept.type == type_


def test_a_misspelt_kind_is_refused_with_the_nearest_name(run: Run) -> None:
    assert (
        "Did you mean `StatefulSet`?" in run("fault", "add", "error", "--type", "StatefulSett", code=1).stderr
    )


def test_a_kubernetes_kind_has_no_limit_and_no_capacity(run: Run) -> None:
    limit = run("fault", "add", "limit", "vcn-count", "--type", "ConfigMap", code=1)
    assert "no resource type matches ConfigMap" in limit.stderr
    capacity = run("fault", "add", "capacity", "--type", "kubernetes:*", code=1)
    assert "no resource type matches kubernetes:*" in capacity.stderr


def test_faults_are_listed_and_cleared(run: Run, store: Store) -> None:
    fault = FaultBook(store).add("throttle", type="Subnet", times=2)
    assert run("fault", "list").stdout.splitlines()[1].split("\t")[:2] == [fault.id, "throttle"]
    assert json.loads(run("fault", "list", "--json").stdout)[0]["times"] == 2
    assert "fault-unknown does not exist" in run("fault", "clear", "fault-unknown", code=1).stderr
    assert json.loads(run("fault", "clear", fault.id, "--json").stdout) == {"cleared": 1}
    assert FaultBook(store).list() == ()


def test_a_resource_is_changed_outside_pulumi(run: Run, model: Cloud) -> None:
    run("fault", "add", "change", "net", "displayName=mine", "isIpv6enabled=true", "freeformTags.owner=me")
    changed = model.find(VCN)
    assert changed is not None
    for values in (changed.inputs, changed.outputs):
        assert (values["displayName"], values["isIpv6enabled"]) == ("mine", True)
        assert values["freeformTags"] == {"owner": "me"}
    assert model.store.events()[-1].verb == "tamper"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("displayNam=x", "Did you mean `displayName`?"),
        ("isIpv6enabled=perhaps", "is not a JSON value of type bool"),
        ("cidrBlocks=10.1.0.0/16", "is not a JSON value of type list"),
    ],
)
def test_an_invalid_change_is_refused(run: Run, model: Cloud, change: str, why: str) -> None:
    assert why in run("fault", "add", "change", "net", change, code=1).stderr


def test_a_change_must_be_key_and_value(run: Run, model: Cloud) -> None:
    assert (
        "displayName: must be KEY=VALUE" in run("fault", "add", "change", "net", "displayName", code=2).stderr
    )


def test_a_resource_is_deleted_outside_pulumi(run: Run, model: Cloud) -> None:
    run("fault", "add", "delete", "gpu")
    assert model.find("ocid1.subnet.oc1.iad.aaaagpu") is None


def test_a_delete_that_the_cloud_refuses_needs_force(run: Run, model: Cloud) -> None:
    assert "409-Conflict" in run("fault", "add", "delete", "net", code=1).stderr
    assert model.find(VCN) is not None
    run("fault", "add", "delete", "net", "--force")
    assert model.find(VCN) is None
