"""HealthCheck: an HTTP monitor, and the rule of the security group that lets its requests in."""

from typing import Any

import pytest

from components.observability.health_check import HealthCheck, HealthCheckArgs
from facts.ports import RULES
from facts.problem import InvalidInput
from tests.support.monitor import Recording, oci_options, run

MONITOR = "oci:HealthChecks/httpMonitor:HttpMonitor"


def check(preview: bool = False, **changes: Any) -> Recording:
    args = {"compartment_id": "c", "targets": ["api.example.com"], **changes}
    return run(lambda: HealthCheck("api", HealthCheckArgs(**args), oci_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_three_places_at_three_providers_call_every_half_minute(preview: bool):
    inputs = check(preview).one(MONITOR).inputs
    assert inputs["targets"] == ["api.example.com"]
    assert (inputs["protocol"], inputs["method"], inputs["path"]) == ("HTTPS", "GET", "/")
    assert (inputs["intervalInSeconds"], inputs["timeoutInSeconds"]) == (30, 10)
    assert len({each[:3] for each in inputs["vantagePointNames"]}) == 3


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"interval_seconds": 0}, "api.intervalSeconds"),
        ({"interval_seconds": 10, "timeout_seconds": 20}, "api.timeoutSeconds"),
        ({"timeout_seconds": 0}, "api.timeoutSeconds"),
        ({"headers": {"Authorization": "x"}}, "api.headers"),
        ({"method": "PUT"}, "api.method"),
        ({"path": "health"}, "api.path"),
        ({"vantage_points": []}, "api.vantagePoints"),
        ({"targets": []}, "api.targets"),
        ({"targets": ["api.example.com", "https://api.example.com"]}, "api.targets[1]"),
        ({"targets": ["10.0.0.5"]}, "api.targets[0]"),
        ({"protocol": "TCP"}, "api.protocol"),
    ],
)
def test_a_wrong_check_is_refused(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        check(**changes)
    assert [each.path for each in refused.value.problems] == [path]


def test_the_group_of_a_public_balancer_lets_the_checks_in_from_everywhere():
    let_in = {
        rule.ports
        for rule in RULES
        if rule.group == "frontend" and rule.direction == "ingress" and rule.peer == "cidr:0.0.0.0/0"
    }
    assert {(80, 80), (443, 443)} <= let_in
