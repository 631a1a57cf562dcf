"""What a refresh found outside the stack: from the engine's events to the report.

The forms of the events were recorded with `sandbox refresh --event-log`, `refresh --run-program`, `refresh --json` and
`up --refresh` of a stack whose bucket, pool and cache had been changed by hand.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from report.changes import changes_of
from report.danger import dangers_of
from report.engine_json import digest_of, digest_of_events, is_of_a_refresh
from report.resources import as_mapping, as_sequence
from tests.report import states
from tests.report.pages import page_of

BUCKET = "genai:index:Bucket$oci:ObjectStorage/bucket:Bucket"
OPEN = states.state(BUCKET, "models", {"versioning": "Enabled"}, protect=True)
SHUT = states.state(BUCKET, "models", {"versioning": "Disabled"}, protect=True)
LOST = states.state(BUCKET, "uploads", {"versioning": "Enabled"}, protect=True, retainOnDelete=True)
SAME = states.cluster()
DIFF = {"versioning": {"diffKind": "update", "inputDiff": True}}

Event = dict[str, Any]


def event(kind: str, op: str, old: states.State, new: states.State | None, **more: object) -> Event:
    return {"sequence": 1, kind: {"metadata": {"op": op, "urn": old["urn"], "old": old, "new": new, **more}}}


def begun(op: str, old: states.State, new: states.State | None = None, **more: object) -> Event:
    return event("resourcePreEvent", op, old, new, **more)


def ended(op: str, old: states.State, new: states.State | None = None, **more: object) -> Event:
    return event("resOutputsEvent", op, old, new, **more)


READ = [begun("refresh", each) for each in (SAME, OPEN, LOST)]
REFRESHED = [
    *READ,
    ended("same", SAME, SAME),
    ended("update", OPEN, SHUT, detailedDiff=DIFF),
    ended("delete", LOST),
]
END = {"sequence": 9, "summaryEvent": {"resourceChanges": {"same": 1}, "result": "succeeded"}}


def operations(digest: object) -> list[tuple[str, str, bool]]:
    return [(each.operation, each.resource.name, each.outside) for each in changes_of(as_mapping(digest))]


FOUND = [("delete", "uploads", True), ("update", "models", True)]


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("then", [[], [begun("same", OPEN, OPEN), ended("same", OPEN, OPEN)]])
def test_what_a_refresh_found_is_read_from_the_end_of_each_step(done: bool, then: list[Event]) -> None:
    """With --run-program, the program's own steps follow, and say that all is the same."""
    digest = digest_of_events([*REFRESHED, *then], done=done)
    assert operations(digest) == FOUND
    assert is_of_a_refresh(digest)
    assert len(as_sequence(digest["steps"])) == 3


FIRST = [
    *READ,
    ended("refresh", SAME, SAME),
    ended("refresh", OPEN, SHUT, detailedDiff=DIFF),
    ended("refresh", LOST),
]
SETS_BACK = [
    begun("same", SAME, SAME),
    begun("update", SHUT, OPEN, detailedDiff=DIFF),
    ended("same", SAME, SAME),
    ended("update", SHUT, OPEN, detailedDiff=DIFF),
]


def drifted(digest: Mapping[str, object]) -> list[tuple[str, str, bool]]:
    return operations({"steps": digest["drift"]})


@pytest.mark.parametrize("done", [False, True])
def test_an_update_that_refreshes_first_shows_its_own_steps_and_what_was_found(done: bool) -> None:
    digest = digest_of_events([*FIRST, *SETS_BACK], done=done)
    assert operations(digest) == [("update", "models", False)]
    assert drifted(digest) == FOUND
    assert not is_of_a_refresh(digest)


def test_a_refresh_alone_lists_what_it_found_once() -> None:
    assert "Found by the refresh" not in shown(FIRST)


def test_what_a_refresh_found_before_an_update_is_on_its_page() -> None:
    created = begun("create", LOST, LOST)
    created["resourcePreEvent"]["metadata"]["old"] = None
    text = shown([*FIRST, *SETS_BACK, created], done=False)
    found, _, own = text.partition("\nChanges\n")
    assert text.startswith("FOUND BY THE REFRESH: DANGER: 1 lost, 1 unprotected\n")
    assert "uploads (bucket)" in found.partition("Deleted outside the stack")[2]
    assert "versioning: Enabled → Disabled" in found.partition("Changed outside the stack")[2]
    assert "deleted; you lose its objects" in found.partition("Found by the refresh: data at risk")[2]
    assert "versioning: Disabled → Enabled" in own
    assert "uploads (bucket)" in own.partition("To create")[2]
    assert "Found by the refresh" not in shown(SETS_BACK, done=False)


def test_the_cost_of_what_was_found_and_of_setting_it_back_are_apart() -> None:
    old, new = states.gpu_pool(1), states.gpu_pool(3)
    diff = {"nodeConfigDetails.size": {"diffKind": "update"}}
    events = [
        begun("refresh", old),
        ended("refresh", old, new, detailedDiff=diff),
        begun("update", new, old, detailedDiff=diff),
    ]
    found, _, own = shown(events, done=False).partition("\nChanges\n")
    assert "+70,124 USD" in found.partition("Found by the refresh: cost")[2]
    assert "-70,124 USD by this change" in own


