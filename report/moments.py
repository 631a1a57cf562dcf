"""The resources before and after a change, from the engine's steps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from report.changes import changes_of
from report.drift import DRIFT
from report.engine_json import is_of_a_refresh
from report.layers import in_order
from report.resources import STACK_TYPE, Resource, as_mapping, as_sequence, from_state, stack_outputs
from report.view import View

_GOING = ("delete", "delete-replaced")
_STAYING = ("same", "update")

Steps = Sequence[Mapping[str, object]]


def before_of(steps: Steps) -> dict[str, Resource]:
    """The resources that the steps begin with, by URN."""
    return _states(steps, "oldState")


def after_of(steps: Steps, before: Mapping[str, Resource]) -> dict[str, Resource]:
    """The resources after the change, by URN. The engine repeats neither the OCID nor the outputs of what stays."""
    gone = {str(each["urn"]) for each in steps if each.get("op") in _GOING}
    after = {urn: each for urn, each in before.items() if urn not in gone} | _states(steps, "newState")
    for step in steps:
        urn = str(step["urn"])
        if step.get("op") in _STAYING and urn in before and urn in after:
            outputs = before[urn].outputs if step["op"] == "same" else dict[str, object]()
            after[urn] = replace(
                after[urn], id=after[urn].id or before[urn].id, outputs=after[urn].outputs or outputs
            )
    return after


def new_outputs(steps: Steps) -> Mapping[str, object]:
    """The outputs of the stack after the change; empty if the steps do not say them, as in `preview --json`."""
    return stack_outputs(_states(steps, "newState", STACK_TYPE).values())


def with_drift(view: View, digest: Mapping[str, object]) -> View:
    """The view of a change with what a refresh found before it. Of a refresh alone, this is the change itself."""
    steps = [as_mapping(each) for each in as_sequence(digest.get(DRIFT))]
    if not steps or is_of_a_refresh(digest):
        return view
    gone = {str(each["urn"]) for each in steps if each.get("op") in _GOING}
    created = {each.resource.urn for each in view.changes or () if each.operation == "create"}
    now = [each for each in view.before or () if each.urn not in gone]
    then = {each.urn: each for each in now} | before_of(steps)
    found = replace(
        view,
        before=in_order(then.values()),
        after=now,
        changes=changes_of({"steps": steps}),
        outside=True,
    )
    # A state may still have what is gone.
    after = [each for each in view.after if each.urn not in gone or each.urn in created]
    return replace(view, before=now, after=after, found=found)


def _states(steps: Steps, which: str, token: str | None = None) -> dict[str, Resource]:
    """One state of each step, by URN. `token`: only of this type."""
    states = [as_mapping(each.get(which)) for each in steps]
    kept = [each for each in states if each and token in (None, each.get("type"))]
    return {resource.urn: resource for resource in map(from_state, kept)}
