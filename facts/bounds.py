"""Limits on the inputs of OCI resources, as the SDK's own text states them.

Source: the docstrings of pulumi_oci 5.5.0, as `facts/data/oci-bounds.yaml` lists them by token and path (camelCase,
dotted, through lists). For each sentence, `facts/data/oci-sentences.yaml` names what enforces it.
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
    """The limits of the value at one path; None where the text states no limit."""

    least: float | None = None
    most: float | None = None
    least_or_zero: float | None = None
    """0 means no limit; any other value must be at least this."""
    multiple: int | None = None
    shortest: int | None = None
    """Characters."""
    longest: int | None = None
    items: int | None = None
    """Most items of a list."""
    unique: str | None = None
    """The field whose value must be unique in the list; empty if the items themselves must be."""
    form: str | None = None
    """A regular expression that the whole text must match; `words` describes it to the user."""
    words: str = ""
    soonest: str | None = None
    """ISO 8601 duration; `latest` too."""
    latest: str | None = None


@cache
def bounds_of(token: str) -> Mapping[str, Bound]:
    """Path to bound for a resource such as `oci:Core/volume:Volume`; empty if the table does not list it."""
    return MappingProxyType({path: Bound(**stated) for path, stated in _table().get(token, {}).items()})


@cache
def bounded_tokens() -> frozenset[str]:
    """The resources in the table."""
    return frozenset(_table())


@cache
def _table() -> Mapping[str, Mapping[str, dict[str, Any]]]:
    return cast("Mapping[str, Mapping[str, dict[str, Any]]]", read_yaml(_FOLDER / "oci-bounds.yaml").value)


@cache
def sentences() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Token to path to what enforces the sentences there. The head of the file describes the form."""
    content = read_yaml(_FOLDER / "oci-sentences.yaml").value
    return cast("Mapping[str, Mapping[str, Mapping[str, Any]]]", content)
