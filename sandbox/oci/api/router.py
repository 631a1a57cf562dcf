"""Finds the operation for a method and a path, and the function that answers the operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from facts.oci_api import Operation, operations
from sandbox.oci.api.endpoints import Handler, endpoints, own_answers
from sandbox.oci.api.generic import handler_of
from sandbox.oci.api.parameters import refusing
from sandbox.oci.api.unanswered import not_modelled
from sandbox.oci.api.work_request_notes import METHODS, list_notes
from sandbox.oci.api.work_requests import get_work_request, list_work_requests
from sandbox.oci.errors import OciError, invalid_parameter

_GREEDY = frozenset({"objectName"})
"""Parameters that may have slashes in them, also as their first and last character."""


@dataclass
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    parameter: "_Node | None" = None
    greedy: bool = False
    operations: dict[str, Operation] = field(default_factory=dict)


@cache
def _tree() -> _Node:
    root = _Node()
    for each in operations():
        node = root
        for part in each.path.strip("/").split("/"):
            if part.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
                node.greedy = node.greedy or part[1:-1] in _GREEDY
            else:
                node = node.children.setdefault(part, _Node())
        node.operations.setdefault(each.method, each)
    return root


def find_operation(method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
    """The operation of a call, with the path's parameters. `raw_path` is as sent, with its escapes.

    A slash at the end is part of an object's name and means nothing in other paths. 400 for a path that is not UTF-8.
    404 NotFound for an unknown path, 405 MethodNotAllowed for a method that the path does not have:
    codes of Oracle's page "API Errors".
    """
    found = _found(raw_path.removeprefix("/")) or _found(raw_path.strip("/"))
    if found is None:
        raise OciError(404, "NotFound", f"There is no operation at {unquote(raw_path)}.")
    node, values = found
    operation = node.operations.get(method)
    if operation is None:
        allowed = ", ".join(sorted(node.operations))
        raise OciError(405, "MethodNotAllowed", f"{method} is not allowed at this path: {allowed}.")
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return operation, dict(zip(names, values, strict=True))


def _found(raw_path: str) -> tuple[_Node, list[str]] | None:
    try:
        parts = [unquote(part, errors="strict") for part in raw_path.split("/")]
    except UnicodeDecodeError:
        raise invalid_parameter("The path is not UTF-8.") from None
    return _walk(_tree(), parts, [])


def sends_a_file(method: str, raw_path: str) -> bool:
    """Whether a call's operation sends a file instead of JSON, as PutObject does."""
    try:
        operation, _ = find_operation(method, raw_path)
    except OciError:
        return False
    return operation.body is not None and operation.body.name in ("file", "bytes")


def _walk(node: _Node, parts: list[str], values: list[str]) -> tuple[_Node, list[str]] | None:
    if not parts:
        return (node, values) if node.operations else None
    child = node.children.get(parts[0])
    found = _walk(child, parts[1:], values) if child else None
    if found is None and node.parameter is not None and parts[0]:
        found = _walk(node.parameter, parts[1:], [*values, parts[0]])
    if found is None and node.parameter is not None and node.parameter.greedy and parts != [""]:
        found = node.parameter, [*values, "/".join(parts)]
    return found


@cache
def handlers() -> Mapping[tuple[str, str], Handler]:
    """The function that answers an operation, by client and SDK method."""
    found: dict[tuple[str, str], Handler] = {}
    for each in operations():
        client = f"{each.package}.{each.client}"
        if each.method_name == "get_work_request":
            found[client, each.method_name] = get_work_request
        elif each.method_name == "list_work_requests":
            found[client, each.method_name] = list_work_requests
        elif each.method_name in METHODS:
            found[client, each.method_name] = list_notes
    for endpoint in endpoints():
        for kind, operation in endpoint.operations():
            found[endpoint.client, operation.method_name] = handler_of(endpoint, kind)
    own = {name: refusing(function, parameters) for name, (function, parameters) in own_answers().items()}
    return {**found, **own}


def handler(operation: Operation) -> Handler:
    """The function that answers an operation. 501 with the operation's name if nothing does."""
    found = handlers().get((f"{operation.package}.{operation.client}", operation.method_name))
    if found is None:
        raise OciError(501, "NotImplemented", not_modelled(operation))
    return found
