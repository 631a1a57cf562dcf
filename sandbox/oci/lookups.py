"""The provider's functions, answered from the model. Each service registers the functions that it answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from facts.provider_fields import function_fields
from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import import_all
from sandbox.oci.engine_values import holds_unknown, opened
from sandbox.oci.errors import OciError
from sandbox.oci.schema import Failure, Fields, check


@dataclass(frozen=True)
class Login:
    """How a provider logs in: its `auth`, and the profile that its settings name."""

    auth: str = "ApiKey"
    profile: str = ""


class Caller(Protocol):
    """The provider that calls: its region, its tenancy, and how it logs in."""

    @property
    def region(self) -> str: ...
    @property
    def tenancy(self) -> str: ...
    @property
    def login(self) -> Login | None: ...


@dataclass(frozen=True)
class Query:
    """One function call. `args` are plain values under Pulumi's names."""

    cloud: Cloud
    token: str
    region: str
    tenancy: str
    args: dict[str, Any]
    login: Login | None = None
    """None if the call comes over HTTP, so that only the client knows."""


Function = Callable[[Query], dict[str, Any]]
_FUNCTIONS: dict[str, Function] = {}


def function(*tokens: str) -> Callable[[Function], Function]:
    """Register a Python function as the answer to functions such as "oci:Core/getShapes:getShapes"."""

    def register(answer: Function) -> Function:
        _FUNCTIONS.update(dict.fromkeys(tokens, answer))
        return answer

    return register


def finds(token: str, kind: str, *, by: str) -> None:
    """Answer a function with one resource of a type. `by` is the argument with its id."""

    def one(query: Query) -> dict[str, Any]:
        known = query.cloud.find(query.args[by])
        if known is not None and known.token == kind and not known.live:
            # A vault, key or secret that waits for its deletion can still be read.
            return {**known.outputs, "id": known.id, "state": known.state}
        entry = query.cloud.require(query.args[by], kind, path=by, region=query.region)
        return {"id": entry.id, **entry.outputs}

    _FUNCTIONS[token] = one


_SELECTORS = ("compartmentId", "vcnId", "clusterId", "name", "displayName", "state", "availabilityDomain")


def lists(token: str, *kinds: str, rows: str) -> None:
    """Answer a function with all resources of some types that match its arguments, in the provider's region.

    `rows` is the name of the list in the result. A resource that was created with a VCN is in that VCN.
    """

    def many(query: Query) -> dict[str, Any]:
        wanted = {name: query.args[name] for name in _SELECTORS if query.args.get(name) is not None}
        every = [each for kind in kinds for each in query.cloud.all(kind, region=query.region)]
        values = [{"vcnId": each.owner, **each.outputs} if each.owner else each.outputs for each in every]
        found = [each for each in values if all(each.get(name) == value for name, value in wanted.items())]
        return {rows: [{"items": found}] if rows.endswith("Collections") else found}

    _FUNCTIONS[token] = many


@cache
def modelled() -> frozenset[str]:
    """The tokens of all functions that the model answers."""
    import_all()
    return frozenset(_FUNCTIONS)


def invoke(cloud: Cloud, caller: Caller, token: str, args: dict[str, Any]) -> dict[str, Any] | list[Failure]:
    """The answer, or the failures of the arguments. Raises an error that names the function if it is not modelled."""
    if token not in modelled():
        raise OciError(501, "NotImplemented", f"not modelled: {token}")
    if holds_unknown(args):
        raise OciError(400, "InvalidParameter", f"{token} was called with unknown arguments")
    checked, failures = check(function_fields(token) or {}, args)
    if failures:
        return failures
    plain = opened(checked)
    query = Query(cloud, token, caller.region, caller.tenancy, plain, caller.login)
    answer = projected(function_fields(token) or {}, {**plain, **_FUNCTIONS[token](query)})
    answer.setdefault("id", f"{token.rsplit(':', 1)[1]}-{caller.region}")
    return filtered(answer, plain.get("filters") or [])


def filtered(answer: dict[str, Any], filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer after the provider's `filters` argument was applied to its lists of objects."""
    for each in filters:
        for name, value in answer.items():
            if name != "filters" and isinstance(value, list):
                answer[name] = [item for item in value if not isinstance(item, dict) or _passes(item, each)]
    return answer


def projected(fields: Fields, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in the form of the function's result: all fields, and single blocks as lists with plural names."""
    shown = {name: value for name, value in values.items() if name in fields or name == "id"}
    for name, field in fields.items():
        value = _plural(values, name)
        if value is None:
            value = None if field.input else _EMPTY.get(field.type)
        elif isinstance(field.of, Mapping):
            inner, items = field.of, value if isinstance(value, list) else [value]
            value = [projected(inner, each) if isinstance(each, dict) else each for each in items]
        if value is not None:
            shown[name] = value
    return shown


def _plural(values: Mapping[str, Any], name: str) -> Any:
    for each in (name, name.removesuffix("s"), f"{name.removesuffix('ies')}y"):
        if values.get(each) is not None:
            return values[each]
    return None


_EMPTY: dict[str, Any] = {"str": "", "int": 0, "float": 0, "bool": False, "map": {}, "list": [], "set": []}


def _passes(item: dict[str, Any], wanted: dict[str, Any]) -> bool:
    value: Any = item
    for part in str(wanted["name"]).split("."):
        value = value.get(_camel(part)) if isinstance(value, dict) else None
    found = [str(each) for each in (value if isinstance(value, list) else [value])]
    if wanted.get("regex"):
        return any(re.search(pattern, each) for pattern in wanted["values"] for each in found)
    return any(each in wanted["values"] for each in found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
