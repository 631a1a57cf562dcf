"""Limits by the official SDK."""

from typing import Any

import pytest
from oci.limits import LimitsClient

from tests.sandbox.wire.conftest import Wire


@pytest.fixture
def limits(wire: Wire) -> Any:
    return wire.client(LimitsClient)


def test_services_definitions_and_values_of_limits_are_listed(limits: Any, wire: Wire) -> None:
    tenancy = wire.profile.tenancy
    assert "compute" in [each.name for each in limits.list_services(tenancy).data]
    definitions = limits.list_limit_definitions(tenancy, service_name="compute").data
    assert "gpu-mi300x-count" in [each.name for each in definitions]
    rows = limits.list_limit_values(tenancy, "compute", name="gpu-mi300x-count").data
    assert len(rows) == 3
    assert {row.scope_type for row in rows} == {"AD"}


def test_the_available_part_of_a_limit_follows_the_sandboxs_limits(limits: Any, wire: Wire) -> None:
    wire.cloud.set_limit("gpu-mi300x-count", 24, region=wire.region)
    rows = limits.list_limit_values(wire.profile.tenancy, "compute", name="gpu-mi300x-count").data
    domain = rows[0].availability_domain
    found = limits.get_resource_availability(
        "compute", "gpu-mi300x-count", wire.profile.tenancy, availability_domain=domain
    ).data
    assert (found.available, found.used) == (24, 0)
