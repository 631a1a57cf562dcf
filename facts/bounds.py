"""Bounds of inputs of OCI resources that the SDK's own text states.

Source: the docstrings of pulumi_oci 5.5.0, as `facts/data/oci-bounds.yaml` lists them by token and path (camelCase,
dotted, through lists). `facts/data/oci-sentences.yaml` says of each sentence what holds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from facts.engine_yaml import read_yaml

_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What a value at one path must keep to; None where nothing is stated."""

    least: float | None = None
    most: float | None = None
    least_or_zero: float | None = None
    """0 stands for no limit; any other value is at least this."""
    multiple: int | None = None
    shortest: int | None = None
    """Characters."""
    longest: int | None = None
    items: int | None = None
    """Items of a list, at most."""
    unique: str | None = None
    """The field that tells items apart; empty for the items themselves."""
    form: str | None = None
    """A regular expression that the whole text matches; `words` says it to a reader."""
    words: str = ""
    soonest: str | None = None
    """ISO 8601 duration, as is `latest`."""
    latest: str | None = None


@cache
def bounds_of(token: str) -> Mapping[str, Bound]:
    """Path to bound, of a resource such as `oci:Core/volume:Volume`; empty where the table has none."""
    return MappingProxyType({path: Bound(**stated) for path, stated in _table().get(token, {}).items()})


@cache
def bounded_tokens() -> frozenset[str]:
    """The resources that the table speaks of."""
    return frozenset(_table())


@cache
def _table() -> Mapping[str, Mapping[str, dict[str, Any]]]:
    return cast("Mapping[str, Mapping[str, dict[str, Any]]]", read_yaml(_FOLDER / "oci-bounds.yaml").value)


@cache
def sentences() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Token, path, and what holds the sentences there: see the head of the file."""
    content = read_yaml(_FOLDER / "oci-sentences.yaml").value
    return cast("Mapping[str, Mapping[str, Mapping[str, Any]]]", content)
