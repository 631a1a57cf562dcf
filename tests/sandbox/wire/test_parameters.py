"""Query parameters of every operation that a service answers by a function of its own: none is dropped silently."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest

from facts.oci_api import Operation, Value, operations_of
from sandbox.oci.account import Account
from sandbox.oci.api.endpoints import Handler, Parameters, own_answers
from sandbox.oci.api.parameters import DEFAULTS, PAGING, accepted, refusing
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations
from sandbox.store import Store
from tests.sandbox.oci.driver import TENANCY

SERVICES = Path(inspect.getfile(own_answers)).parents[1] / "services"
ACCOUNT = Account("us-ashburn-1", TENANCY)
OWN = [
    pytest.param(operations_of(client)[method], *own, id=f"{client}.{method}")
    for (client, method), own in sorted(own_answers().items(), key=lambda item: item[0])
    if operations_of(client)[method].query
]


def value_of(known: Value) -> str:
    """A value that is not what leaving the parameter out means."""
    if known.type.innermost.name == "bool":
        return "true"
    return next((each for each in known.choices if each not in DEFAULTS.get(known.name, ())), "1")


@pytest.mark.parametrize(("operation", "handler", "parameters"), OWN)
def test_a_parameter_that_a_function_does_not_read_is_refused_by_its_name(
    store: Store, operation: Operation, handler: Handler, parameters: Parameters
) -> None:
    operations, reached = Operations(store), list[str]()

    def function(request: Request) -> Response:
        reached.extend(request.query)
        return Response()

    for name, known in operation.query.items():
        query: dict[str, Any] = {name: (value_of(known),)}
        request = Request(
            operations=operations, account=ACCOUNT, operation=operation, path={}, query=query, headers={}
        )
        if name in accepted(parameters, operation):
            refusing(function, parameters)(request)
            continue
        with pytest.raises(OciError, match=rf"\b{name}\b") as refusal:
            refusing(function, parameters)(request)
        assert refusal.value.status == 501
    assert set(reached) == accepted(parameters, operation) & operation.query.keys()


def texts_in(function: Any) -> set[str]:
    """The words in the modules of a service that are not arguments of a registration."""
    file = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    folder = file.parent if file.parent != SERVICES else file
    files = folder.glob("*.py") if folder.is_dir() else [folder]
    return {word for each in files for word in _texts(ast.parse(each.read_text(encoding="utf-8")))}


def _texts(node: ast.AST) -> set[str]:
    if isinstance(node, ast.keyword) and node.arg in ("reads", "harmless"):
        return set()
    own = {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set[str]()
    return own.union(*map(_texts, ast.iter_child_nodes(node)))


@pytest.mark.parametrize(("operation", "handler", "parameters"), OWN)
def test_what_a_function_says_of_parameters_is_so(
    operation: Operation, handler: Handler, parameters: Parameters
) -> None:
    if "looking_up" not in inspect.getfile(handler):
        words = texts_in(handler)
        if "last_key(request)" in inspect.getsource(inspect.getmodule(handler) or handler):
            words |= {"page"}
        beginnings = tuple(word for word in words if word.startswith("httpResponse"))
        for each in {*parameters.reads} & operation.query.keys():
            assert each in words or each.startswith(beginnings), each
    if parameters.lists:
        assert "page(request" in inspect.getsource(inspect.getmodule(handler) or handler)
    assert not PAGING & {*parameters.reads} - operation.query.keys()


def test_every_parameter_of_a_registration_is_one_of_its_operations() -> None:
    known: dict[Handler, set[str]] = {}
    for (client, method), (handler, _) in own_answers().items():
        known.setdefault(handler, set()).update(operations_of(client)[method].query)
    for (_, method), (handler, parameters) in own_answers().items():
        named = {*parameters.reads, *parameters.harmless} - {"compartmentId"}
        assert named <= known[handler], method
