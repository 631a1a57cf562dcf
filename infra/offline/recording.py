"""The recording of a run without an engine: resources with their inputs and options, and the stack outputs."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FormerPlace:
    """An alias: a former URN, or the former name, type and parent. Empty text means unchanged."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False


@dataclass(frozen=True)
class Timeouts:
    """Custom timeouts as written, e.g. `30m`; empty if not set."""

    create: str = ""
    update: str = ""
    delete: str = ""


@dataclass(kw_only=True)
class Registered:
    """One resource that the program registered. Inputs and outputs have the engine's camelCase names."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    secrets: frozenset[str] = frozenset()
    """Names of the inputs that are or contain a secret."""

    outputs: dict[str, Any] | None = None
    """The state of a custom resource, or the outputs that a component registered; None before that."""

    id: str = ""
    provider: str = ""
    """URN and id of the provider; empty for the default provider."""

    protect: bool | None = None
    retain_on_delete: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[FormerPlace, ...] = ()
    depends_on: tuple[str, ...] = ()
    """URNs of its dependencies, including those of its inputs."""

    custom_timeouts: Timeouts = Timeouts()
    import_id: str = ""
    hooks: tuple[str, ...] = ()
    """Names of the hooks that the engine calls after it has created or updated the resource."""


@dataclass
class Recording:
    """What a run of a program registered and exported."""

    resources: list[Registered] = field(default_factory=list[Registered])
    exports: dict[str, Any] = field(default_factory=dict[str, Any])
