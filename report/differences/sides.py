"""The two sides of a comparison, and what their values have in common although the texts differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from facts.prices import PriceList
from report.cluster_networks import as_node_pools
from report.resources import Resource, as_mapping, as_sequence


@dataclass(frozen=True, kw_only=True)
class Side:
    """One stack at one moment."""

    label: str
    """What the columns call it: the stack, or the moment."""

    stack: str
    settings: Mapping[str, object]
    """The sections of its stack file, with `hidden` in place of each encrypted value."""

    hidden: str
    """What stands in place of an encrypted value."""

    resources: Sequence[Resource]

    @cached_property
    def own_words(self) -> Mapping[str, str]:
        """The words of its tenancy and compartment, with words that the other side has too."""
        tenancy = as_mapping(self.settings.get("tenancy"))
        found = {"{compartment}": tenancy.get("compartmentId"), "{tenancy}": tenancy.get("tenancyId")}
        return {value: word for word, value in found.items() if isinstance(value, str) and value}


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What is compared."""

    first: Side
    second: Side
    prices: PriceList

    @property
    def labels(self) -> tuple[str, str]:
        return self.first.label, self.second.label

    def same(self, one: object, other: object) -> bool:
        """Whether a value of the first side means on the second what the other value does: the names of both stacks
        count as one, and so do the OCIDs of the two compartments and tenancies."""
        return one == other or self.neutral(self.first, one) == self.neutral(self.second, other)

    def neutral(self, side: Side, value: object) -> object:
        """A value with common words in place of the stack's name, the compartment and the tenancy.

        Both stacks' names are replaced on both sides. Otherwise `/dev/kfd` would differ if a stack is called `dev`.
        """
        if isinstance(value, str):
            for word, common in side.own_words.items():
                value = value.replace(word, common)
            return self._stacks.sub("{stack}", value)
        if content := as_mapping(value):
            return {str(self.neutral(side, key)): self.neutral(side, inner) for key, inner in content.items()}
        return [self.neutral(side, each) for each in as_sequence(value)] or value

    @cached_property
    def _stacks(self) -> re.Pattern[str]:
        names = sorted({self.first.stack, self.second.stack}, key=len, reverse=True)
        return re.compile(rf"(?<![A-Za-z0-9])({'|'.join(map(re.escape, names))})(?![A-Za-z0-9])")


def bare_name(side: Side, name: str) -> str:
    """A resource's name without the prefix of its stack."""
    return name.removeprefix(f"{side.stack}-")


def in_a_cloud(side: Side) -> list[Resource]:
    """The resources of a side without components and providers. Cluster networks have the form of node pools."""
    return [each for each in as_node_pools(side.resources) if each.custom and not each.is_provider]
