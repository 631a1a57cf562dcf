"""What budgets refuse."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import TENANCY, Refused, Service

BUDGET = "oci:Budget/budget:Budget"
BUDGET_RULE = "oci:Budget/rule:Rule"


def _budget(service: Service, **inputs: Any) -> Entry:
    return service.create(BUDGET, **{
        "compartmentId": TENANCY, "amount": 50000, "resetPeriod": "MONTHLY", "targetType": "COMPARTMENT",
        "targets": ["ocid1.compartment.oc1..aaaa"], "displayName": "staging",
    } | inputs)  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": 0}, "whole number"),
        ({"amount": 10.5}, "whole number"),
        ({"resetPeriod": "DAILY"}, "resetPeriod must be one of MONTHLY"),
        ({"targetType": "USER"}, "targetType"),
        ({"targets": []}, "exactly one target"),
        ({"processingPeriodType": "YEAR"}, "processingPeriodType must be one of INVOICE, MONTH, SINGLE_USE"),
        ({"processingPeriodType": "SINGLE_USE"}, "startDate and endDate are required"),
        ({"targets": ["ocid1.compartment.oc1..a", "ocid1.compartment.oc1..b"]}, "exactly one target"),
        ({"compartmentId": "ocid1.compartment.oc1..aaaa"}, "root compartment"),
    ],
)
def test_an_ill_formed_budget_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _budget, service, **wrong)


def test_a_budget_name_twice_is_refused(service: Service, refused: Refused) -> None:
    _budget(service)
    refused(409, "Conflict", "staging already exists", _budget, service)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"threshold": 10_001}, "threshold 10001 must be greater than 0 and at most 10000 percent"),
        ({"threshold": 0}, "threshold 0 must be greater than 0 and at most 10000 percent"),
        ({"type": "GUESS"}, "type must be one of ACTUAL, FORECAST"),
        ({"thresholdType": "SHARE"}, "thresholdType must be one of PERCENTAGE, ABSOLUTE"),
    ],
)
def test_an_ill_formed_budget_rule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], message: str
) -> None:
    inputs = {
        "budgetId": _budget(service).id,
        "threshold": 80,
        "thresholdType": "PERCENTAGE",
        "type": "ACTUAL",
    }
    refused(400, "InvalidParameter", message, service.create, BUDGET_RULE, **(inputs | wrong))
