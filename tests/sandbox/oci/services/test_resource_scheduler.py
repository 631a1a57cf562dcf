"""What Resource Scheduler refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.services.resource_scheduler import SCHEDULE
from tests.sandbox.oci.conftest import Refused, Service

FUNCTION = "ocid1.fnfunc.oc1.iad.aaaaofanexistingaccount"
POOL = "ocid1.nodepool.oc1.iad.aaaaofanexistingaccount"
INSTANCE = "ocid1.instance.oc1.iad.aaaaofanexistingaccount"


def schedule(service: Service, **changes: Any) -> Entry:
    given = {
        "action": "START_RESOURCE",
        "recurrenceType": "CRON",
        "recurrenceDetails": "30 19 * * 1-5",
        "resources": [{"id": FUNCTION}],
    }
    return service.create(SCHEDULE, **(given | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"action": "RESIZE"}, "action must be one of START_RESOURCE, STOP_RESOURCE, BACKUP_RESOURCE"),
        ({"recurrenceType": "RATE"}, "recurrenceType must be one of CRON, ICAL"),
        ({"recurrenceDetails": "0 30 19 * * 1-5"}, "expected exactly 5 fields, found 6"),
        ({"recurrenceDetails": "30 24 * * *"}, "the hour 24"),
        ({"recurrenceType": "ICAL", "recurrenceDetails": "every day"}, "not a recurrence rule of RFC 5545"),
        ({"recurrenceType": "ICAL", "recurrenceDetails": "FREQ=OFTEN"}, "not a recurrence rule of RFC 5545"),
        ({"recurrenceType": "ICAL", "recurrenceDetails": "BYHOUR=9"}, "not a recurrence rule of RFC 5545"),
        ({"recurrenceDetails": "@daily"}, "expected 5 fields"),
        ({"localTimeZone": "Mars/Olympus"}, "localTimeZone 'Mars/Olympus' is not an IANA time zone"),
        ({"resources": []}, "Exactly one of resources and resourceFilters"),
        (
            {"resourceFilters": [{"attribute": "RESOURCE_TYPE"}]},
            "Exactly one of resources and resourceFilters",
        ),
        ({"resources": [{"id": INSTANCE}] * 201}, "resources size must be between 1 and 200"),
        ({"resources": [{"id": POOL}]}, "resources of type nodepool cannot be scheduled"),
        ({"resources": [{"id": "stop"}]}, "'stop' is not an OCID"),
        ({"action": "STOP_RESOURCE"}, "action STOP_RESOURCE is not supported for functions"),
        (
            {"timeStarts": "2027-01-02T00:00:00Z", "timeEnds": "2027-01-01T00:00:00Z"},
            "timeEnds must be after timeStarts",
        ),
    ],
)
def test_a_wrong_schedule_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, schedule, service, **changes)


def test_schedules_of_functions_instances_and_filters_are_accepted(service: Service) -> None:
    schedule(service, localTimeZone="Europe/Zurich")
    schedule(service, action="STOP_RESOURCE", resources=[{"id": INSTANCE}])
    schedule(service, resources=[], resourceFilters=[{"attribute": "RESOURCE_TYPE"}])
    schedule(service, recurrenceType="ICAL", recurrenceDetails="FREQ=DAILY;INTERVAL=1")
