"""Resources for reports, read from the engine's output or from the recording of an in-process run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Protocol, cast

STACK_TYPE = "pulumi:pulumi:Stack"
SECRET = "[secret]"  # noqa: S105  the engine prints this instead of a secret

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  a constant of the engine's wire format
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class Unknown:
    """The type of UNKNOWN, the value that a preview cannot know yet."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource with plain values: a secret is SECRET, and a value that is not known yet is UNKNOWN."""

    urn: str
    type: str
    name: str
    parent: str | None = None
    """URN of the parent."""
    id: str | None = None
    inputs: Mapping[str, object]
    outputs: Mapping[str, object]
    custom: bool = True
    """False for components and the stack, which do not exist in the cloud."""
    protect: bool = False

    @property
    def is_provider(self) -> bool:
        return self.type.startswith("pulumi:providers:")


class Recorded(Protocol):
    """What an in-process run records of one registration."""

    @property
    def urn(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def inputs(self) -> Mapping[str, object]: ...


def from_export(export: Mapping[str, object]) -> list[Resource]:
    """The resources of `pulumi stack export`, except those that are pending deletion in the state."""
    deployment = as_mapping(export.get("deployment"))
    states = [as_mapping(entry) for entry in as_sequence(deployment.get("resources"))]
    return [from_state(state) for state in states if not state.get("delete")]


def from_recording(recorded: Iterable[Recorded]) -> list[Resource]:
    """The resources of an in-process run. If the recording has no `custom`, the token shows which are components."""
    return [
        Resource(
            urn=entry.urn,
            type=entry.type,
            name=entry.name,
            parent=cast("str | None", getattr(entry, "parent", None)) or None,
            id=cast("str | None", getattr(entry, "id", None)) or None,
            inputs=as_mapping(plain(entry.inputs)),
            outputs=as_mapping(plain(cast("object", getattr(entry, "outputs", None)) or entry.inputs)),
            custom=bool(cast("object", getattr(entry, "custom", not is_component(entry.type)))),
            protect=bool(cast("object", getattr(entry, "protect", False))),
        )
        for entry in recorded
    ]


def from_state(state: Mapping[str, object]) -> Resource:
    """One resource in the form of state files and previews."""
    urn = str(state.get("urn", ""))
    return Resource(
        urn=urn,
        type=str(state.get("type") or type_of(urn)),
        name=name_of(urn),
        parent=cast("str | None", state.get("parent")) or None,
        id=cast("str | None", state.get("id")) or None,
        inputs=as_mapping(plain(state.get("inputs"))),
        outputs=as_mapping(plain(state.get("outputs"))),
        custom=bool(state.get("custom")),
        protect=bool(state.get("protect")),
    )


def is_component(token: str) -> bool:
    """Whether a type is a component of this toolkit, or the stack itself."""
    return token == STACK_TYPE or token.startswith("genai:")


def name_of(urn: str) -> str:
    return urn.split("::", 3)[-1]


def type_of(urn: str) -> str:
    """The resource's own type: the last type in the URN."""
    parts = urn.split("::", 3)
    return parts[2].rsplit("$", 1)[-1] if len(parts) == 4 else ""


def type_chain(urn: str) -> tuple[str, ...]:
    """The types of the parents below the stack, outermost first, then the resource's own type."""
    parts = urn.split("::", 3)
    return tuple(parts[2].split("$")) if len(parts) == 4 else ()


def stack_outputs(resources: Iterable[Resource]) -> Mapping[str, object]:
    """The outputs of the stack; empty if the stack's own resource is not among these."""
    for resource in resources:
        if resource.type == STACK_TYPE:
            return resource.outputs
    return {}


def plain(value: object) -> object:
    """A value of a state or of a preview, with SECRET for secrets and UNKNOWN for unknown values."""
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWNS else value
    if isinstance(value, dict | Mapping):
        mapping = cast("Mapping[str, object]", value)
        if mapping.get(_SIGNATURE) == _SECRET_SIGNATURE:
            return SECRET
        return {str(key): plain(entry) for key, entry in mapping.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(entry) for entry in cast("Sequence[object]", value)]
    return value


def holds_unknown(value: object) -> bool:
    """Whether a value is UNKNOWN or contains it at any depth."""
    parts = (*as_mapping(value).values(), *as_sequence(value))
    return value is UNKNOWN or any(holds_unknown(part) for part in parts)


def as_mapping(value: object) -> Mapping[str, object]:
    """The value if it is a mapping, otherwise an empty mapping."""
    # Asked first, because it is quick, and nearly all mappings are dictionaries.
    if isinstance(value, dict):
        return cast("Mapping[str, object]", value)
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def as_sequence(value: object) -> Sequence[object]:
    """The value if it is a list or tuple, otherwise an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()


def as_number(value: object) -> float | None:
    """A finite number, also one that OCI writes as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None
