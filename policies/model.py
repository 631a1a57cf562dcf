"""What a policy sees and says: resources as the engine registers them, policies, findings."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

Level = Literal["advisory", "mandatory", "disabled"]
Config = Mapping[str, object]

RELEASES = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")
"""Charts whose version and values the engine sees."""

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWN = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # a boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # a number
        UNKNOWN_TEXT,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # a list
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # an object
    }
)
"""What the engine writes for a value that it learns only after a creation (sdk/go/common/resource/plugin/rpc.go)."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One registered resource, with the provider's names for its inputs."""

    urn: str
    type: str
    inputs: Mapping[str, object]
    id: str = ""
    """Empty until the resource is created."""
    protect: bool = False
    outputs: Mapping[str, object] = field(default_factory=dict[str, object])
    """What the provider answered, as the engine shows it; empty before the creation."""
    dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """For each input, the URNs of the resources whose values it may contain. It may name too many."""

    @property
    def name(self) -> str:
        """The last part of the URN."""
        return self.urn.rpartition("::")[2]

    @property
    def stack(self) -> str:
        return self.urn.removeprefix("urn:pulumi:").partition("::")[0]


Judge = Callable[[Resource, Config], Iterator[str]]
JudgeStack = Callable[[Sequence[Resource], Config], Iterator[tuple[Resource, str]]]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy. `judge` sees one resource, before it is created. `judge_stack` sees all of them, at the end."""

    name: str
    description: str
    """What must be true. One sentence."""
    source: str
    """Why, and who says so."""
    level: Level = "mandatory"
    judge: Judge | None = None
    judge_stack: JudgeStack | None = None
    schema: Mapping[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])
    """The settings of the policy, as JSON schema. Each has a default."""

    @property
    def defaults(self) -> Config:
        """The settings that apply without a configuration."""
        return {name: each["default"] for name, each in self.schema.items()}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one policy says about one resource."""

    policy: str
    level: Level
    urn: str
    message: str


def texts(default: Sequence[str], description: str, pattern: str = "") -> Mapping[str, object]:
    """The JSON schema of a list of texts. `pattern`: what each must match."""
    return {
        "type": "array",
        "items": {"type": "string", **({"pattern": pattern} if pattern else {})},
        "default": [*default],
        "description": description,
    }


def listed(config: Config, name: str) -> tuple[str, ...]:
    """A setting that is a list of texts."""
    return tuple(str(each) for each in items(config[name]))


def known(value: object) -> bool:
    """Whether the value is already known. False in a preview, for what a creation decides."""
    return not (isinstance(value, str) and value in _UNKNOWN)


def mapping(value: object) -> Mapping[str, object]:
    """An object; empty for any other value."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """A list; empty for any other value."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()


def at(value: object, path: str) -> list[object]:
    """All values at a dotted path. A list counts as each of its items. Missing and empty values are left out."""
    found = [value]
    for part in path.split("."):
        inner = [mapping(each).get(part) for each in found]
        found = [one for each in inner for one in _each(each)]
        found = [each for each in found if each not in (None, "", {})]
    return found


def _each(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def walk(value: object, path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every object inside a value, with its path."""
    if isinstance(value, Mapping):
        here = mapping(cast("object", value))
        yield path, here
        for name, each in here.items():
            if isinstance(each, dict | list):
                yield from walk(cast("object", each), f"{path}.{name}" if path else name)
    else:
        for index, each in enumerate(items(value)):
            yield from walk(each, f"{path}[{index}]")


_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
"""What Go's strconv.ParseBool reads as true. The OCI provider and OKE's cloud controller parse switches with it."""


def means_true(value: object) -> bool:
    """Whether a field is on: the provider writes some of its switches as texts."""
    return value is True or (isinstance(value, str) and value in _TRUE)


_KUBERNETES = re.compile(
    r"kubernetes:(?:(?P<group>[^/:]+)/)?v[^/:]+:(?P<kind>\w+?)(?P<form>Patch|List)?", re.ASCII
)
"""A type of the Kubernetes provider. A CustomResource of the core group has no group; Patch and List are forms of a
kind (Pulumi's SDK for Kubernetes)."""


def kind_of(type_: str) -> str:
    """GROUP/KIND of a Kubernetes type, whatever its version and form, such as `core/Service`. Otherwise empty."""
    found = _KUBERNETES.fullmatch(type_)
    return f"{found['group'] or 'core'}/{found['kind']}" if found else ""


def objects(resource: Resource, *kinds: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The objects of some kinds (GROUP/KIND) that a resource declares, each with the path before its fields.

    A resource is one object, a patch of one, or a list.
    """
    if kind_of(resource.type) not in kinds:
        return
    if resource.type.endswith("List"):
        for index, each in enumerate(items(resource.inputs.get("items"))):
            yield f"items[{index}].", mapping(each)
    else:
        yield "", resource.inputs


def referred(
    resource: Resource, path: str, candidates: Sequence[Resource]
) -> tuple[Sequence[Resource], bool]:
    """The candidates that the values at a path name, and whether that is certain.

    A known value is an OCID. For an unknown one, the engine's dependencies may name too many candidates: they are
    certain only if they name one.
    """
    values = at(resource.inputs, path)
    if values and all(known(each) for each in values):
        return [each for each in candidates if each.id and each.id in values], True
    urns = resource.dependencies.get(path.partition(".")[0], ())
    found = [each for each in candidates if each.urn in urns]
    return found, len(found) == 1
