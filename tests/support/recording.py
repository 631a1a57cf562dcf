"""What a program registered, in a form that tests can ask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.offline import recording
from infra.offline.recording import Registered


class Recording(recording.Recording):
    """Every resource of a program, and its stack outputs."""

    def __iter__(self) -> Iterator[Registered]:
        return iter(self.resources)

    def of_type(self, token: str) -> list[Registered]:
        """All resources of a token, by name."""
        return sorted((each for each in self.resources if each.type == token), key=lambda each: each.name)

    def named(self, name: str, token: str | None = None) -> Registered:
        """The one resource of that name (and token, where names repeat over types)."""
        found = [each for each in self.resources if each.name == name and token in (None, each.type)]
        if len(found) != 1:
            there = ", ".join(sorted(f"{each.type} {each.name}" for each in self.resources))
            raise AssertionError(
                f"{len(found)} resources are named {name!r} {token or ''}; there are: {there}"
            )
        return found[0]

    def one(self, token: str) -> Registered:
        """The only resource of a token."""
        found = self.of_type(token)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} resources of {token}: {[each.name for each in found]}")
        return found[0]

    def children(self, parent: Registered) -> list[Registered]:
        """Direct children, by name."""
        return sorted(
            (each for each in self.resources if each.parent == parent.urn), key=lambda each: each.name
        )

    def roots(self) -> list[Registered]:
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
