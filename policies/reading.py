"""Reads the resources from what the engine writes: a preview, its event log, or a stack's state."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from policies.model import UNKNOWN_TEXT, Resource, items, mapping

_GOING = frozenset({"delete", "delete-replaced", "remove-pending-replace", "discard", "discard-replaced"})

_ENVELOPE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
"""The key of what is not a plain value, and its value for secrets (sdk/go/common/resource/sig). `stack export
--show-secrets` has the plain text in it."""

_HIDDEN = "[secret]"
"""What a preview writes for a secret."""


class UnreadableError(Exception):
    """The input is not the engine's JSON; the text says what it must be."""


def read(text: str) -> list[Resource]:
    """The resources after the change, or of the state. Raises UnreadableError.

    Reads the output of `preview --json` and of `stack export`, and the file of `preview --event-log`.
    """
    found = {each.urn: each for each in map(_resource, _states(text)) if each.urn}
    return [*found.values()]


def parsed(text: str) -> object:
    """The value of a JSON text. Raises ValueError, also for more levels than Python's parser reads."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("too many objects or lists inside each other") from None


def _states(text: str) -> Iterator[Mapping[str, object]]:
    try:
        document = mapping(parsed(text))
    except ValueError:
        yield from _of_events(text)
        return
    if "steps" in document:
        yield from _of_steps(map(mapping, items(document["steps"])), "newState")
    elif "deployment" in document:
        for each in map(mapping, items(mapping(document["deployment"]).get("resources"))):
            if not each.get("delete"):
                yield each
    elif "sequence" in document:
        yield from _of_events(text)
    else:
        raise UnreadableError(
            "it has neither `steps` nor `deployment`. Give the output of `preview --json` or of `stack export`, or the "
            "file of `preview --event-log`"
        )


def _of_events(text: str) -> Iterator[Mapping[str, object]]:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        events = [mapping(parsed(line)) for line in lines]
    except ValueError as error:
        raise UnreadableError(f"it is not JSON: {error}") from error
    if not events:
        raise UnreadableError("it is empty: the engine wrote nothing")
    before = (mapping(mapping(each.get("resourcePreEvent")).get("metadata")) for each in events)
    yield from _of_steps((each for each in before if each), "new")


def _of_steps(steps: Iterable[Mapping[str, object]], state: str) -> Iterator[Mapping[str, object]]:
    for step in steps:
        if step.get("op") not in _GOING and step.get(state):
            yield mapping(step[state])


def _resource(state: Mapping[str, object]) -> Resource:
    dependencies = mapping(state.get("propertyDependencies"))
    return Resource(
        urn=str(state.get("urn") or ""),
        type=str(state.get("type") or ""),
        inputs=mapping(_shown(state.get("inputs"))),
        id=str(state.get("id") or ""),
        protect=state.get("protect") is True,
        outputs=mapping(state.get("outputs")),
        dependencies={name: cast("list[str]", urns or []) for name, urns in dependencies.items()},
    )


def _shown(value: object) -> object:
    """A value without the engine's envelopes of secrets. One that cannot be read counts as not known yet."""
    if isinstance(value, Mapping):
        inner = mapping(cast("object", value))
        if inner.get(_ENVELOPE) == _SECRET:
            plain = inner.get("plaintext")
            return _plain(plain) if isinstance(plain, str) else UNKNOWN_TEXT
        return {name: _shown(each) for name, each in inner.items()}
    if isinstance(value, list):
        return [_shown(each) for each in items(cast("object", value))]
    return UNKNOWN_TEXT if value == _HIDDEN else value


def _plain(text: str) -> object:
    try:
        return _shown(parsed(text))
    except ValueError:
        return UNKNOWN_TEXT
