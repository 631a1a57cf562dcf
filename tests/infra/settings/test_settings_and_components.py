"""The settings of a noun and its component refuse the same values, with the same messages."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Protocol, cast, get_args, get_origin, get_type_hints
from unittest.mock import patch

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from facts.problem import InvalidInput, Problem, shown
from infra.project.stackfile import ROOT
from infra.settings.rules import RULES
from infra.settings.rules.signatures import run_rules
from infra.settings.sections import SECTIONS, Parsed
from tests.infra.settings.nouns.all import NOUNS
from tests.infra.settings.nouns.noun import Noun

Said = set[tuple[str, str, str, str]]
"""The path below the noun, the shown value, what is allowed, and the fix."""

NUMBERS = (-(10**12), -1, 0, 1, 2, 3, 7, 10, 24, 50, 60, 110, 1024, 31_200, 75_000, 10**12)
SHARES = (-1.0, 0.0, 0.05, 0.3, 0.61, 1.0)
TEXTS = (
    "", "x", "A_B", "a" * 300, "a=b", "Archive", "Enabled", "DELETE", "ABORT", "WEEKLY", "SUNDAY", "02:00", "25:00",
    "external", "2027-01-31T00:00:00Z", "VM.Standard.E5.Flex", "BM.GPU.MI300X.8", "v1.36.1", "1.36.1", "10.96.0.1/16",
    "10.0.0.0/8", "key=value:NoSchedule", "ssh-ed25519 AAAA x", "https://example.com/x", "http://x", "bytes-512",
    "database-password", "CNAME", "a.example.com", "allkeys nopass", "default", "PACKED_DISTRIBUTION_MULTI_BLOCK",
    "/models", "models/..", "0 3 * * 0", "privileged", "ocid1.group.oc1..a", "SLACK", "TLSv1.3", "\n", "Ünï", "../x",
)  # fmt: skip


OCIDS = {
    "vault_id": "ocid1.vault.oc1.iad.aaaaaaaaexample",
    "capacity_reservation_id": "ocid1.capacityreservation.oc1.iad.aaaaaaaaexample",
}
"""Only the settings check OCIDs, because components get them as outputs."""


NAMES = st.sampled_from(["one", "two", "A b", "9420000", ""])
"""Names that users choose."""


def _values(of: Any, name: str) -> st.SearchStrategy[Any]:
    """Right and wrong values for a field's type."""
    if name in OCIDS:
        return st.just(OCIDS[name])
    if of is object and name in ("password_secret_version", "availability_domain"):
        return st.sampled_from(NUMBERS) if name == "password_secret_version" else st.integers(1, 3)
    simple = {int: NUMBERS, float: SHARES, bool: (False, True), str: TEXTS, object: TEXTS}
    if of in simple:
        return st.sampled_from(simple[of])
    return _made_of(of, name)


def _made_of(of: Any, name: str) -> st.SearchStrategy[Any]:
    """Values for a union, a list, a mapping, or a part of a noun."""
    arguments = [each for each in get_args(of) if each is not NoneType]
    if get_origin(of) is UnionType:
        return st.one_of([_values(each, name) for each in arguments])
    if get_origin(of) is Mapping:
        return st.dictionaries(NAMES, _values(arguments[1], name), max_size=2)
    if get_origin(of) is Sequence:
        return st.lists(_values(arguments[0], name), max_size=3)
    kinds = _fields(of)
    parts = {key: _values(kind, key) for key, kind in kinds.items()}
    optional = {key: part for key, part in parts.items() if _may_be_none(kinds[key])}
    return st.fixed_dictionaries(
        {key: part for key, part in parts.items() if key not in optional}, optional=optional
    )


def _may_be_none(kind: Any) -> bool:
    return NoneType in get_args(kind)


def _fields(choices: type) -> dict[str, Any]:
    every = {name: each for base in reversed(choices.__mro__) for name, each in vars(base).items()}
    properties = {name: each for name, each in every.items() if isinstance(each, property)}
    return {name: get_type_hints(each.fget)["return"] for name, each in properties.items()}


def _within(choices: type) -> Iterator[type]:
    """The Protocols of a noun's parts, which are checked with it."""
    for kind in _fields(choices).values():
        for each in [kind, *get_args(kind), *(inner for one in get_args(kind) for inner in get_args(one))]:
            if isinstance(each, type) and Protocol in each.__bases__:
                yield each


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Noun, dict[str, Any]]:
    noun = draw(st.sampled_from(NOUNS))
    fields = _fields(noun.choices)
    changed = draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True))
    return noun, {**noun.base, **{name: draw(_values(fields[name], name)) for name in changed}}


FIELDS = frozenset(
    name for noun in NOUNS for kind in (noun.choices, *_within(noun.choices)) for name in _fields(kind)
)


def _camel(value: Any) -> Any:
    """The values in the form of a stack file. Names that users choose do not change."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value).items()
        return {to_camel(key) if key in FIELDS else key: _camel(inner) for key, inner in entries}
    return [_camel(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value


def _by_settings(noun: Noun, values: dict[str, Any]) -> Said:
    """The problems that the section's own rules find. Raises ValidationError if a type does not accept the value."""
    name = noun.path.partition(".")[0]
    content = noun.section(_camel(values))
    section = SECTIONS[name].model_validate_json(json.dumps(content))
    parsed = Parsed(**{**dict.fromkeys(SECTIONS), name: section})
    return _said(run_rules(RULES, parsed), noun.path)


def _by_component(noun: Noun, values: dict[str, Any]) -> Said:
    """The problems that the component finds. If there are none, it starts to register itself, which fails without an
    engine."""
    with patch.object(pulumi.ComponentResource, "__init__", side_effect=_Passed):
        try:
            noun.component("the-noun", noun.args(**values))
        except InvalidInput as refused:
            return _said(refused.problems, noun.at)
        except _Passed:
            return set()
    raise AssertionError(f"{noun.path} registers nothing")


class _Passed(Exception):  # noqa: N818  it is none
    """The component refused nothing."""


def _said(problems: Iterable[Problem], path: str) -> Said:
    below = (each for each in problems if each.path.startswith(path))
    return {
        (
            each.path.removeprefix(path),
            shown(each.value),
            each.allowed.replace(path, ""),
            each.fix.replace(path, ""),
        )
        for each in below
    }


@settings(max_examples=300)
@given(_cases())
def test_settings_and_component_refuse_the_same(case: tuple[Noun, dict[str, Any]]):
    noun, values = case
    try:
        said = _by_settings(noun, values)
    except ValidationError:
        return  # its type says it already, before any rule
    assert said == _by_component(noun, values)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.path)
def test_a_valid_noun_passes_both(noun: Noun):
    assert _by_settings(noun, noun.base) == _by_component(noun, noun.base) == set()


def test_every_such_protocol_is_compared():
    compared = {noun.choices for noun in NOUNS} | {part for noun in NOUNS for part in _within(noun.choices)}
    sources = [
        path.read_text() for folder in ("components", "serving") for path in (ROOT / folder).rglob("*.py")
    ]
    written = {
        name
        for source in sources
        for name in re.findall(r"^class (\w+Choices)\((?:\w+, )?Protocol\)", source, re.M)
    }
    named = {each.__name__ for each in compared if each.__name__.endswith("Choices")}
    assert written - named == set(), "a protocol that is not compared"
    assert named - written == set(), "a comparison of no protocol"
