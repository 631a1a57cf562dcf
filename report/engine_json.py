"""Reads what the engine writes: `preview --json`, the file of `preview --event-log`, and `stack export`.

Sources: the engine's pkg/backend/display/json.go (previews), sdk/go/common/apitype/events.go (events) and
apitype/core.go (exports, whose deployments have a version).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from facts.json_text import read_json
from report.drift import DRIFT, OUTSIDE, REFRESH, drift_of_events, drift_of_steps, found_by_a_refresh
from report.resources import STACK_TYPE, as_mapping, as_sequence

DEPLOYMENT_VERSIONS = (3, 4)
"""Versions of a deployment that this reader knows. Source: apitype.DeploymentSchemaVersionCurrent and its features."""

OPERATIONS = frozenset(
    {
        *("same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced", "import"),
        *(
            "import-replacement",
            "read",
            "read-replacement",
            "discard",
            "discard-replaced",
            "remove-pending-replace",
        ),
        *(REFRESH, "diff", "extend-parameterize"),
    }
)
"""The operations of a step. Source: StepOp in the engine's pkg/resource/deploy/step.go, 3.259.0."""

_EVENTS_END = ("summaryEvent", "cancelEvent")
_COMMAND = "Write it again with `preview --json`, `preview --event-log FILE`, or `stack export`"


class UnreadableError(Exception):
    """The text is not what the engine writes; the message says what it is and what it must be."""


def digest_of(text: str) -> Mapping[str, object]:
    """A preview in the form of `preview --json`, from that or from an event log. Raises UnreadableError.

    The engine may print text before the JSON.
    """
    body = text[max(text.find("{"), 0) :]
    if not body.strip():
        raise UnreadableError(f"it is empty: the engine wrote nothing. {_COMMAND}")
    try:
        found = as_mapping(read_json(body))
    except ValueError as error:
        found = _from_events(body, error)
    if "sequence" in found:
        found = _from_events(body, ValueError("one event"))
    # The engine leaves out what is empty: a preview that failed at once has only diagnostics.
    if not {"steps", "changeSummary", "diagnostics"} & found.keys():
        raise UnreadableError(f"it has no `steps`, so it is no preview. {_COMMAND}")
    _require_list(found, "steps")
    for index, step in enumerate(as_sequence(found.get("steps"))):
        if not as_mapping(step).get("op") or not as_mapping(step).get("urn"):
            raise UnreadableError(
                f"steps[{index}] has no `op` or no `urn`: it is of another version. {_COMMAND}"
            )
        if as_mapping(step)["op"] not in OPERATIONS:
            raise UnreadableError(
                f"steps[{index}] has the unknown `op` {as_mapping(step)['op']!r}: it is of another version. {_COMMAND}"
            )
    steps = [as_mapping(each) for each in as_sequence(found.get("steps"))]
    return {DRIFT: _outside(drift_of_steps(steps)), **found, "steps": _of_a_refresh(steps)}


def export_of(text: str) -> Mapping[str, object]:
    """The output of `stack export`. Raises UnreadableError."""
    if not text.strip():
        raise UnreadableError(f"it is empty: the engine wrote nothing. {_COMMAND}")
    try:
        found = as_mapping(read_json(text[max(text.find("{"), 0) :]))
    except ValueError as error:
        raise UnreadableError(f"it is not whole JSON: {error}. {_COMMAND}") from error
    if "deployment" not in found:
        raise UnreadableError(f"it has no `deployment`, so it is no export. {_COMMAND}")
    if found.get("version") not in DEPLOYMENT_VERSIONS:
        known = " or ".join(map(str, DEPLOYMENT_VERSIONS))
        raise UnreadableError(
            f"its version is {found.get('version')!r}; this command reads {known}. {_COMMAND}"
        )
    deployment = found["deployment"]
    if deployment != as_mapping(deployment):
        raise UnreadableError(f"its `deployment` is not an object: it is of another version. {_COMMAND}")
    _require_list(as_mapping(deployment), "resources")
    for index, resource in enumerate(as_sequence(as_mapping(deployment).get("resources"))):
        _require_resource(index, as_mapping(resource))
    return found


def _require_resource(index: int, resource: Mapping[str, object]) -> None:
    """Raises UnreadableError for what would be read as a resource of no kind, or as one without values."""
    for key in ("urn", "type"):
        if not isinstance(resource.get(key), str):
            raise UnreadableError(f"resources[{index}] has no `{key}`: it is of another version. {_COMMAND}")
    for key in ("inputs", "outputs"):
        if resource.get(key) is not None and not isinstance(resource[key], Mapping):
            raise UnreadableError(
                f"the `{key}` of resources[{index}] are not an object: it is of another version. {_COMMAND}"
            )


def _require_list(found: Mapping[str, object], key: str) -> None:
    """Raises UnreadableError: something else than a list would be read as an empty one. The engine leaves out an empty
    list."""
    if found.get(key) is not None and not isinstance(found[key], list):
        raise UnreadableError(f"its `{key}` is not a list: it is of another version. {_COMMAND}")


def errors_of(digest: Mapping[str, object]) -> list[str]:
    """The errors of a failed preview. Without any, the preview is whole."""
    said = map(as_mapping, as_sequence(digest.get("diagnostics")))
    return [str(each.get("message", "")).strip() for each in said if each.get("severity") == "error"]


def dependencies_of(digest: Mapping[str, object]) -> dict[str, dict[str, list[str]]]:
    """URN -> input -> URNs of the resources that its value depends on. Empty for an event log, which does not have
    them."""
    found: dict[str, dict[str, list[str]]] = {}
    for step in map(as_mapping, as_sequence(digest.get("steps"))):
        told = as_mapping(step.get("newState")).get("propertyDependencies")
        if told is not None:
            named = as_mapping(told).items()
            found[str(step["urn"])] = {name: [*map(str, as_sequence(urns))] for name, urns in named}
    return found


