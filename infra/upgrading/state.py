"""The resources of an exported state (`pulumi stack export`), and the stack that they belong to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from facts.json_text import read_json
from facts.problem import InvalidInput, Problem
from infra.settings.reading.prefixes import PROJECT

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The engine's mark of secrets, assets and other special values."""


@dataclass(frozen=True, kw_only=True)
class OldResource:
    """One resource of the state."""

    urn: str
    type: str
    id: str
    custom: bool
    inputs: Mapping[str, object]
    outputs: Mapping[str, object]
    depends: Mapping[str, Sequence[str]]
    """URNs that an input depends on, by input."""

    kept: bool
    """Whether the resource stays in the cloud when it leaves the stack (`retainOnDelete`)."""


@dataclass(frozen=True, kw_only=True)
class OldState:
    """The state of one stack."""

    stack: str
    resources: Mapping[str, OldResource]


def read_state(text: str, name: str) -> OldState:
    """The state in the text of an export. `name`: the file, for errors. Raises InvalidInput."""
    try:
        content = read_json(text)
    except ValueError:
        raise _no_state(name, "must be the JSON of `pulumi stack export`") from None
    rows = _rows(content)
    if rows is None:
        raise _no_state(name, "must be the JSON of `pulumi stack export`, with `deployment`")
    found = {each.urn: each for each in rows}
    if not found:
        raise _no_state(name, "must contain resources: this state is empty")
    stack, project = (
        next(iter(found)).split("::")[0].removeprefix("urn:pulumi:"),
        next(iter(found)).split("::")[1],
    )
    if project != PROJECT:
        fix = 'Preview your own program on the sandbox: docs/environments.md, "Programs of your own"'
        raise InvalidInput(
            [Problem("--check", project, f"must be the state of project {PROJECT}", fix)], name
        )
    return OldState(stack=stack, resources=found)


def _no_state(name: str, allowed: str) -> InvalidInput:
    return InvalidInput([Problem("--check", name, allowed)], "the command")


def _rows(content: object) -> list[OldResource] | None:
    deployment = _mapping(content).get("deployment")
    rows = _mapping(deployment).get("resources", [])
    if not isinstance(deployment, Mapping) or not isinstance(rows, list):
        return None
    return list(_resources(cast(Sequence[object], rows)))


def _resources(rows: Sequence[object]) -> Iterator[OldResource]:
    for each in rows:
        row = _mapping(each)
        urn = row.get("urn")
        if (
            isinstance(urn, str)
            and urn.count("::") >= 3
            and not row.get("delete")
            and not row.get("external")
        ):
            yield OldResource(
                urn=urn,
                type=str(row.get("type")),
                id=str(row.get("id") or ""),
                custom=bool(row.get("custom")),
                inputs=_mapping(row.get("inputs")),
                outputs=_mapping(row.get("outputs")),
                depends={
                    key: _texts(value) for key, value in _mapping(row.get("propertyDependencies")).items()
                },
                kept=bool(row.get("retainOnDelete")),
            )


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}


def _texts(value: object) -> Sequence[str]:
    """A list of texts. The engine writes an empty one as null."""
    items = cast(list[object], value) if isinstance(value, list) else []
    return [each for each in items if isinstance(each, str)]


def is_special(value: object) -> bool:
    """Whether a value is a secret or another special value of the engine, whose content is not readable."""
    return isinstance(value, Mapping) and _SIGNATURE in value


def readable(values: Mapping[str, object]) -> dict[str, object]:
    """The values without those that contain a secret."""
    return {key: value for key, value in values.items() if not _has_special(value)}


def _has_special(value: object) -> bool:
    if is_special(value):
        return True
    if isinstance(value, Mapping):
        return any(_has_special(each) for each in cast(Mapping[str, object], value).values())
    return isinstance(value, list) and any(_has_special(each) for each in cast(list[object], value))
