"""Bodies that the SDK's models can build, from the table of the API: few of a type's properties, with any value."""

import string
from typing import Any

from hypothesis import strategies as st

from facts.oci_api import Model, Type, Value, model
from tests.sandbox.oci.driver import COMPARTMENT
from tests.sandbox.oci.minimal import ocid

_DEEPEST = 3
_WORDS = [
    "", "0", "name", "10.0.0.0/16", "10.0.0.9", "https://example.com", "text/plain", COMPARTMENT,
    ocid("vcn"), ocid("subnet"), ocid("key"), "2030-01-01T00:00:00Z",
]  # fmt: skip
_LARGEST = 2**53
"""The engine's protocol has numbers of 64 bits with a fraction, so that larger integers lose digits there."""
_NUMBERS = [-1, 0, 1, 8, 100, 2**31, _LARGEST]

_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "str": st.sampled_from(_WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    "int": st.sampled_from(_NUMBERS) | st.integers(-_LARGEST, _LARGEST),
    "float": st.sampled_from(_NUMBERS) | st.floats(allow_nan=False, allow_infinity=False),
    "bool": st.booleans(),
    "datetime": st.datetimes(timezones=st.just(None)).map(lambda at: f"{at.isoformat()}Z"),
    "object": st.sampled_from([*_WORDS, *_NUMBERS, True]),
}
_KEYS = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=10)


def bodies(found: Model, least: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of a model: the least that is accepted, with up to three other properties or values."""
    return _some(found.package, found, most=3).map(lambda given: {**least, **given})


def _some(
    package: str, found: Model, *, most: int, depth: int = 0, always: tuple[str, ...] = ()
) -> st.SearchStrategy[dict[str, Any]]:
    names = [name for name in found.properties if name != found.by]

    def chosen(picked: list[str]) -> st.SearchStrategy[dict[str, Any]]:
        values = {name: _value(package, found.properties[name], depth) for name in {*picked, *always}}
        return st.fixed_dictionaries(values)

    return (
        st.lists(st.sampled_from(names), max_size=most, unique=True).flatmap(chosen) if names else st.just({})
    )


def _value(package: str, known: Value, depth: int) -> st.SearchStrategy[Any]:
    one = st.sampled_from(known.choices) if known.choices else None
    return _of(package, known.type, depth, one)


def _of(package: str, kind: Type, depth: int, one: st.SearchStrategy[Any] | None) -> st.SearchStrategy[Any]:
    if kind.kind == "list" and kind.of:
        return st.lists(_of(package, kind.of, depth, one), max_size=2)
    if kind.kind == "map" and kind.of:
        return st.dictionaries(_KEYS, _of(package, kind.of, depth, one), max_size=2)
    if kind.kind == "model":
        return _object(package, kind, depth)
    return one if one is not None else _SCALARS[kind.name]


def _object(package: str, kind: Type, depth: int) -> st.SearchStrategy[Any]:
    found = model(package, kind.name)
    if found is None:
        return _SCALARS["str"]
    if depth >= _DEEPEST:
        return st.just({})
    if not found.by or not found.subtypes:
        return _filled(package, found, depth)

    def chosen(word: str) -> st.SearchStrategy[dict[str, Any]]:
        inner = model(package, found.subtypes[word]) or found
        return _filled(package, inner, depth).map(lambda given: {**given, found.by: word})

    return st.sampled_from(sorted(found.subtypes)).flatmap(chosen)


def _filled(package: str, found: Model, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    required = tuple(name for name, known in found.properties.items() if known.required and name != found.by)
    return _some(package, found, most=2, depth=depth + 1, always=required)
