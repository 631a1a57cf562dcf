"""The vocabulary of OCI's policies: verbs, resource types, families, permissions, variables, services.

Source: Oracle's policy reference; which words were read there and which are remembered stands in `words.yaml`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

import yaml

VERBS = ("inspect", "read", "use", "manage")
"""From the least to the most; each includes those before it."""

Tree = object
_Pages = Mapping[str, Mapping[str, Tree]]


@dataclass(frozen=True)
class Words:
    """Every known word, each set as OCI spells it."""

    resource_types: frozenset[str]
    """Single types and families."""

    families: Mapping[str, frozenset[str]]
    """The single types that a family stands for."""

    permissions: frozenset[str]
    """What stands in braces instead of a verb and a type."""

    variables: frozenset[str]
    """Variables of conditions; a `*` at the end stands for a tag's namespace and key."""

    services: frozenset[str]
    """Service principals; a `*` at the end stands for a region."""


@cache
def words() -> Words:
    """The vocabulary, read once."""
    text = (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
    pages = cast(_Pages, yaml.safe_load(text))
    families = {
        name: frozenset(_leaves(members))
        for page in pages.values()
        for name, members in cast(Mapping[str, Tree], page.get("families") or {}).items()
    }
    singles = _all(pages, "types") | frozenset(each for members in families.values() for each in members)
    return Words(
        resource_types=singles | frozenset(families),
        families=MappingProxyType(families),
        permissions=_all(pages, "permissions"),
        variables=_all(pages, "variables"),
        services=_all(pages, "services"),
    )


def known(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether a vocabulary has the word, in any case; a word of it that ends in `*` fits all that begin so."""
    lower = word.lower()
    return any(
        lower == each.lower()
        or (each.endswith("*") and lower.startswith(each[:-1].lower()) and len(lower) >= len(each))
        for each in vocabulary
    )


def _all(pages: _Pages, kind: str) -> frozenset[str]:
    return frozenset(word for page in pages.values() for word in _leaves(page.get(kind) or []))


def _leaves(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    else:
        for each in cast(list[Tree], tree):
            yield from _leaves(each)
