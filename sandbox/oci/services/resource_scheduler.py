"""Resource Scheduler: schedules that start or stop resources, and that invoke functions.

Sources: the SDK's text (`oci.resource_scheduler.models.CreateScheduleDetails`), Oracle's pages "Creating Schedules"
(at most 200 resources) and "Scheduling a Function" (functionsscheduling.htm: the action of a function is Start). The
words of the refusals are unverified.
"""

import re
from typing import Final
from zoneinfo import available_timezones

from facts.ocids import parse_ocid
from facts.schedules import schedule_problem
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, one_of, time_of

SCHEDULE: Final = "oci:ResourceScheduler/schedule:Schedule"
MOST_RESOURCES: Final = 200

describe(SCHEDULE, ocid="resourceschedule")

_NOT_SCHEDULED: Final = ("cluster", "nodepool", "instanceconfiguration")
"""Types for which Resource Scheduler has no action. Its list of types has no part of Kubernetes Engine."""


@rule(SCHEDULE, on="create update")
def recurrence(call: Call) -> None:
    """400 for an unknown action or recurrence, a cron expression without five fields, or an unknown time zone."""
    kind, text = str(call.inputs.get("recurrenceType")), str(call.inputs.get("recurrenceDetails"))
    refusal = one_of(
        "action", call.inputs.get("action"), ("START_RESOURCE", "STOP_RESOURCE", "BACKUP_RESOURCE")
    )
    refusal = refusal or one_of("recurrenceType", kind, ("CRON", "ICAL"))
    if refusal:
        raise refusal
    if kind.upper() == "CRON" and (why := schedule_problem(text) or _named(text)):
        raise invalid_parameter(f"recurrenceDetails: {text!r} is not a cron expression: {why}")
    if kind.upper() == "ICAL" and not _is_rule(text):
        raise invalid_parameter(f"recurrenceDetails: {text!r} is not a recurrence rule of RFC 5545.")
    zone = call.inputs.get("localTimeZone")
    if zone and zone not in available_timezones():
        raise invalid_parameter(f"localTimeZone {zone!r} is not an IANA time zone.")


_FREQUENCIES: Final = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PART: Final = re.compile(
    r"(UNTIL|COUNT|INTERVAL|WKST|BY(?:SECOND|MINUTE|HOUR|DAY|MONTHDAY|YEARDAY|WEEKNO|MONTH|SETPOS))=[\w,+-]+",
    re.ASCII,
)
"""A part of a recurrence rule, besides its frequency. Source: RFC 5545, section 3.3.10."""


def _is_rule(text: str) -> bool:
    parts = text.removeprefix("RRULE:").split(";")
    rest = [each for each in parts if each not in [f"FREQ={word}" for word in _FREQUENCIES]]
    return len(rest) == len(parts) - 1 and all(_PART.fullmatch(each) for each in rest)


def _named(text: str) -> str:
    return "expected 5 fields" if text.startswith("@") else ""


@rule(SCHEDULE, on="create update")
def period(call: Call) -> None:
    """400 for a schedule that ends before it starts."""
    starts, ends = (time_of(str(call.inputs.get(name) or "")) for name in ("timeStarts", "timeEnds"))
    if starts and ends and ends <= starts:
        raise invalid_parameter("timeEnds must be after timeStarts.")


@rule(SCHEDULE, on="create update")
def scheduled_resources(call: Call) -> None:
    """400 unless there are 1 to 200 resources or filters. Functions can only be started; 404 for a missing resource."""
    resources, filters = blocks(call.inputs, "resources"), blocks(call.inputs, "resourceFilters")
    if bool(resources) == bool(filters):
        raise invalid_parameter("Exactly one of resources and resourceFilters must be provided.")
    if len(resources) > MOST_RESOURCES:
        raise invalid_parameter(f"resources size must be between 1 and {MOST_RESOURCES}.")
    for index, each in enumerate(resources):
        _resource(call, str(each.get("id")), f"resources[{index}].id")


def _resource(call: Call, id: str, path: str) -> None:  # noqa: A002
    action, ocid = str(call.inputs.get("action")).upper(), parse_ocid(id)
    if ocid is None:
        raise invalid_parameter(f"{path}: {id!r} is not an OCID.")
    if ocid.resource_type in _NOT_SCHEDULED:
        raise invalid_parameter(f"{path}: resources of type {ocid.resource_type} cannot be scheduled.")
    if ocid.resource_type == "fnfunc" and action != "START_RESOURCE":
        raise invalid_parameter(f"{path}: action {action} is not supported for functions.")
    call.cloud.require(id, path=path, region=call.region)


_CLIENT: Final = "resource_scheduler.ScheduleClient"
endpoint(SCHEDULE, _CLIENT, "schedule")


@answers(_CLIENT, "activate_schedule", "deactivate_schedule")
def switch(request: Request) -> Response:
    """Switch a schedule on or off. 409 if it already is."""
    on = request.operation.name == "ActivateSchedule"
    before, after = ("INACTIVE", "ACTIVE") if on else ("ACTIVE", "INACTIVE")
    return act(endpoint_of(SCHEDULE), request, {"state": after}, needs=before)
