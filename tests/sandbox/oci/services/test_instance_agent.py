"""Oracle Cloud Agent: the plugins that an operating system can have."""

import re

import pytest

from facts.oci_api import operations_of
from sandbox.oci.account import Account
from sandbox.oci.api.request import Request
from sandbox.oci.operations import Operations
from sandbox.oci.services.instance_agent import PLUGINS, available_plugins
from sandbox.store import Store
from tests.sandbox.oci.driver import TENANCY

ACCOUNT = Account("us-ashburn-1", TENANCY, retry_seconds=0, connected=True)


def listed(**query: str) -> list[dict[str, object]]:
    """The rows of the answer to a list with these query parameters."""
    operation = operations_of("compute_instance_agent.PluginconfigClient")[
        "list_instanceagent_available_plugins"
    ]
    where = {"compartmentId": (TENANCY,), "osName": ("Canonical Ubuntu",), "osVersion": ("24.04",)}
    where |= {name: (value,) for name, value in query.items()}
    with Store(":memory:") as store:
        request = Request(
            operations=Operations(store),
            account=ACCOUNT,
            operation=operation,
            path={},
            query=where,
            headers={},
        )
        body = available_plugins(request).body
    assert isinstance(body, list)
    return body


def test_each_plugin_is_listed_once() -> None:
    assert sorted(str(each["name"]) for each in listed()) == sorted(PLUGINS)


@pytest.mark.parametrize("name", ["Compute HPC RDMA Authentication", "High Performance Computing"])
def test_a_list_can_ask_for_one_plugin(name: str) -> None:
    assert [each["name"] for each in listed(name=name)] == [name]


def test_a_plugin_that_is_not_offered_is_not_listed() -> None:
    assert listed(name="High Performance") == []


def test_no_rdma_plugin_runs_unless_a_program_enables_it() -> None:
    rdma = [each for each in listed() if re.search("RDMA|High Performance", str(each["name"]))]
    assert rdma
    assert not any(each["isEnabledByDefault"] for each in rdma)
