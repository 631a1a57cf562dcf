"""Pairs the properties of the provider and the API: mostly the same word, in another case or number."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from facts.oci_api import Model, model
from facts.provider_fields import resource_fields
from sandbox.oci.schema import Fields

_RENAMED = {"lifecycleState": "state"}
"""Names that differ in every service."""

SAME = "."
"""Marks a property whose object the provider leaves out. Its content belongs to the object around it."""


def matched(
    properties: Iterable[str], fields: Iterable[str], told: Mapping[str, str], path: str = ""
) -> Mapping[str, str]:
    """The provider's name of each property that it has, by the API's.

    `told` are the endpoint's own names, keyed by the path of the property in the API ("createVnicDetails.nsgIds"); SAME
    is one of them.
    """
    return _matched(tuple(properties), tuple(dict.fromkeys(fields)), tuple(told.items()), path)


@lru_cache(maxsize=4096)
def _matched(
    properties: tuple[str, ...], fields: tuple[str, ...], given: tuple[tuple[str, str], ...], path: str
) -> Mapping[str, str]:
    # The rows of a list have the same names, and there may be a thousand of them.
    told, by_word = dict(given), {name.lower(): name for name in fields}
    found: dict[str, str] = {}
    for name in properties:
        other = told.get(f"{path}{name}") or _RENAMED.get(name, name)
        if other == SAME:
            found[name] = SAME
            continue
        exact = other if other in fields else by_word.get(other.lower())
        if exact:
            found[name] = exact
    left = {_singular(name): name for name in fields if name not in found.values()}
    for name in properties:
        if name not in found and _singular(name) in left:
            found[name] = left[_singular(name)]
    return MappingProxyType(found)


def _singular(name: str) -> str:
    """The word without its number, and without the `is` that the provider leaves out of old switches."""
    word = re.sub(r"^is(?=[A-Z])", "", name).lower()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")


def subtype(found: Model, chosen: object) -> Model:
    """The model that the value of its `by` property chooses, or else the model itself."""
    name = found.subtypes.get(str(chosen), "") if found.by else ""
    return (model(found.package, name) if name else None) or found


@cache
def fields_of_type(token: str) -> Fields:
    """The provider's properties of a type."""
    return resource_fields(token) or {}