def listed(op: str, old: states.State, new: states.State | None = None) -> dict[str, object]:
    return {"op": op, "urn": old["urn"], "oldState": old, "newState": new}


def test_the_json_of_a_refresh_is_read_as_one() -> None:
    steps = [listed("refresh", SAME, SAME), listed("update", OPEN, SHUT), listed("delete", LOST)]
    digest = digest_of(json.dumps({"steps": steps}))
    assert (operations(digest), is_of_a_refresh(digest)) == (FOUND, True)

    own = [listed("refresh", each, each) for each in (SAME, SHUT)] + [listed("update", SHUT, OPEN)]
    digest = digest_of(json.dumps({"steps": own}))
    assert operations(digest) == [("update", "models", False)]
    assert digest["drift"] == []
    assert [as_mapping(each)["op"] for each in as_sequence(digest["steps"])] == ["update", "same"]


def test_the_json_of_a_preview_that_refreshes_first_says_what_was_found() -> None:
    """The step `refresh` has the state before it was read; the engine's own begins with what was read."""
    nested = states.state(BUCKET, "nested", {"rules": [{"a.b": "1"}, "2"], "tags": {"x": "1"}, "kept": "1"})
    inputs = {"rules": [{"a.b": "2"}, "2"], "tags": {"x": "1", "y": "1"}, "kept": "1"}
    changed = states.state(BUCKET, "nested", inputs)
    steps = [listed("refresh", each, each) for each in (SAME, OPEN, LOST, nested)]
    steps += [listed("same", SAME, SAME), listed("update", SHUT, OPEN), listed("update", changed, nested)]
    steps.append({**listed("create", LOST, LOST), "oldState": None})
    digest = digest_of(json.dumps({"steps": steps}))
    assert drifted(digest) == [*FOUND, ("update", "nested", True)]
    assert changes_of({"steps": digest["drift"]})[-1].properties == ('rules[0]["a.b"]', "tags.y")


def shown(events: list[Event], *, done: bool = True) -> str:
    return page_of(digest_of_events(events, done=done), done=done)


def test_the_page_says_what_drifted_and_what_it_means() -> None:
    text = shown(REFRESHED)
    assert "uploads (bucket)" in text.partition("Deleted outside the stack")[2]
    assert "versioning: Enabled → Disabled" in text.partition("Changed outside the stack")[2]
    assert "The state now says so." in text
    assert "DANGER: 1 lost, 1 unprotected" in text
    assert "the engine refuses" not in text, "`protect` stops the engine, and nobody else"
    assert "stays in the cloud" not in text, "`retainOnDelete` too"
    assert "The state does not say so yet" in shown(REFRESHED, done=False)


def test_a_pool_that_grew_outside_costs_more() -> None:
    old, new = states.gpu_pool(1), states.gpu_pool(3)
    text = shown([begun("refresh", old), ended("update", old, new, diffs=["nodeConfigDetails"])])
    assert "+70,124 USD" in text


def test_nothing_that_drifted_is_one_line() -> None:
    text = shown([begun("refresh", SAME), ended("same", SAME, SAME)])
    assert text.split() == ["Changes", "Nothing", "changed", "outside", "the", "stack."]


@pytest.mark.parametrize(
    ("nodes", "path", "said"),
    [
        ({"size": 1}, "nodeConfigDetails.size", ["deletes 1 of 2 nodes"]),
        ({"size": 2, "placementConfigs": [{"subnetId": "b"}]}, "nodeConfigDetails.placementConfigs", []),
    ],
)
def test_of_nodes_that_changed_outside_only_those_that_are_gone_are_named(
    nodes: dict[str, object], path: str, said: list[str]
) -> None:
    """What OKE does with the others, it has begun or refused already."""
    pool = "genai:index:GpuPool$oci:ContainerEngine/nodePool:NodePool"
    old, new = (
        states.state(pool, "pool", {"nodeConfigDetails": each})
        for each in ({"size": 2, "placementConfigs": [{"subnetId": "a"}]}, nodes)
    )
    diff = {path: {"diffKind": "update"}}
    digest = digest_of_events([begun("refresh", old), ended("update", old, new, detailedDiff=diff)])
    assert [each.what.partition(";")[0] for each in dangers_of(changes_of(digest))] == said


def test_a_value_that_only_the_cloud_sets_is_shown_too_and_of_a_long_list_the_first_entry() -> None:
    old = states.state(BUCKET, "models", {"rules": ["a"] * 12}, outputs={"etag": "one"})
    new = states.state(BUCKET, "models", {"rules": ["b"]}, outputs={"etag": "two"})
    paths = ["etag", *(f"rules[{index}]" for index in range(12))]
    diff = {path: {"diffKind": "update"} for path in paths}
    digest = digest_of_events([begun("refresh", old), ended("update", old, new, detailedDiff=diff)])
    (change,) = changes_of(digest)
    assert change.values == ("etag: one → two", "rules[0]: a → b, and 11 more of rules")
