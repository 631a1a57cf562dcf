"""Operations that look up what nobody created. The function for the provider's own look-up answers them."""

from collections.abc import Mapping
from typing import Any

from facts.provider_fields import function_fields
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.inward import as_type
from sandbox.oci.api.listing import page
from sandbox.oci.api.names import matched
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.api.showing import answer_model, row_model
from sandbox.oci.errors import invalid_parameter, not_found


def looks_up(
    client: str,
    method: str,
    token: str,
    *,
    rows: str = "",
    names: dict[str, str] | None = None,
    reads: tuple[str, ...] = (),
    harmless: tuple[str, ...] = (),
) -> None:
    """Answer a method by a function of the provider, such as "oci:Core/getShapes:getShapes".

    `rows` is the result's list; without it the result itself is the answer. `names` are the provider's names of
    parameters and properties, by the API's. `reads` are the parameters that the function reads, `harmless` those that
    change nothing: what is looked up is the same in every compartment.
    """
    told = names or {}

    def found(request: Request) -> Response:
        arguments = tuple(_names(token, request.query, told))
        answer = request.operations.invoke(request.account, token, _arguments(token, request, told))
        if isinstance(answer, list):
            raise invalid_parameter(f"{answer[0].path}: {answer[0].reason}")
        if not rows:
            return Response(body=_row(request, answer, told))
        listed = _items(answer.get(rows))
        return page(request, [_row(request, each, told) for each in listed], ignored=arguments)

    harmless = ("compartmentId", *harmless)
    answers(client, method, reads=reads, harmless=harmless, lists=bool(rows))(found)


def _items(value: Any) -> list[dict[str, Any]]:
    """The rows of a result, with or without a collection around them."""
    found = value if isinstance(value, list) else []
    if len(found) == 1 and isinstance(found[0], dict) and set(found[0]) == {"items"}:
        return list(found[0]["items"])
    return found


def _arguments(token: str, request: Request, told: dict[str, str]) -> dict[str, Any]:
    fields = function_fields(token) or {}
    given: dict[str, Any] = {**{name: values[0] for name, values in request.query.items()}, **request.path}
    names = _names(token, given, told)
    return {
        names[name]: as_type(fields[names[name]].type, value)
        for name, value in given.items()
        if name in names
    }


def _names(token: str, given: Mapping[str, object], told: dict[str, str]) -> Mapping[str, str]:
    """The function's arguments, by the API's names of parameters."""
    fields = {name: field for name, field in (function_fields(token) or {}).items() if field.input}
    return matched(given, fields, told)


def _row(request: Request, row: dict[str, Any], told: dict[str, str]) -> dict[str, Any]:
    operation = request.operation
    found = row_model(operation) if operation.method_name.startswith("list") else answer_model(operation)
    if found is None:
        raise not_found(operation.name)
    return body_of(found, row, {}, told)
