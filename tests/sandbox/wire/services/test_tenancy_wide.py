"""What a tenancy has once, and cost reports, by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.audit import AuditClient
from oci.audit import models as audit
from oci.cloud_guard import CloudGuardClient
from oci.cloud_guard import models as guard
from oci.usage_api import UsageapiClient
from oci.usage_api import models as usage

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire


def test_the_retention_of_the_audit_log_is_365_days_until_it_is_set(
    wire: Wire, refused: Callable[[], Refused]
) -> None:
    client: Any = wire.client(AuditClient)
    root = wire.profile.tenancy
    assert client.get_configuration(root).data.retention_period_days == 365
    for days in (90, 180):
        client.update_configuration(root, audit.UpdateConfigurationDetails(retention_period_days=days))
        assert client.get_configuration(root).data.retention_period_days == days
    for where, days in ((root, 89), (COMPARTMENT, 90)):
        with refused() as error:
            client.update_configuration(where, audit.UpdateConfigurationDetails(retention_period_days=days))
        assert error.status == 400
    assert client.get_configuration(root).data.retention_period_days == 180


def test_cloud_guard_is_disabled_until_it_is_enabled_and_keeps_its_region(
    wire: Wire, refused: Callable[[], Refused]
) -> None:
    client: Any = wire.client(CloudGuardClient)
    root = wire.profile.tenancy

    def wanted(region: str) -> guard.UpdateConfigurationDetails:
        return guard.UpdateConfigurationDetails(status="ENABLED", reporting_region=region)

    assert client.get_configuration(root).data.status == "DISABLED"
    assert client.update_configuration(wanted("us-ashburn-1"), root).data.status == "ENABLED"
    assert client.get_configuration(root).data.reporting_region == "us-ashburn-1"
    with refused() as error:
        client.update_configuration(wanted("us-phoenix-1"), root)
    assert error.status == 409


@pytest.mark.parametrize("days", ["LAST_7_DAYS", "LAST_8_DAYS"])
def test_a_cost_report_is_scheduled(wire: Wire, refused: Callable[[], Refused], days: str) -> None:
    client: Any = wire.client(UsageapiClient)
    root = wire.profile.tenancy
    query = usage.QueryProperties(
        granularity="DAILY",
        date_range=usage.DynamicDateRange(dynamic_date_range_type=days),
        is_aggregate_by_time=False,
    )
    details = usage.CreateScheduleDetails(
        name="monthly",
        compartment_id=root,
        result_location=usage.ObjectStorageLocation(
            region="us-ashburn-1", namespace="ns", bucket_name="costs"
        ),
        schedule_recurrences="MONTHLY",
        time_scheduled="2026-12-01T06:00:00Z",
        query_properties=query,
    )
    if days == "LAST_8_DAYS":
        with refused() as error:
            client.create_schedule(details)
        assert error.status == 400
        return
    made = client.create_schedule(details).data
    assert client.get_schedule(made.id).data.query_properties.date_range.dynamic_date_range_type == days
    client.update_schedule(usage.UpdateScheduleDetails(description="for finance"), made.id)
    assert [each.id for each in client.list_schedules(root).data.items] == [made.id]
    client.delete_schedule(made.id)
