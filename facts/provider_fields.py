"""The OCI provider's field table: each property of a resource or function, and the effect of a change to it.

Source: the schema of terraform-provider-oci 8.28.0 (August 2026) as pulumi-oci names it. Properties and resources that
only the SDK (pulumi_oci, version in `sdk_version()`) knows have the SDK's types; whether a change replaces the resource
is unknown for them. The SDK's "(Updatable)" marks are not used: they are wrong for 57 inputs. `python -m
facts.data.refresh --schema` reads the package schema of a later release, which `pulumi package get-schema oci` prints.
A package schema does not contain conflicts, choices, forms, counts of items and computed properties: they stay as they
are, with the source and date in `limits_source()`.

The files contain one property per line, as `<type> <flags>`: r required, o optional, c computed, ! a change replaces
the resource, ? unknown whether it does, s sensitive, n the engine sets a name if it is left out; `max=N` items at most;
`min=N` items at least, if the property is given; `form=` the form of a string (`text`: any text that is not empty).
`choices` are the only values; case matters only with `exact`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NotRequired, TypedDict, cast

FieldType = Literal["str", "int", "float", "bool", "map", "list", "set"]
Form = Literal["bool", "fqdn", "int64", "json", "text"]
Section = Literal["resources", "functions"]

_FOLDER = Path(__file__).parent / "data" / "oci"
_KIND = re.compile(
    r"(?P<type>\w+)(?:\[(?P<of>\w+)\])? (?P<flags>[roc!?sn]+)"
    r"(?: max=(?P<max>\d+))?(?: min=(?P<min>\d+))?(?: form=(?P<form>\w+))?",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One property, under its camelCase name. A nested object is a list; `of` contains its fields."""

    type: FieldType
    required: bool = False
    optional: bool = False
    computed: bool = False
    """The provider may set it. If it is neither required nor optional, it is not an input."""
    replaces: bool | None = False
    """Whether a change replaces the resource; None if only the SDK knows the property."""
    sensitive: bool = False
    autonamed: bool = False
    """The provider requires it. If it is left out, the engine generates it from the resource's name."""
    max_items: int | None = None
    min_items: int | None = None
    """Fewest items of a list that is given."""
    choices: tuple[str, ...] = ()
    """The only allowed values of a string; empty if every value is allowed."""
    exact: bool = False
    """Whether case matters in choices."""
    form: Form | None = None
    """The form of a string."""
    conflicts: tuple[str, ...] = ()
    """Paths (camelCase, dotted, from the resource) of inputs that exclude this one."""
    of: "Mapping[str, Field] | FieldType | None" = None

    @property
    def input(self) -> bool:
        return self.required or self.optional

    @property
    def single(self) -> bool:
        """A list of at most one item. Programs and the state contain the item without a list."""
        return self.type in ("list", "set") and self.max_items == 1


class Nested(TypedDict):
    """A property in the files with its own fields or choices, or that excludes other properties."""

    kind: str
    of: NotRequired["dict[str, str | Nested]"]
    conflicts: NotRequired[list[str]]
    choices: NotRequired[list[str]]
    exact: NotRequired[bool]


Encoded = str | Nested
Module = dict[Section, dict[str, dict[str, Encoded]]]


def decode(encoded: Encoded) -> Field:
    """The field of one entry of the files."""
    nested = Nested(kind=encoded) if isinstance(encoded, str) else encoded
    found = _KIND.fullmatch(nested["kind"])
    if not found:
        raise ValueError(f"unreadable field {nested['kind']!r}")
    flags = found["flags"]
    inner = nested.get("of")
    return Field(
        type=cast("FieldType", found["type"]),
        required="r" in flags,
        optional="o" in flags,
        computed="c" in flags,
        replaces=None if "?" in flags else "!" in flags,
        sensitive="s" in flags,
        autonamed="n" in flags,
        max_items=int(found["max"]) if found["max"] else None,
        min_items=int(found["min"]) if found["min"] else None,
        choices=tuple(nested.get("choices", ())),
        exact=nested.get("exact", False),
        form=cast("Form | None", found["form"]),
        conflicts=tuple(nested.get("conflicts", ())),
        of=cast("FieldType | None", found["of"]) if inner is None else _decode_all(inner),
    )


def _decode_all(fields: Mapping[str, Encoded]) -> Mapping[str, Field]:
    return MappingProxyType({name: decode(encoded) for name, encoded in fields.items()})


@cache
def _module(name: str) -> Module | None:
    path = _FOLDER / f"{name}.json"
    if not re.fullmatch(r"\w+", name, re.ASCII) or not path.is_file():
        return None
    return cast("Module", json.loads(path.read_text(encoding="utf-8")))


def _entry(section: Section, token: str) -> Mapping[str, Encoded] | None:
    parts = token.split(":")
    if len(parts) != 3 or parts[0] != "oci":
        return None
    module = _module(parts[1].split("/")[0])
    return None if module is None else module.get(section, {}).get(token)


@cache
def resource_fields(token: str) -> Mapping[str, Field] | None:
    """The properties of a resource such as `oci:Core/subnet:Subnet`, or None if there is no such resource."""
    entry = _entry("resources", token)
    return None if entry is None else _decode_all(entry)


@cache
def function_fields(token: str) -> Mapping[str, Field] | None:
    """Arguments (inputs) and results (computed) of a function such as `oci:Core/getImages:getImages`, or None."""
    entry = _entry("functions", token)
    return None if entry is None else _decode_all(entry)


@cache
def resource_tokens() -> frozenset[str]:
    """Every resource of the provider. Reads all files (about 0.1 s); a look-up of one resource reads one file."""
    return _tokens("resources")


@cache
def function_tokens() -> frozenset[str]:
    """Every function of the provider."""
    return _tokens("functions")


def _tokens(section: Section) -> frozenset[str]:
    modules = (_module(path.stem) for path in _FOLDER.glob("*.json"))
    return frozenset(token for module in modules if module for token in module.get(section, {}))


@cache
def sdk_version() -> str:
    """The pulumi_oci version with which the files were last compared."""
    return (_FOLDER / "SDK_VERSION").read_text(encoding="utf-8").strip()


@cache
def limits_source() -> str:
    """The source and date of conflicts, choices, forms, counts of items and computed properties."""
    return (_FOLDER / "LIMITS_SOURCE").read_text(encoding="utf-8").strip()
