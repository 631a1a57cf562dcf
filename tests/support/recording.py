"""What a program registered, in a form that tests can ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Timeouts:
    """Custom timeouts as written, e.g. `30m`; empty where none is set."""

    create: str = ""
    update: str = ""
    delete: str = ""


@dataclass
class Recorded:
    """One registered resource. `inputs` are camelCase and unwrapped; unknown ones are `UNKNOWN`."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: dict[str, Any]
    secrets: frozenset[str]
    """Top-level inputs that are secret, or hold a secret."""

    provider: str
    protect: bool | None
    retain_on_delete: bool | None
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    delete_before_replace: bool | None
    additional_secret_outputs: tuple[str, ...]
    aliases: tuple[str, ...]
    """Aliases: a URN, or the former name, or the former type, whichever the alias gives."""

    depends_on: tuple[str, ...]
    """URNs it waits for, those of its inputs included."""

    custom_timeouts: Timeouts
    import_id: str
    hooks: tuple[str, ...] = ()
    """Names of the hooks that the engine calls after it created or updated the resource."""

    outputs: dict[str, Any] | None = None
    """What a component registered with `register_outputs`; None for a custom resource."""


@dataclass
class Recording:
    """Every resource of a program, and its stack outputs."""

    resources: list[Recorded] = field(default_factory=list)
    exports: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self.resources)

    def of_type(self, token: str) -> list[Recorded]:
        """All resources of a token, by name."""
        return sorted((each for each in self.resources if each.type == token), key=lambda each: each.name)

    def named(self, name: str, token: str | None = None) -> Recorded:
        """The one resource of that name (and token, where names repeat over types)."""
        found = [each for each in self.resources if each.name == name and token in (None, each.type)]
        if len(found) != 1:
            there = ", ".join(sorted(f"{each.type} {each.name}" for each in self.resources))
            raise AssertionError(
                f"{len(found)} resources are named {name!r} {token or ''}; there are: {there}"
            )
        return found[0]

    def one(self, token: str) -> Recorded:
        """The only resource of a token."""
        found = self.of_type(token)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} resources of {token}: {[each.name for each in found]}")
        return found[0]

    def children(self, parent: Recorded) -> list[Recorded]:
        """Direct children, by name."""
        return sorted(
            (each for each in self.resources if each.parent == parent.urn), key=lambda each: each.name
        )

    def roots(self) -> list[Recorded]:
        """Resources that hang on the stack itself, providers left out."""
        return [
            each
            for each in self.resources
            if "::pulumi:pulumi:Stack::" in each.parent and not each.type.startswith("pulumi:providers:")
        ]

    def snapshot(self) -> Sequence[Mapping[str, Any]]:
        """URN and inputs of everything, sorted: registration order differs from run to run."""
        return [
            {"urn": each.urn, "inputs": each.inputs}
            for each in sorted(self.resources, key=lambda each: each.urn)
        ]
