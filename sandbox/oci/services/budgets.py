"""Budgets, their alert rules, and monitors of unusual costs."""

from typing import Final, cast

from facts.json_text import read_json
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.rules.references import refers

BUDGET: Final = "oci:Budget/budget:Budget"
RULE: Final = "oci:Budget/rule:Rule"
MONITOR: Final = "oci:Budget/costAnomalyMonitor:CostAnomalyMonitor"
SUBSCRIPTION: Final = "oci:Budget/costAlertSubscription:CostAlertSubscription"

describe(BUDGET, region="none")
describe(RULE, ocid="budgetalertrule")
refers(RULE, budgetId=(BUDGET,))


@rule(BUDGET, on="create update")
def budget(call: Call) -> None:
    """400 unless the amount is a whole number from 1, with a known period, one target and the root compartment."""
    amount = number(call.inputs, "amount") or 0
    if amount < 1 or amount != int(amount):
        raise invalid_parameter(f"amount must be a whole number greater than 0, not {amount:g}.")
    refusal = one_of("resetPeriod", call.inputs.get("resetPeriod"), ("MONTHLY",))
    refusal = refusal or one_of("targetType", call.inputs.get("targetType"), ("COMPARTMENT", "TAG"))
    kind = call.inputs.get("processingPeriodType")
    refusal = refusal or one_of("processingPeriodType", kind, ("INVOICE", "MONTH", "SINGLE_USE"))
    if refusal:
        raise refusal
    if str(kind).upper() == "SINGLE_USE" and not (
        call.inputs.get("startDate") and call.inputs.get("endDate")
    ):
        raise invalid_parameter("startDate and endDate are required for processingPeriodType SINGLE_USE.")
    targets = texts(call.inputs, "targets") + texts(call.inputs, "targetCompartmentId")
    if len(targets) != 1:
        raise invalid_parameter("targets must contain exactly one target.")
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("Budgets can only be created in the root compartment.")


@rule(BUDGET)
def budget_name(call: Call) -> None:
    """409 for the display name of another budget."""
    name = call.inputs.get("displayName")
    if name and any(each.inputs.get("displayName") == name for each in call.cloud.all(BUDGET)):
        raise conflict(f"Budget with display name {name} already exists")


@rule(RULE, on="create update")
def alert_rule(call: Call) -> None:
    """400 unless the threshold is a percentage up to 10,000 or an amount, of actual or forecast spending."""
    refusal = one_of("thresholdType", call.inputs.get("thresholdType"), ("PERCENTAGE", "ABSOLUTE"))
    refusal = refusal or one_of("type", call.inputs.get("type"), ("ACTUAL", "FORECAST"))
    if refusal:
        raise refusal
    threshold = number(call.inputs, "threshold") or 0
    percent = str(call.inputs.get("thresholdType")).upper() == "PERCENTAGE"
    if threshold <= 0 or (percent and threshold > 10_000):
        raise invalid_parameter(f"threshold {threshold:g} must be greater than 0 and at most 10000 percent.")


@rule(MONITOR, SUBSCRIPTION, on="create update")
def in_the_root(call: Call) -> None:
    """400 for a monitor or subscription outside the root compartment. Source: Oracle's page on cost anomalies."""
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("compartmentId must be the OCID of the tenancy.")


@rule(SUBSCRIPTION, on="create update")
def channels(call: Call) -> None:
    """400 unless the channels are JSON with e-mail addresses or a Slack address."""
    found = _json(call.inputs.get("channels"), "channels")
    if (
        not found
        or not set(found) <= {"email", "slack"}
        or not all(isinstance(each, str) for each in found.values())
    ):
        raise invalid_parameter("channels must be JSON with email, slack or both.")


@rule(MONITOR, on="create update")
def anomaly_monitor(call: Call) -> None:
    """400 for a filter that is no JSON object with an operator, and for thresholds below 1."""
    found = _json(call.inputs.get("targetResourceFilter"), "targetResourceFilter")
    if refusal := one_of("targetResourceFilter.operator", found.get("operator"), ("AND", "OR")):
        raise refusal
    for each in blocks(call.inputs, "costAlertSubscriptionMap"):
        for name in ("thresholdAbsoluteValue", "thresholdRelativePercent"):
            if each.get(name) is not None and (number(each, name) or 0) < 1:
                raise invalid_parameter(f"costAlertSubscriptionMap.{name} must be 1 or more.")


@rule(MONITOR, SUBSCRIPTION)
def anomaly_name(call: Call) -> None:
    """409 for the name of another monitor or subscription."""
    name = call.inputs.get("name")
    if any(each.inputs.get("name") == name for each in call.cloud.all(call.token)):
        raise conflict(f"{name} already exists")


def _json(text: object, name: str) -> dict[str, object]:
    try:
        found = read_json(str(text))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise invalid_parameter(f"{name} must be a JSON object.")
    return cast("dict[str, object]", found)


_CLIENT = "budget.BudgetClient"
endpoint(BUDGET, _CLIENT, "budget")
endpoint(RULE, _CLIENT, "alert_rule")
