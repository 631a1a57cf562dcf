"""The vocabulary of OCI's policies: verbs, resource types, permissions, variables, services, types of principals.

Source: the page under which `words.yaml` has each word.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from facts.engine_yaml import read_yaml

VERBS = ("inspect", "read", "use", "manage")
"""From the least to the most; each includes those before it."""

_Pages = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Words:
    """Every word that was read somewhere, each set as OCI spells it."""

    resource_types: frozenset[str]
    """Single types and families."""

    permissions: frozenset[str]
    """What stands in braces instead of a verb and a type."""

    variables: frozenset[str]
    """Variables of conditions; a `*` at the end stands for a tag's namespace and key."""

    services: frozenset[str]
    """Service principals; a `*` at the end stands for a region or a realm."""

    principals: frozenset[str]
    """Values of `request.principal.type`: resources that act for themselves. OCI takes any text there, and a wrong
    one grants nothing."""

    pages: Mapping[str, str]
    """The page that each word was read on."""


@cache
def words() -> Words:
    """The vocabulary, read once."""
    pages = cast(_Pages, read_yaml(Path(__file__).parent / "words.yaml").value)
    return Words(
        resource_types=_all(pages, "types"),
        permissions=_all(pages, "permissions"),
        variables=_all(pages, "variables"),
        services=_all(pages, "services"),
        principals=_all(pages, "principals"),
        pages=MappingProxyType(dict(_places(pages))),
    )


def known(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether a vocabulary has the word, in any case; a word of it that ends in `*` fits all that begin so."""
    lower = word.lower()
    whole, beginnings = _lowered(vocabulary)
    return lower in whole or any(lower.startswith(each) and lower != each for each in beginnings)


@cache
def _lowered(vocabulary: frozenset[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    lower = [each.lower() for each in vocabulary]
    return frozenset(lower), tuple(each[:-1] for each in lower if each.endswith("*"))


def _all(pages: _Pages, kind: str) -> frozenset[str]:
    return frozenset(word for page in pages.values() for word in page.get(kind, "").split())


def _places(pages: _Pages) -> Iterator[tuple[str, str]]:
    for name, page in pages.items():
        for text in page.values():
            yield from ((word, name) for word in text.split())
