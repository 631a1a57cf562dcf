"""The resources that a program registered, with queries for tests."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.offline import recording
from infra.offline.recording import Registered


class Recording(recording.Recording):
    """All resources of a program, and its stack outputs."""

    def __iter__(self) -> Iterator[Registered]:
        return iter(self.resources)

    def of_type(self, token: str) -> list[Registered]:
        """All resources with this token, sorted by name."""
        return sorted((each for each in self.resources if each.type == token), key=lambda each: each.name)

    def named(self, name: str, token: str | None = None) -> Registered:
        """The only resource with this name, and this token if several types use the name."""
        found = [each for each in self.resources if each.name == name and token in (None, each.type)]
        if len(found) != 1:
            there = ", ".join(sorted(f"{each.type} {each.name}" for each in self.resources))
            raise AssertionError(
                f"{len(found)} resources are named {name!r} {token or ''}; there are: {there}"
            )
        return found[0]

    def one(self, token: str) -> Registered:
        """The only resource with this token."""
        found = self.of_type(token)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} resources of {token}: {[each.name for each in found]}")
        return found[0]

    def children(self, parent: Registered) -> list[Registered]:
        """Direct children, sorted by name."""
        return sorted(
            (each for each in self.resources if each.parent == parent.urn), key=lambda each: each.name
        )

    def roots(self) -> list[Registered]:
        """Resources whose parent is the stack, without providers."""
        return [
            each
            for each in self.resources
            if "::pulumi:pulumi:Stack::" in each.parent and not each.type.startswith("pulumi:providers:")
        ]

    def snapshot(self) -> Sequence[Mapping[str, Any]]:
        """URN and inputs of every resource. Sorted, as the order of registration varies."""
        return [
            {"urn": each.urn, "inputs": each.inputs}
            for each in sorted(self.resources, key=lambda each: each.urn)
        ]
