"""OCI's REST API: the operations of the services that the toolkit uses, and the models of their requests and responses.

Source: Oracle's own SDK (`oci` on PyPI, version in `sdk_version()`), whose client methods contain path, method,
parameters and types as literals. `python -m facts.data.refresh` reads a later release. The table has no lengths, ranges
or dependencies between values, because the SDK does not contain them.

The files contain one operation or one property per line: a type (`str`, `int`, `float`, `bool`, `datetime`, `object`,
`file`, `list[…]`, `map[…]` or the name of a model), `!` if it is required, and after a blank the only values. `?` after
the type of a body says that the body is optional.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NotRequired, TypedDict, cast

_FOLDER = Path(__file__).parent / "data" / "api"

Kind = Literal["scalar", "list", "map", "model"]

SCALARS = frozenset({"str", "int", "float", "bool", "datetime", "object", "file", "bytes"})


@dataclass(frozen=True)
class Type:
    """A type of the API: a scalar or a model by its name, or a list or map of another type."""

    kind: Kind
    name: str = ""
    of: "Type | None" = None

    @property
    def text(self) -> str:
        """The type in the form of the files."""
        return f"{self.kind}[{self.of.text}]" if self.of else self.name

    @property
    def innermost(self) -> "Type":
        """The innermost type of lists and maps."""
        return self.of.innermost if self.of else self


@dataclass(frozen=True)
class Value:
    """A property of a model, or a parameter of an operation, with its name in the API."""

    name: str
    type: Type
    required: bool
    choices: tuple[str, ...]
    """The only values of a string; empty if the SDK lists none."""


@dataclass(frozen=True)
class Model:
    """An object of the API. If `by` is set, the value of that property selects the subtype."""

    package: str
    name: str
    properties: Mapping[str, Value]
    by: str
    subtypes: Mapping[str, str]


class _Operation(TypedDict):
    name: str
    call: str
    body: NotRequired[str]
    answer: NotRequired[str]
    query: NotRequired[dict[str, str]]
    headers: NotRequired[dict[str, str]]


class _Model(TypedDict):
    properties: dict[str, str]
    by: NotRequired[str]
    subtypes: NotRequired[dict[str, str]]


class _Client(TypedDict):
    base: str
    operations: dict[str, _Operation]


class _Package(TypedDict):
    clients: dict[str, _Client]
    models: dict[str, _Model]


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation, such as CreateVcn: `POST /20160918/vcns` of core.VirtualNetworkClient."""

    package: str
    client: str
    method_name: str
    """The SDK's name: create_vcn."""
    name: str
    """The API's name: CreateVcn."""
    method: str
    path: str
    """The path after the host. Parameters are in braces."""
    raw: _Operation

    @cached_property
    def query(self) -> Mapping[str, Value]:
        """The query parameters."""
        return _values(self.raw.get("query", {}))

    @cached_property
    def headers(self) -> frozenset[str]:
        """The headers that it reads in addition to the headers of every request, in lower case."""
        return frozenset(name.lower() for name in self.raw.get("headers", {}))

    @cached_property
    def body(self) -> Type | None:
        """The type of the request's body."""
        return parse_type(self.raw["body"].removesuffix("?")) if "body" in self.raw else None

    @property
    def needs_body(self) -> bool:
        """Whether the SDK requires the body."""
        return "body" in self.raw and not self.raw["body"].endswith("?")

    @cached_property
    def answer(self) -> Type | None:
        """The type of the response's body."""
        return parse_type(self.raw["answer"]) if "answer" in self.raw else None


_ENCODED = re.compile(r"(?P<type>[^! ]+)(?P<required>!?)(?: (?P<choices>.+))?")
_OUTER = re.compile(r"(list|map)\[(.*)\]")


@cache
def parse_type(text: str) -> Type:
    """The type whose form in the files is `text`."""
    outer = _OUTER.fullmatch(text)
    if outer:
        return Type(cast("Kind", outer[1]), of=parse_type(outer[2]))
    return Type("scalar" if text in SCALARS else "model", text)


@cache
def _value(name: str, encoded: str) -> Value:
    found = _ENCODED.fullmatch(encoded)
    if not found:
        raise ValueError(f"unreadable value {encoded!r}")
    choices = tuple(found["choices"].split("|")) if found["choices"] else ()
    return Value(name, parse_type(found["type"]), bool(found["required"]), choices)


def _values(encoded: Mapping[str, str]) -> Mapping[str, Value]:
    return MappingProxyType({name: _value(name, each) for name, each in encoded.items()})


@cache
def _package(name: str) -> _Package:
    return cast("_Package", json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@cache
def packages() -> tuple[str, ...]:
    """The SDK's packages in the table."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@cache
def clients() -> tuple[str, ...]:
    """All clients, as `<package>.<class>`."""
    return tuple(f"{package}.{name}" for package in packages() for name in _package(package)["clients"])


@cache
def operations() -> tuple[Operation, ...]:
    """All operations. Reads all files, in about 0.1 s."""
    return tuple(each for package in packages() for each in _operations(package))


@cache
def operations_of(client: str) -> Mapping[str, Operation]:
    """The operations of a client such as `core.VirtualNetworkClient`, by the SDK's name."""
    package, _, name = client.partition(".")
    found = {each.method_name: each for each in _operations(package) if each.client == name}
    return MappingProxyType(found)


@cache
def _operations(package: str) -> tuple[Operation, ...]:
    return tuple(
        Operation(package, client, method_name, raw["name"], *_call(each["base"], raw["call"]), raw)
        for client, each in _package(package)["clients"].items()
        for method_name, raw in each["operations"].items()
    )


def _call(base: str, call: str) -> tuple[str, str]:
    method, path = call.split(" ", 1)
    return method, base + path


@cache
def model(package: str, name: str) -> Model | None:
    """A model of a package; None for an unknown name, or a name that is only an alias of a string."""
    raw = _package(package)["models"].get(name)
    if raw is None or not raw["properties"]:
        return None
    subtypes = MappingProxyType(raw.get("subtypes", {}))
    return Model(package, name, _values(raw["properties"]), raw.get("by", ""), subtypes)


@cache
def sdk_version() -> str:
    """The version of `oci` from which the files were read."""
    return (_FOLDER / "SDK_VERSION").read_text(encoding="utf-8").strip()
