"""What web application firewalls refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

POLICY = "oci:Waf/appFirewallPolicy:AppFirewallPolicy"
FIREWALL = "oci:Waf/appFirewall:AppFirewall"


def _policy(service: Service, **module: Any) -> Entry:
    actions = [{"name": "block", "type": "RETURN_HTTP_RESPONSE", "code": 403}]
    return service.create(POLICY, **{"actions": actions, **module})


def _rules(kind: str, **rule: Any) -> dict[str, Any]:
    return {"rules": [{"name": "r", "type": kind, "actionName": "block", **rule}]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"actions": [{"name": "a", "type": "DROP"}]}, "type must be one of"),
        ({"actions": [{"name": "a", "type": "RETURN_HTTP_RESPONSE"}]}, "code is required"),
        ({"actions": [{"name": "a", "type": "CHECK"}] * 2}, "name 'a' is not unique"),
        (
            {"requestProtection": _rules("PROTECTION", actionName="drop")},
            "action 'drop' of rule 'r' is not defined",
        ),
        ({"requestProtection": _rules("ACCESS_CONTROL")}, "must be of type PROTECTION"),
        (
            {
                "requestProtection": _rules(
                    "PROTECTION", protectionCapabilities=[{"key": "sqli", "version": 1}]
                )
            },
            "Protection capability with key sqli",
        ),
        (
            {"requestRateLimiting": _rules("REQUEST_RATE_LIMITING", configurations=[{"periodInSeconds": 0}])},
            "periodInSeconds 0 must be",
        ),
        ({"requestProtection": {"bodyInspectionSizeLimitInBytes": 65536}}, "must be 0 to 8192"),
    ],
)
def test_an_ill_formed_firewall_policy_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, _policy, service, **wrong)


def test_a_balancer_has_one_firewall_whose_policy_cannot_be_deleted(
    service: Service, refused: Refused, balancer: Entry
) -> None:
    policy = _policy(service)
    given = {
        "backendType": "LOAD_BALANCER",
        "loadBalancerId": balancer.id,
        "webAppFirewallPolicyId": policy.id,
    }
    service.create(FIREWALL, **given)
    refused(409, "Conflict", "already has a WebAppFirewall", service.create, FIREWALL, **given)
    refused(409, "IncorrectState", "is attached to a WebAppFirewall", service.delete, policy)
