"""What a program registered, without an engine: resources with their inputs and options, and the stack's outputs."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FormerPlace:
    """An alias: a former URN, or what of name, type and parent was another. Empty text: as now."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False


@dataclass(frozen=True)
class Timeouts:
    """Custom timeouts as written, e.g. `30m`; empty where none is set."""

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
    """Inputs that are secret, or hold a secret."""

    outputs: dict[str, Any] | None = None
    """A custom resource's state; what a component registered as its outputs, or None if it has not."""

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
    """URNs it waits for, those of its inputs included."""

    custom_timeouts: Timeouts = Timeouts()
    import_id: str = ""
    hooks: tuple[str, ...] = ()
    """Names of the hooks that the engine calls after it created or updated the resource."""


@dataclass
class Recording:
    """What a run of a program registered and exported."""

    resources: list[Registered] = field(default_factory=list[Registered])
    exports: dict[str, Any] = field(default_factory=dict[str, Any])
