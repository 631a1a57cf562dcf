"""Metering computation: schedules of cost and usage reports.

Sources: the SDK's text of `oci.usage_api.models.CreateScheduleDetails`, `QueryProperties` and `DynamicDateRange`. The
words of the refusals are unverified.
"""

from typing import Final

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, one_of, time_of

SCHEDULE: Final = "oci:MeteringComputation/schedule:Schedule"

_DYNAMIC: Final = (
    "LAST_7_DAYS", "LAST_10_DAYS", "LAST_CALENDAR_WEEK", "LAST_CALENDAR_MONTH", "LAST_2_CALENDAR_MONTHS",
    "LAST_3_CALENDAR_MONTHS", "LAST_6_CALENDAR_MONTHS", "LAST_30_DAYS", "MONTH_TO_DATE", "LAST_YEAR", "YEAR_TODATE",
    "ALL",
)  # fmt: skip


@rule(SCHEDULE, on="create update")
def schedule(call: Call) -> None:
    """400 for another recurrence than the four, a first time that is not one, or a place outside the tenancy."""
    given = str(call.inputs.get("scheduleRecurrences"))
    if refusal := one_of("scheduleRecurrences", given, ("ONE_TIME", "DAILY", "WEEKLY", "MONTHLY")):
        raise refusal
    if time_of(str(call.inputs.get("timeScheduled"))) is None:
        raise invalid_parameter("timeScheduled must be a date and time as in RFC 3339.")
    if not str(call.inputs.get("compartmentId")).startswith("ocid1.tenancy."):
        raise invalid_parameter("compartmentId must be the OCID of the tenancy.")
    has_query = bool(blocks(call.inputs, "queryProperties"))
    if has_query == bool(call.inputs.get("savedReportId")):
        raise invalid_parameter("Exactly one of queryProperties and savedReportId must be provided.")


@rule(SCHEDULE, on="create update")
def query(call: Call) -> None:
    """400 for an unknown granularity, type or range of dates, and for a static range that ends before it starts."""
    for each in blocks(call.inputs, "queryProperties"):
        refusal = one_of("granularity", each.get("granularity"), ("DAILY", "MONTHLY"))
        if each.get("queryType"):
            refusal = refusal or one_of("queryType", each["queryType"], ("USAGE", "COST", "USAGE_AND_COST"))
        if refusal:
            raise refusal
        for dates in blocks(each, "dateRange"):
            dynamic = str(dates.get("dateRangeType")).upper() == "DYNAMIC"
            if dynamic and (
                wrong := one_of("dynamicDateRangeType", dates.get("dynamicDateRangeType"), _DYNAMIC)
            ):
                raise wrong
            first, last = (
                time_of(str(dates.get(name) or "")) for name in ("timeUsageStarted", "timeUsageEnded")
            )
            if not dynamic and (not first or not last or last <= first):
                raise invalid_parameter("timeUsageEnded must be after timeUsageStarted.")


@rule(SCHEDULE)
def schedule_name(call: Call) -> None:
    """409 for the name of another schedule."""
    name = call.inputs.get("name")
    if any(each.inputs.get("name") == name for each in call.cloud.all(SCHEDULE)):
        raise conflict(f"Schedule with name {name} already exists")


# Every schedule is in the tenancy, so that the filter of a list selects all of them.
endpoint(
    SCHEDULE,
    "usage_api.UsageapiClient",
    "schedule",
    names={"resultLocation.bucketName": "bucket"},
    ignores=("compartmentId",),
)
