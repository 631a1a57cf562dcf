"""The operations that the real provider calls, by its source: those that the REST API must answer for the stacks."""

import pytest

from facts.oci_api import Operation, operations
from facts.provider_lifecycles import lifecycles
from sandbox.oci.api.router import handlers

RESTORES = {
    "RestoreKeyFromFile",
    "RestoreKeyFromObjectStore",
    "RestoreVaultFromFile",
    "RestoreVaultFromObjectStore",
}
"""A create calls these only for a resource that is restored from a backup."""

DETACHES = {"PrivateIpVnicDetach"}
"""A delete calls this only for an address that a network interface has."""

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


def answered(name: str) -> bool:
    """Whether an operation is modelled. The API's names and the provider's differ in the case of abbreviations."""
    return any(_key(each) in handlers() for each in operations() if each.name.lower() == name.lower())


def _key(operation: Operation) -> tuple[str, str]:
    return f"{operation.package}.{operation.client}", operation.method_name


@pytest.mark.parametrize("token", sorted(lifecycles()))
def test_create_read_and_delete_of_a_type_call_only_operations_that_are_answered(token: str) -> None:
    steps = lifecycles()[token].operations
    called = {name for step in ("create", "read", "delete") for name in steps.get(step, ())}
    assert {name for name in called - RESTORES - DETACHES if not answered(name)} == set()


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_look_up_is_answered(name: str) -> None:
    assert answered(name)
