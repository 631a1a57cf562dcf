"""The operations that the real provider calls, by its source: those that the REST API must answer for the stacks."""

import pytest

from facts.oci_api import Operation, operations, operations_of
from facts.provider_lifecycles import Lifecycle, lifecycles
from sandbox.oci.api.router import handlers
from sandbox.oci.api.unanswered import reasons
from tests.sandbox.wire.conftest import Wire
from tests.sandbox.wire.http import call

LOOKUPS = (
    "ListAvailabilityDomains",
    "ListServices",
    "GetNamespace",
    "CreateKubeconfig",
    "GetConnectionDetails",
    "ListShapes",
    "ListImages",
    "GetImage",
    "GetClusterOptions",
    "GetNodePoolOptions",
    "ListRegions",
    "ListRegionSubscriptions",
    "ListFaultDomains",
    "GetTenancy",
    "ListLimitValues",
    "GetResourceAvailability",
)
"""The operations behind the look-ups of the stacks and of this project's commands."""


def operation(client: str, name: str) -> Operation | None:
    """A client's operation. The API's names and the provider's differ in the case of abbreviations."""
    known = operations_of(client).values()
    return next((each for each in known if each.name.lower() == name.lower()), None)


def key(found: Operation) -> tuple[str, str]:
    return f"{found.package}.{found.client}", found.method_name


def called_by(life: Lifecycle) -> set[tuple[str, str]]:
    """The client and the name of every operation that create, read, update or delete of a type may call."""
    named = {name for names in life.operations.values() for name in names}
    return {(client, name) for client in life.clients for name in named if operation(client, name)}


@pytest.mark.parametrize("token", sorted(lifecycles()))
def test_every_operation_that_the_provider_calls_for_a_type_is_answered_or_has_a_reason(token: str) -> None:
    called = called_by(lifecycles()[token])
    named = {name for names in lifecycles()[token].operations.values() for name in names}
    assert {name for _, name in called} == named, "an operation is of none of the type's clients"
    found = {each: operation(*each) for each in called}
    unanswered = {each for each, known in found.items() if known is not None and key(known) not in handlers()}
    assert unanswered <= reasons().keys()


def test_each_reason_is_for_an_operation_that_the_provider_calls_and_that_is_not_answered() -> None:
    called = {each for life in lifecycles().values() for each in called_by(life)}
    for each in reasons():
        found = operation(*each)
        assert found is not None, each
        assert each in called, each
        assert key(found) not in handlers(), each


def test_a_client_is_told_the_reason(wire: Wire) -> None:
    answer = call(wire, "POST", "/20171215/fileSystems/x/actions/detachClone")
    assert (answer.status, answer.code) == (501, "NotImplemented")
    assert (
        answer.message == "The sandbox does not model DetachClone: clones of file systems are not modelled."
    )


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_look_up_is_answered(name: str) -> None:
    assert any(key(each) in handlers() for each in operations() if each.name == name)
