"""The vocabulary of OCI's policies: verbs, resource types, permissions, variables, services, types of principals.

Source: `words.yaml` lists each word under its page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

from facts.engine_yaml import read_yaml

VERBS = ("inspect", "read", "use", "manage")
"""From the weakest to the strongest. Each verb includes the verbs before it."""

_REGIONAL = "objectstorage-*"
"""The service that each region has under its own name (Content/Identity/policiescommon/commonpolicies.htm)."""

_Pages = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Words:
    """Every word with a source, as OCI spells it."""

    resource_types: frozenset[str]
    """Resource types and families."""

    permissions: frozenset[str]
    """Permissions, which replace the verb and the type, in braces."""

    variables: frozenset[str]
    """Variables of conditions. A `*` at the end means the namespace and key of a tag."""

    services: frozenset[str]
    """Service principals. A `*` at the end means a region or a realm."""

    principals: frozenset[str]
    """Values of `request.principal.type`: types of resource principals. OCI accepts any text, and a wrong type grants
    nothing."""

    pages: Mapping[str, str]
    """The page of each word."""


@cache
def words() -> Words:
    """The vocabulary, which is read once."""
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
    """Whether the vocabulary contains the word, in upper or lower case. An entry that ends in `*` matches every word
    with that prefix."""
    lower = word.lower()
    whole, beginnings = _lowered(vocabulary)
    return lower in whole or any(lower.startswith(each) and lower != each for each in beginnings)


def region_of_service(service: str) -> str | None:
    """The region in the name of a regional service, in lower case; None for another service."""
    lower = service.lower()
    prefix = _REGIONAL.removesuffix("*")
    return lower.removeprefix(prefix) if lower.startswith(prefix) else None


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
