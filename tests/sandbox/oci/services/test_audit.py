"""What the Audit service refuses."""

import pytest

from sandbox.oci.services.audit import CONFIGURATION
from tests.sandbox.oci.conftest import COMPARTMENT, TENANCY, Refused, Service


@pytest.mark.parametrize("days", [89, 366])
def test_audit_keeps_its_events_for_90_to_365_days(service: Service, refused: Refused, days: int) -> None:
    given = {"compartmentId": TENANCY, "retentionPeriodDays": days}
    refused(400, "InvalidParameter", "must be between 90 and 365", service.create, CONFIGURATION, **given)
    service.create(CONFIGURATION, compartmentId=TENANCY, retentionPeriodDays=365)


def test_audit_is_configured_in_the_tenancy_only(service: Service, refused: Refused) -> None:
    given = {"compartmentId": COMPARTMENT, "retentionPeriodDays": 365}
    refused(400, "InvalidParameter", "the root compartment", service.create, CONFIGURATION, **given)