def other_stack(urns: Iterable[str], stack: str, project: str | None) -> str | None:
    """What is wrong if resources belong to another stack or to another program; None if nothing is."""
    for urn in urns:
        parts = urn.split("::")
        named = parts[0].removeprefix("urn:pulumi:")
        if not urn.startswith("urn:pulumi:") or len(parts) < 4:
            return f"{urn!r} is not the name of a resource of the engine"
        if named != stack:
            return f"it is of the stack {named}, and not of {stack}"
        if project is not None and parts[1] != project:
            return f"it is of the program {parts[1]}, and not of {project}"
    return None


def step_of_event(metadata: Mapping[str, object]) -> dict[str, object]:
    """A step of an event in the form of `preview --json`."""
    detailed = as_mapping(metadata.get("detailedDiff"))
    return {
        "op": metadata.get("op"),
        "urn": metadata.get("urn"),
        "oldState": metadata.get("old"),
        "newState": metadata.get("new"),
        "detailedDiff": {path: {"kind": as_mapping(diff).get("diffKind")} for path, diff in detailed.items()},
        "replaceReasons": metadata.get("keys"),
        "diffReasons": metadata.get("diffs"),
    }


def _from_events(text: str, not_one_object: ValueError) -> Mapping[str, object]:
    """A digest of an event log, which has one JSON object in each line."""
    events = [*_events(text, not_one_object)]
    last = events[-1]
    if not any(each in last for each in _EVENTS_END) and not any("summaryEvent" in each for each in events):
        raise UnreadableError(f"it ends before the engine's summary, so a part is missing. {_COMMAND}")
    return digest_of_events(events)


def digest_of_events(events: Iterable[Mapping[str, object]], *, done: bool = False) -> Mapping[str, object]:
    """A digest of the last pass of these events. An `up` without --skip-preview has two: the preview comes first.

    `done`: only the steps that the engine finished, with what the provider answered.
    """
    last: list[Mapping[str, object]] = []
    for event in events:
        last = [] if "preludeEvent" in event else last
        last.append(event)
    begun = [each for event in last if (each := _metadata(event, "resourcePreEvent"))]
    ended = [each for event in last if (each := _metadata(event, "resOutputsEvent"))]
    found, drift = found_by_a_refresh(begun, ended), drift_of_events(begun, ended)
    begun = [each for each in begun if each["op"] != REFRESH and each["urn"] not in found]
    if done:
        by_key = {(each["urn"], each["op"]): each for each in ended}
        keys = [(each["urn"], each["op"]) for each in begun]
        begun = [
            {**each, "new": by_key[key].get("new") or each.get("new")}
            for each, key in zip(begun, keys, strict=True)
            if key in by_key
        ]
    else:
        begun = [_with_outputs(each, ended) if each.get("type") == STACK_TYPE else each for each in begun]
    if begun:
        # The drift says it: the engine has nothing to do about it.
        found = {urn: each for urn, each in found.items() if each["op"] != "delete"}
    summary: Sequence[object] = [each["summaryEvent"] for each in last if "summaryEvent" in each]
    prelude = as_mapping(next(iter(last), dict[str, object]()).get("preludeEvent"))
    return {
        "config": prelude.get("config"),
        "steps": [
            *(step_of_event(each) for each in begun),
            *_outside(map(step_of_event, found.values())),
        ],
        DRIFT: _outside(map(step_of_event, drift)),
        "changeSummary": as_mapping(summary[-1] if summary else {}).get("resourceChanges"),
        "diagnostics": [each["diagnosticEvent"] for each in last if "diagnosticEvent" in each],
    }


def _outside(steps: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return [{**each, OUTSIDE: True} for each in steps]


def is_of_a_refresh(digest: Mapping[str, object]) -> bool:
    """Whether a digest says what changed outside the stack, and not what the engine changes."""
    steps = [as_mapping(each) for each in as_sequence(digest.get("steps"))]
    return bool(steps) and all(each.get(OUTSIDE) for each in steps)


def _of_a_refresh(steps: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, object]]:
    """The steps of `refresh --json`, marked as such; those of any other preview without what it only reads."""
    read = {each["urn"] for each in steps if each["op"] == REFRESH}
    own = [each for each in steps if each["op"] != REFRESH]
    # `preview --refresh --json` lists a resource twice: as read, and with its own step.
    both = read & {each["urn"] for each in own}
    same = [{**each, "op": "same"} for each in steps if each["op"] == REFRESH and each["urn"] not in both]
    return [{**each, OUTSIDE: True} for each in (*own, *same)] if read and not both else [*own, *same]


def _with_outputs(stack: Mapping[str, object], ended: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """The step of the stack with the outputs that its program set, which it does after all resources."""
    found = [each for each in ended if each["urn"] == stack["urn"]]
    return {**stack, "new": found[-1].get("new") or stack.get("new")} if found else stack


def _metadata(event: Mapping[str, object], kind: str) -> Mapping[str, object]:
    return as_mapping(as_mapping(event.get(kind)).get("metadata"))


def _events(text: str, not_one_object: ValueError) -> Iterator[Mapping[str, object]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found: object = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = not_one_object if number == 1 else error
            raise UnreadableError(f"it is not whole JSON: line {number}: {reason}. {_COMMAND}") from error
        if "sequence" not in as_mapping(found):
            raise UnreadableError(f"line {number} is no event of the engine. {_COMMAND}")
        yield as_mapping(found)
