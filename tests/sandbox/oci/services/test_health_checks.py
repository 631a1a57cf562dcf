"""What Health Checks refuses."""

from typing import Any

import pytest

from sandbox.oci.lookups import Login, invoke
from sandbox.oci.model import Entry
from sandbox.oci.services.health_checks import MONITOR
from tests.sandbox.oci.conftest import REGION, TENANCY, Refused, Service


def monitor(service: Service, **changes: Any) -> Entry:
    given = {
        "displayName": "api",
        "protocol": "HTTPS",
        "targets": ["api.example.com"],
        "intervalInSeconds": 30,
        "timeoutInSeconds": 10,
    }
    return service.create(MONITOR, **(given | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"intervalInSeconds": 20}, "intervalInSeconds must be one of 10, 30, 60"),
        ({"timeoutInSeconds": 15}, "timeoutInSeconds must be one of 10, 20, 30, 60"),
        ({"timeoutInSeconds": 60}, "timeoutInSeconds must be less than or equal to intervalInSeconds"),
        ({"targets": ["https://api.example.com"]}, "must be a host name or an IP address"),
        ({"targets": [" "]}, "must be a host name or an IP address"),
        ({"port": 65_536}, "port 65536 must be between 1 and 65535"),
        ({"targets": []}, "targets size must be at least 1"),
        ({"protocol": "TCP"}, "protocol must be one of HTTP, HTTPS"),
        ({"method": "POST"}, "method must be one of GET, HEAD"),
        ({"headers": {"authorization": "Bearer x"}}, "do not support the Authorization header"),
    ],
)
def test_a_wrong_monitor_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, monitor, service, **changes)


def test_a_monitor_with_other_headers_is_accepted(service: Service) -> None:
    monitor(service, headers={"User-Agent": "health"}, method="HEAD", timeoutInSeconds=30)


def test_vantage_points_are_found_by_name(service: Service) -> None:
    class Asker:
        region, tenancy, login = REGION, TENANCY, Login()

    token = "oci:HealthChecks/getVantagePoints:getVantagePoints"
    found: Any = invoke(service.cloud, Asker(), token, {"name": "aws-iad"})
    assert [each["name"] for each in found["healthChecksVantagePoints"]] == ["aws-iad"]
