"""What the REST API calls each type of resource, and which functions answer its other operations."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from facts.oci_api import Operation, operations_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.discovery import import_all
from sandbox.oci.model import Entry

Handler = Callable[[Request], Response]

_USUAL = {
    "create": "create_{noun}",
    "get": "get_{noun}",
    "list": "list_{plural}",
    "update": "update_{noun}",
    "delete": "delete_{noun}",
    "move": "change_{noun}_compartment",
}


def _as_it_is(_request: Request, _entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    return body


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A type of resource in the REST API."""

    token: str
    """The model's type, such as "oci:Core/vcn:Vcn"."""
    client: str
    """The SDK's client, such as "core.VirtualNetworkClient"."""
    noun: str
    """What the SDK's methods call it: `vcn` in `create_vcn`."""
    plural: str = ""
    """What the list is called, where it is not the noun with an s."""
    methods: Mapping[str, str] = field(default_factory=dict[str, str])
    """The SDK's methods that have other names, or "" for one that is not answered here: create, get, list, update,
    delete, move."""
    also: tuple[str, ...] = ()
    """Further types of the model that are the same type in the API."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """The provider's names of properties, by the API's names. Only those that do not match by themselves."""
    id: str = ""
    """The form of the model's id, with the path's parameters in braces; empty if the last parameter is the id."""
    ignores: tuple[str, ...] = ()
    """Query parameters that change nothing here."""
    also_by: str = ""
    """The property whose value the path may have in place of the id."""
    unset: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Values of properties that mean the same as leaving them out, although clients send them."""
    shows: Callable[[Request, Entry, dict[str, Any]], dict[str, Any]] = _as_it_is
    """Changes the body of the answer, if names alone are not enough."""

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """The answered operations, by kind (create, get, …). ValueError if the client has none of them."""
        known = operations_of(self.client)
        elsewhere = "" in self.methods.values()
        if not elsewhere and not any(self._method(kind) in known for kind in _USUAL):
            raise ValueError(f"{self.client} has no methods of {self.noun}")
        for kind in _USUAL:
            name = self._method(kind)
            if name in known:
                yield kind, known[name]
            elif kind in self.methods and name:
                raise ValueError(f"{self.client} has no method {name}")

    def _method(self, kind: str) -> str:
        usual = _USUAL[kind].format(noun=self.noun, plural=self.plural or f"{self.noun}s")
        return self.methods.get(kind, usual)

    @property
    def id_filter(self) -> str:
        """The list's query parameter for one id, such as bastionId; empty if it has none.

        It has the name of the path's parameter of `get`.
        """
        known = dict(self.operations())
        path = known["get"].path if "get" in known and "list" in known else ""
        names = re.findall(r"\{(\w+)\}", path, re.ASCII)[-1:]
        return next((name for name in names if name in known["list"].query), "")

    @property
    def tokens(self) -> tuple[str, ...]:
        """All types of the model that it shows."""
        return (self.token, *self.also)


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What a function does with the query parameters of its operations. The others are refused."""

    reads: tuple[str, ...] = ()
    """Those that it reads."""
    harmless: tuple[str, ...] = ()
    """Those that change nothing here. The function's text says why."""
    lists: bool = False
    """Whether it answers by `page`, which applies limits, orders, and filters on the properties of the rows."""


_ENDPOINTS: list[Endpoint] = []
_ANSWERS: dict[tuple[str, str], tuple[Handler, Parameters]] = {}


def endpoint(token: str, client: str, noun: str, **differences: Any) -> None:
    """Answer the usual operations of a type (further fields of `Endpoint` by keyword)."""
    _ENDPOINTS.append(Endpoint(token=token, client=client, noun=noun, **differences))


def answers(client: str, *methods: str, **parameters: Any) -> Callable[[Handler], Handler]:
    """Register the function that answers methods of a client (fields of `Parameters` by keyword)."""
    known_parameters = Parameters(**parameters)

    def register(handler: Handler) -> Handler:
        known = operations_of(client)
        for name in methods:
            if name not in known:
                raise ValueError(f"{client} has no method {name}")
            _ANSWERS[client, name] = handler, known_parameters
        return handler

    return register


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """All types of resources that the REST API answers."""
    import_all()
    return tuple(_ENDPOINTS)


@cache
def endpoint_of(token: str) -> Endpoint:
    """How the REST API shows a type of the model. Raises LookupError if no service says so."""
    found = next((each for each in endpoints() if token in each.tokens), None)
    if found is None:
        raise LookupError(f"{token} has no endpoint")
    return found


def own_answers() -> Mapping[tuple[str, str], tuple[Handler, Parameters]]:
    """The functions that services registered, and what they do with parameters, by client and method."""
    import_all()
    return _ANSWERS
