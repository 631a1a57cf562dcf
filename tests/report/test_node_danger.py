"""What a change does to GPU nodes: deletes, drains, or values that cycling cannot carry."""

from typing import cast

import pytest

from report.changes import changes_of
from report.danger import Danger, dangers_of
from tests.report import states


def of(*steps: dict[str, object]) -> list[Danger]:
    return dangers_of(changes_of({"steps": list(steps)}))


CYCLED = {"isNodeCyclingEnabled": True, "cycleModes": ["BOOT_VOLUME_REPLACE"]}


def pool_change(path: str, old: object, new: object, **details: object) -> dict[str, object]:
    """An update of a GPU pool of two nodes."""
    before, after = states.gpu_pool(2), states.gpu_pool(2)
    for state, value in ((before, old), (after, new)):
        inputs = cast("dict[str, object]", state["inputs"])
        inputs["nodePoolCyclingDetails"] = {**CYCLED, **details}
        first, _, last = path.partition(".")
        if last:
            inputs[first] = {**cast("dict[str, object]", inputs[first]), last: value}
        else:
            inputs[path] = value
    return states.step("update", before, after, detailedDiff={path: {"kind": "update"}})


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("initialNodeLabels", [], [{"key": "a", "value": "b"}]),
        ("nodeConfigDetails.nsgIds", ["a"], ["b"]),
        ("nodeConfigDetails.nodePoolPodNetworkOptionDetails", {"maxPodsPerNode": 64}, {"maxPodsPerNode": 96}),
    ],
)
def test_a_change_that_cycling_cannot_carry_is_named_with_the_way_to_do_it(
    path: str, old: object, new: object
) -> None:
    (danger,) = of(pool_change(path, old, new))
    assert danger.kind == "refused"
    assert f"OCI cannot renew existing nodes for {path}: set nodeCycling to false" in danger.sentence
    assert not of(pool_change(path, old, new, isNodeCyclingEnabled=False))


def test_another_place_deletes_the_nodes_there() -> None:
    old, new = [{"availabilityDomain": "a", "subnetId": "s"}], [{"availabilityDomain": "b", "subnetId": "s"}]
    (danger,) = of(pool_change("nodeConfigDetails.placementConfigs", old, new, isNodeCyclingEnabled=False))
    assert danger.kind == "drained"
    assert "deletes 2 nodes with 8 GPUs each and creates others in the new place" in danger.sentence


def test_a_capacity_reservation_alone_does_not_move_nodes() -> None:
    old = [{"availabilityDomain": "a", "subnetId": "s"}]
    new = [{**old[0], "capacityReservationId": "r"}]
    assert not of(pool_change("nodeConfigDetails.placementConfigs", old, new, isNodeCyclingEnabled=False))


def test_gpu_nodes_are_named_before_lost_data() -> None:
    pool = states.step("delete", states.gpu_pool(2))
    assert [
        each.kind
        for each in of(states.step("delete", states.state("oci:Psql/dbSystem:DbSystem", "db")), pool)
    ] == ["drained", "lost"]


def test_a_protected_gpu_pool_stops_the_change() -> None:
    (danger,) = of(states.step("delete", states.gpu_pool(2, protect=True)))
    assert danger.kind == "refused"
    assert "would be deleted, with its GPU nodes" in danger.sentence
    assert "the engine refuses" in danger.sentence
