"""Values that the services accept where a generated word would be refused."""

from typing import Any

from tests.sandbox.oci.driver import COMPARTMENT

SEARCH_CLUSTER: dict[str, Any] = {
    "softwareVersion": "2.15.0",
    "dataNodeHostType": "FLEX",
    "dataNodeHostMemoryGb": 20,
    "masterNodeHostType": "FLEX",
    "masterNodeHostMemoryGb": 20,
}

WINDOW: dict[str, Any] = {
    "alarmSuppressionTarget": {"targetType": "COMPARTMENT", "compartmentId": COMPARTMENT},
    "level": "ALARM",
    "timeSuppressFrom": "2026-12-01T00:00:00Z",
    "timeSuppressUntil": "2026-12-02T00:00:00Z",
}
