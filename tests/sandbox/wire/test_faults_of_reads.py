"""Faults of every operation that only reads: each meets those of its own type, and of no other."""

import re
from collections.abc import Iterator

import pytest

from facts.oci_api import Operation, Value, operations, packages
from sandbox.oci.account import Account
from sandbox.oci.api.endpoints import endpoints
from sandbox.oci.api.request import Request
from sandbox.oci.api.router import handlers
from sandbox.oci.errors import OciError
from sandbox.oci.operations import Operations
from sandbox.store import Store
from tests.sandbox.oci.driver import TENANCY

ACCOUNT = Account("us-ashburn-1", TENANCY, retry_seconds=0, connected=True)
TYPES = {
    (operation.package, operation.client, operation.name): endpoint.token
    for endpoint in endpoints()
    for _, operation in endpoint.operations()
}
"""The type of each operation that is answered as for every type."""


def reads(package: str) -> Iterator[Operation]:
    """The operations of a package that are answered and only read."""
    for each in operations():
        key = f"{each.package}.{each.client}", each.method_name
        if each.package == package and each.method in ("GET", "HEAD") and key in handlers():
            yield each


def value_of(known: Value) -> str:
    return "1" if known.type.innermost.name == "int" else (*known.choices, "x")[0]


def refusal(cloud: Operations, operation: Operation) -> OciError | None:
    """The refusal of a call whose resource does not exist."""
    query = {name: (value_of(known),) for name, known in operation.query.items() if known.required}
    path = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), "x")
    request = Request(
        operations=cloud, account=ACCOUNT, operation=operation, path=path, query=query, headers={}
    )
    try:
        handlers()[f"{operation.package}.{operation.client}", operation.method_name](request)
    except OciError as error:
        return error
    return None


@pytest.mark.parametrize("package", [each for each in packages() if any(reads(each))])
def test_each_read_meets_the_faults_of_its_type_once(package: str) -> None:
    with Store(":memory:") as store:
        cloud = Operations(store)
        for operation in reads(package):
            for kind in ("read", "invoke"):
                cloud.faults.add("throttle", operation=kind)
            found = refusal(cloud, operation)
            assert found is not None, operation.name
            assert found.status == 429, operation.name
            assert sum(each.hits for each in cloud.faults.list()) == 1, operation.name
            cloud.faults.clear()


@pytest.mark.parametrize("package", sorted({package for package, _, _ in TYPES}))
def test_a_fault_of_a_type_hits_the_reads_of_this_type_and_no_others(package: str) -> None:
    with Store(":memory:") as store:
        cloud = Operations(store)
        for operation in reads(package):
            token = TYPES.get((operation.package, operation.client, operation.name))
            if token is None:
                continue
            cloud.faults.add("throttle", type=token, operation="read")
            found = refusal(cloud, operation)
            assert found is not None, operation.name
            assert found.status == 429, operation.name
            cloud.faults.clear()
            cloud.faults.add("throttle", type="oci:Other/other:Other", operation="read")
            other = refusal(cloud, operation)
            assert other is None or other.status != 429, operation.name
            cloud.faults.clear()
