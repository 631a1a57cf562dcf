"""The sections that compare two stacks, or two moments of one."""

from dataclasses import replace
from typing import Any

import pytest

from facts.prices import load_prices
from report.differences.sides import Side, Sides
from report.document.model import Section, Sentence
from report.document.values import said
from report.resources import Resource, from_recording, from_state
from report.sections.differences import DIFFERENCES
from tests.infra.snapshots import run
from tests.report import states
from tests.report.rights.parts import binding, role

PRICES = load_prices()
POLICY = "oci:Identity/policy:Policy"


def side(stack: str, *resources: Resource, label: str = "", **settings: object) -> Side:
    return Side(
        label=label or stack, stack=stack, settings=settings, hidden="[encrypted]", resources=resources
    )


def resource(stack: str, chain: str, name: str, **inputs: object) -> Resource:
    found = from_state(states.state(chain, f"{stack}-{name}", inputs))
    return replace(found, urn=found.urn.replace("urn:pulumi:staging:", f"urn:pulumi:{stack}:"))


def section(key: str, first: Side, second: Side) -> Section:
    return DIFFERENCES[key](Sides(first=first, second=second, prices=PRICES))


def data(key: str, first: Side, second: Side) -> dict[str, Any]:
    return {**section(key, first, second).data}


def text(section: Section) -> list[str]:
    return [
        "".join(said(section, part, "USD") for part in each.parts)
        for each in section.blocks
        if isinstance(each, Sentence)
    ]


def test_settings_that_differ_are_rows_and_encrypted_ones_are_named():
    found = section(
        "differencesSettings",
        side("dev", gpu={"nodes": 1}, database={"password": "[encrypted]"}),
        side("prod", gpu={"nodes": 4}, database={"password": "[encrypted]"}),
    )
    assert found.data["rows"] == [{"path": "gpu.nodes", "shown": ["1", "4"], "values": [1, 4]}]
    assert found.data["notCompared"] == ["database.password"]
    assert text(found) == [
        "Settings that differ: 1",
        "Encrypted on both sides, so not compared: database.password",
    ]


def test_resources_are_the_same_if_only_stack_compartment_and_tenancy_differ():
    first, second = (
        side(
            stack,
            resource(
                stack,
                "oci:Core/vcn:Vcn",
                "network",
                displayName=f"{stack}-network",
                compartmentId=f"ocid1.compartment.oc1..{stack}1",
                device="/dev/kfd",
                definedTags={f"{stack}-genai.Environment": stack},
            ),
            tenancy={"compartmentId": f"ocid1.compartment.oc1..{stack}1"},
        )
        for stack in ("dev", "prod")
    )
    found = data("differencesResources", first, second)
    assert (found["counts"], found["same"], found["changed"]) == ([1, 1], 1, 0)


def test_resources_are_compared_by_name_without_the_stack():
    bucket = "oci:ObjectStorage/bucket:Bucket"
    first = side(
        "dev", resource("dev", bucket, "weights", versioning="Enabled"), resource("dev", bucket, "old")
    )
    second = side(
        "prod",
        resource("prod", bucket, "weights", versioning="Suspended"),
        *(resource("prod", bucket, name) for name in ("logs", "audit")),
    )
    found = data("differencesResources", first, second)
    assert found["types"] == [{"type": bucket, "what": "bucket", "counts": [2, 3]}]
    assert [(each["resource"], each["side"]) for each in found["only"]] == [
        ("old", 0),
        ("logs", 1),
        ("audit", 1),
    ]
    (changed,) = found["inputs"]
    assert (changed["path"], changed["shown"], changed["where"]) == (
        "versioning",
        ["Enabled", "Suspended"],
        "weights",
    )


def test_money_is_by_layer_with_the_difference():
    first, second = (
        side(stack, from_state(states.gpu_pool(size=nodes))) for stack, nodes in (("staging", 1), ("prod", 2))
    )
    found = data("differencesMoney", first, second)
    (gpu,) = [each for each in found["layers"] if each["layer"] == "gpu"]
    assert gpu["amounts"][1] == pytest.approx(2 * gpu["amounts"][0])
    assert found["total"]["change"] == pytest.approx(
        found["total"]["amounts"][1] - found["total"]["amounts"][0]
    )


def test_rights_are_the_statements_of_one_side():
    first, second = (
        side(
            stack,
            resource(
                stack,
                POLICY,
                "access",
                statements=[f"Allow group {stack}-admins to {verb} buckets in tenancy" for verb in verbs],
            ),
        )
        for stack, verbs in (("dev", ("read", "manage")), ("prod", ("read",)))
    )
    found = data("differencesRights", first, second)
    assert [(each["label"], each["statement"]) for each in found["rows"]] == [
        ("dev", "Allow group dev-admins to manage buckets in tenancy")
    ]


def test_rights_are_what_the_bindings_of_one_side_give_too():
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    bindings = [binding("team", "Role", "team", {"kind": "User", "name": name}) for name in ("ann", "bob")]
    first = side("dev", role("team", rules), *bindings)
    second = side("prod", role("team", rules), bindings[0])
    found = data("differencesRights", first, second)
    assert [(each["label"], each["statement"]) for each in found["rows"]] == [
        ("dev", "user bob of the cluster may read pods in the namespace serving")
    ]


@pytest.fixture(scope="module")
def environments() -> tuple[Side, Side]:
    first, second = (
        side(stack, *from_recording(run(stack).resources)) for stack in ("minimal", "postgresql")
    )
    return first, second


def test_two_programs_differ_in_who_reaches_whom(environments: tuple[Side, Side]):
    rows = {each["why"]: each["shown"] for each in data("differencesReach", *environments)["rows"]}
    assert rows["pods to PostgreSQL"] == ["absent", "open"]


@pytest.mark.parametrize("key", DIFFERENCES)
def test_a_stack_does_not_differ_from_itself(key: str, environments: tuple[Side, Side]):
    now = environments[1]
    found = data(key, replace(now, label="before"), now)
    assert not found.get("rows")
    assert not found.get("only")
    assert not found.get("inputs")
    assert found.get("total", {"change": 0})["change"] == 0
