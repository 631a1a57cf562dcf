"""A replacement that needs the name of the old resource is foreseen, unless the old one goes first."""

import pytest

from report.changes import changes_of
from report.collisions import BASTION, CLUSTER
from report.danger import dangers_of
from tests.report import states

LOG = "oci:Logging/log:Log"
SUBNET = "oci:Core/subnet:Subnet"
SECRET = "oci:Vault/secret:Secret"

LATE = ("create-replacement", "replace", "delete-replaced")
FIRST = ("delete-replaced", "replace", "create-replacement")
BRIEF_LATE, BRIEF_FIRST = ("replace",), ("replace", "create-replacement")
"""A JSON preview without --show-replacement-steps."""


def fails(
    token: str, old: dict[str, object], new: dict[str, object], order: tuple[str, ...], **more: object
) -> str:
    before, after = (states.state(token, "it", inputs, **more) for inputs in (old, new))
    (change,) = changes_of({"steps": [states.step(op, before, after) for op in order]})
    return "".join(each.what for each in dangers_of([change]) if each.kind == "fails")


def log(resource: object, name: str = "flows") -> dict[str, object]:
    source = {"resource": resource, "service": "flowlogs", "category": "vcn"}
    return {"logGroupId": "group", "displayName": name, "configuration": {"source": source}}


@pytest.mark.parametrize("order", [LATE, BRIEF_LATE])
def test_a_log_that_keeps_its_name_fails_beside_the_old_one(order: tuple[str, ...]) -> None:
    said = fails(LOG, log("vcn-a"), log(states.UNKNOWN_VALUE), order)
    assert said.startswith(
        "this change will fail in `up`: the new one needs the logGroupId group and displayName flows"
    )


@pytest.mark.parametrize("order", [FIRST, BRIEF_FIRST])
def test_a_log_that_goes_first_does_not_fail_unless_it_stays_in_the_cloud(order: tuple[str, ...]) -> None:
    assert not fails(LOG, log("vcn-a"), log("vcn-b"), order)
    assert fails(LOG, log("vcn-a"), log("vcn-b"), order, retainOnDelete=True)


def test_another_name_or_place_does_not_fail() -> None:
    assert not fails(LOG, log("vcn-a"), log("vcn-b", name="others"), LATE)
    moved: dict[str, object] = {"vcnId": states.UNKNOWN_VALUE, "cidrBlock": "10.0.0.0/24", "dnsLabel": "api"}
    assert not fails(SUBNET, moved | {"vcnId": "a"}, moved, LATE), "another VCN"


def test_a_subnet_fails_for_its_range_and_for_its_label() -> None:
    old: dict[str, object] = {"vcnId": "a", "cidrBlock": "10.0.0.0/24", "dnsLabel": "api"}
    assert "cidrBlock 10.0.0.0/24" in fails(SUBNET, old, old | {"dnsLabel": "other"}, LATE)
    assert "dnsLabel api" in fails(SUBNET, old, old | {"cidrBlock": "10.0.9.0/24"}, LATE)


def test_a_secret_fails_also_if_the_old_one_goes_first() -> None:
    old: dict[str, object] = {"vaultId": "a", "secretName": "password", "keyId": "one"}
    assert "until its deletion has ended" in fails(SECRET, old, old | {"keyId": "two"}, FIRST)


@pytest.mark.parametrize(
    ("cluster", "order", "found"), [("replace", FIRST, 1), ("update", FIRST, 0), ("replace", LATE, 0)]
)
def test_a_bastion_that_goes_before_the_old_cluster_fails(
    cluster: str, order: tuple[str, ...], found: int
) -> None:
    bastion, it = states.state(BASTION, "door", {"name": "door"}), states.state(CLUSTER, "it", {})
    steps = [states.step(cluster, it, it), *(states.step(op, bastion, bastion) for op in order)]
    said = [each.what for each in dangers_of(changes_of({"steps": steps})) if each.kind == "fails"]
    assert len(said) == found
    assert all("through a tunnel of this bastion" in each for each in said)


def test_the_engine_refuses_a_protected_resource_before_the_cloud_does() -> None:
    assert not fails(LOG, log("vcn-a"), log("vcn-b"), LATE, protect=True)
