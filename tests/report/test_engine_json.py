"""What the engine writes is read, and anything else is refused with the reason and the way out."""

import json
from typing import cast

import pytest
from pulumi.automation.events import OpType

from report.engine_json import (
    OPERATIONS,
    UnreadableError,
    digest_of,
    digest_of_events,
    export_of,
    other_stack,
)
from report.moments import new_outputs
from tests.report import states

URN = "urn:pulumi:dev::genai-playground::oci:Core/vcn:Vcn::net"
PRE = {
    "sequence": 1,
    "resourcePreEvent": {"metadata": {"op": "same", "urn": URN, "old": {"urn": URN}, "keys": ["a"]}},
}


def begun(operation: str) -> dict[str, object]:
    return {"sequence": 1, "resourcePreEvent": {"metadata": {"op": operation, "urn": URN}}}


END = {"sequence": 2, "summaryEvent": {"resourceChanges": {"same": 1}}}


def lines(*events: object) -> str:
    return "\n".join(map(json.dumps, events))


def export(*resources: object) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": resources}})


def test_the_operations_are_those_of_the_engine() -> None:
    """The SDK lists those that an event log has. Two more are steps of a preview (OpDiff, OpExtendParameterize)."""
    assert {each.value for each in OpType} == OPERATIONS - {"diff", "extend-parameterize"}


def test_an_event_log_has_the_form_of_a_preview() -> None:
    found = digest_of(lines(PRE, END))
    assert found["changeSummary"] == {"same": 1}
    assert found["steps"] == [
        {
            "op": "same",
            "urn": URN,
            "oldState": {"urn": URN},
            "newState": None,
            "detailedDiff": {},
            "replaceReasons": ["a"],
            "diffReasons": None,
        }
    ]


def test_the_step_of_the_stack_has_the_new_outputs_of_the_program() -> None:
    stack = {"urn": states.STACK, "type": "pulumi:pulumi:Stack"}
    begun = {**stack, "op": "same", "old": {**stack, "outputs": {"a": 1}}, "new": {**stack, "outputs": {}}}
    ended = {**begun, "new": {**stack, "outputs": {"a": 2}}}
    events = [
        {"sequence": 1, "resourcePreEvent": {"metadata": begun}},
        {"sequence": 2, "resOutputsEvent": {"metadata": begun}},
        {"sequence": 3, "resOutputsEvent": {"metadata": ended}},
    ]
    for done in (False, True):
        (step,) = cast("list[dict[str, object]]", digest_of_events(events, done=done)["steps"])
        assert new_outputs([step]) == {"a": 2}
    (step,) = cast("list[dict[str, object]]", digest_of_events(events[:1])["steps"])
    assert new_outputs([step]) == {}, "what was there before is not said of what will be"


def test_text_before_a_preview_is_skipped() -> None:
    found = digest_of('Previewing\n{"steps": [{"op": "create", "urn": "u"}], "changeSummary": {}}')
    assert found["steps"] == [{"op": "create", "urn": "u"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ('{"steps": [', "it is not whole JSON"),
        (lines(PRE, END)[:-5], "it is not whole JSON: line 2"),
        (lines(PRE), "it ends before the engine's summary"),
        (lines(PRE, {"op": "same"}, END), "line 2 is no event"),
        ('{"deployment": {}}', "it has no `steps`, so it is no preview"),
        (
            '{"steps": [{"operation": "create"}]}',
            r"steps\[0\] has no `op` or no `urn`: it is of another version",
        ),
        ('{"steps": [{"op": "frobnicate", "urn": "u"}]}', r"steps\[0\] has the unknown `op` 'frobnicate'"),
        (lines(begun("frobnicate"), END), r"steps\[0\] has the unknown `op` 'frobnicate'"),
        ('{"steps": {"op": "create"}}', "its `steps` is not a list"),
        ('{"steps": ' + "[" * 3000 + "]" * 3000 + "}", "it is not whole JSON"),
    ],
)
def test_a_preview_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        digest_of(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ('{"version": 3, "deployment": {', "it is not whole JSON"),
        ('{"steps": []}', "it has no `deployment`, so it is no export"),
        ('{"version": 3, "deployment": "x"}', "its `deployment` is not an object"),
        ('{"version": 3, "deployment": {"resources": "x"}}', "its `resources` is not a list"),
        ('{"version": 9, "deployment": {}}', "its version is 9; this command reads 3 or 4"),
        ('{"version": "3", "deployment": {}}', "its version is '3'; this command reads 3 or 4"),
        (export(None), r"resources\[0\] has no `urn`"),
        (export({"urn": URN}), r"resources\[0\] has no `type`"),
        (
            export({"urn": URN, "type": "t", "outputs": []}),
            r"the `outputs` of resources\[0\] are not an object",
        ),
    ],
)
def test_an_export_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        export_of(text)


@pytest.mark.parametrize(
    ("urn", "said"),
    [
        (URN, None),
        (URN.replace(":dev:", ":prod:"), "it is of the stack prod, and not of dev"),
        (URN.replace("genai-playground", "shop"), "it is of the program shop, and not of genai-playground"),
        ("net", "'net' is not the name of a resource of the engine"),
    ],
)
def test_resources_of_another_stack_or_program(urn: str, said: str | None) -> None:
    assert other_stack([urn], "dev", "genai-playground") == said
