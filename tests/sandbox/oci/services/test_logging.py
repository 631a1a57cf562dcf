"""What Logging refuses."""

import pytest

from tests.sandbox.oci.conftest import Refused, Service


@pytest.mark.parametrize("days", [29, 45, 210])
def test_a_log_kept_for_an_odd_time_is_refused(service: Service, refused: Refused, days: int) -> None:
    refused(
        400, "InvalidParameter", "in increments of 30",
        service.create, "oci:Logging/log:Log", logGroupId="ocid1.loggroup.oc1.iad.aaaa", logType="CUSTOM",
        displayName="flow", retentionDuration=days,
    )  # fmt: skip


def test_a_log_group_name_twice_in_a_compartment_is_refused(service: Service, refused: Refused) -> None:
    service.create("oci:Logging/logGroup:LogGroup", displayName="flow")
    refused(409, "Conflict", "flow already exists", service.create, "oci:Logging/logGroup:LogGroup",
            displayName="flow")  # fmt: skip
