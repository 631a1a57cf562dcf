"""Monitoring: windows in which alarms are mute.

Sources: the SDK's descriptions of CreateAlarmSuppressionDetails and of the recurrence condition. The words of refusals
are the sandbox's own, but for dimensions that are too long, which the SDK quotes.
"""

import json
import re
from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.listing import page, rows_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, one_of, parse_duration, time_of

SUPPRESSION: Final = "oci:Monitoring/alarmSuppression:AlarmSuppression"

describe(SUPPRESSION, ocid="alarmsuppression")

MOST_DIMENSIONS: Final = 4_000
_DAYS: Final = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
_PARTS: Final = {"BYHOUR": range(24), "BYMINUTE": range(60), "BYSECOND": range(60)}
_SHORTEST, _LONGEST = 60, 24 * 3_600


@rule(SUPPRESSION)
def target(call: Call) -> None:
    """400 for a target without its OCID, or all compartments below another than the tenancy."""
    for each in blocks(call.inputs, "alarmSuppressionTarget"):
        kind, alarm, compartment = (
            str(each.get(name) or "") for name in ("targetType", "alarmId", "compartmentId")
        )
        refusal = one_of("targetType", kind, ("ALARM", "COMPARTMENT"))
        if refusal:
            raise refusal
        if not (alarm if kind.upper() == "ALARM" else compartment):
            raise invalid_parameter(f"alarmSuppressionTarget of type {kind} needs its OCID.")
        if each.get("compartmentIdInSubtree") and not compartment.startswith("ocid1.tenancy."):
            raise invalid_parameter(
                "compartmentIdInSubtree can be true only when compartmentId is the tenancy."
            )


@rule(SUPPRESSION)
def level(call: Call) -> None:
    """400 for an unknown level, for the level DIMENSION without dimensions, or for more than 4,000 characters."""
    named = str(call.inputs.get("level") or "DIMENSION")
    refusal = one_of("level", named, ("ALARM", "DIMENSION"))
    if refusal:
        raise refusal
    dimensions = call.inputs.get("dimensions") or {}
    if named.upper() == "DIMENSION" and not dimensions:
        raise invalid_parameter("dimensions is required when level is DIMENSION, and cannot be empty.")
    if len(json.dumps(dimensions)) > MOST_DIMENSIONS:
        raise invalid_parameter("dimensions values are too long")


@rule(SUPPRESSION)
def times(call: Call) -> None:
    """400 for times that are not RFC 3339, or an end that is not after the beginning."""
    found = {}
    for name in ("timeSuppressFrom", "timeSuppressUntil"):
        found[name] = time_of(str(call.inputs.get(name)))
        if found[name] is None:
            raise invalid_parameter(f"{name}: {call.inputs.get(name)} is not a time of RFC 3339.")
    if found["timeSuppressUntil"] <= found["timeSuppressFrom"]:
        raise invalid_parameter("timeSuppressUntil must be after timeSuppressFrom.")


@rule(SUPPRESSION)
def recurrence(call: Call) -> None:
    """400 for a recurrence that is not daily or weekly, with other parts, or a length outside PT1M to PT24H."""
    for each in blocks(call.inputs, "suppressionConditions"):
        text = str(each.get("suppressionRecurrence") or "")
        parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
        if parts.get("FREQ") not in ("DAILY", "WEEKLY") or not _known(parts):
            raise invalid_parameter(f"suppressionRecurrence is invalid: {text}")
        seconds = parse_duration(str(each.get("suppressionDuration")))
        if seconds is None or not _SHORTEST <= seconds <= _LONGEST:
            length = each.get("suppressionDuration")
            raise invalid_parameter(f"suppressionDuration: {length} must be between PT1M and PT24H.")


def _known(parts: dict[str, Any]) -> bool:
    days = str(parts.get("BYDAY", "MO")).split(",")
    if not set(days) <= _DAYS or ("BYDAY" in parts and parts["FREQ"] != "WEEKLY"):
        return False
    numbers = {name: parts[name] for name in _PARTS if name in parts}
    if not all(
        re.fullmatch(r"[0-9]{1,2}", text) and int(text) in _PARTS[name] for name, text in numbers.items()
    ):
        return False
    return set(parts) <= {"FREQ", "BYDAY", *_PARTS}


_CLIENT: Final = "monitoring.MonitoringClient"

endpoint(SUPPRESSION, _CLIENT, "alarm_suppression", methods={"list": ""})


@answers(_CLIENT, "list_alarm_suppressions", lists=True, reads=("alarmId", "compartmentId", "targetType"))
def list_suppressions(request: Request) -> Response:
    """The suppressions of an alarm, or of a compartment and what it contains: the SDK's list_alarm_suppressions."""
    alarm, compartment, kind = map(request.argument, ("alarmId", "compartmentId", "targetType"))
    rows: list[dict[str, Any]] = []
    for row in rows_of(endpoint_of(SUPPRESSION), request):
        muted = row["alarmSuppressionTarget"]
        if (
            alarm in (None, muted.get("alarmId"))
            and kind in (None, muted.get("targetType"))
            and compartment in (None, muted.get("compartmentId"), row.get("compartmentId"))
        ):
            rows.append(row)
    return page(request, rows, ignored=("alarmId", "compartmentId", "targetType"))
