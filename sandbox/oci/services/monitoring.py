"""Monitoring: alarms.

OCI accepts an alarm on a metric that does not exist, and it never fires (oci-landing-zones, alarm guide). The sandbox
warns. Its words are those of facts/data/oci_metrics, each with its source.

Sources for the parts of a query: oci.monitoring.models.CreateAlarmDetails.query ("must specify a metric, statistic,
interval, and trigger rule (threshold or absence)"); Oracle's pages "Customizing the Absence Detection Period for an
Alarm Query" (a number and m, h or d, from 1m to 3d) and "Monitoring Query Language (MQL) Reference" (no operator after
absent()).
"""

import re
from collections.abc import Iterator
from typing import Final

from facts.alarm_queries import NAMESPACE, word_problems
from facts.metrics import RESERVED, namespaces
from facts.mql import (
    GROUPINGS,
    STATISTICS,
    WITH_ARGUMENT,
    Query,
    is_detection_period,
    is_group,
    is_interval,
    is_share,
    parse_mql,
)
from facts.problem import nearest
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.rules import Call, rule, warning
from sandbox.oci.rules.reading import blocks, one_of, parse_duration, texts

ALARM: Final = "oci:Monitoring/alarm:Alarm"

_BASE: Final = "BASE"
"""`ruleName` of the alarm's own values."""

_RANGES: Final[dict[str, tuple[str, str]]] = {
    "pendingDuration": ("PT1M", "PT1H"),
    "repeatNotificationDuration": ("PT1M", "P30D"),
    "evaluationSlackDuration": ("PT3M", "PT2H"),
}
_QUERY = re.compile(
    r"\w+\s*\[\s*\d+[mhd]\s*\]\s*(?:\{[^}]*\}\s*)?"
    r"(?:\.\s*grouping\(\)\s*|\.\s*groupBy\([^)]*\)\s*)?\.\s*\w+\s*\([^)]*\)",
    re.ASCII,
)
_QUOTED = re.compile(r'"[^"]*"|\{[^}]*\}')
_ABSENT = re.compile(r"\.\s*absent\s*\((?P<period>[^)]*)\)(?P<rest>[^&|)]*)", re.IGNORECASE)
_THRESHOLD = re.compile(r"[<>]=?|==|!=|\b(not\s+)?in\s*\(", re.IGNORECASE)


@rule(ALARM, on="create update")
def durations(call: Call) -> None:
    """400 for a pending duration outside PT1M to PT1H, a repeat over P30D, or a wrong delay of data."""
    for name, (low, high) in _RANGES.items():
        text = call.inputs.get(name)
        if text is None:
            continue
        seconds = parse_duration(str(text))
        if seconds is None or not (parse_duration(low) or 0) <= seconds <= (parse_duration(high) or 0):
            raise invalid_parameter(f"Invalid {name}: {text} must be between {low} and {high}.")


@rule(ALARM, on="create update")
def words(call: Call) -> None:
    """400 for an unknown severity, message format, resolution or version of the notification."""
    for name, allowed in {
        "severity": ("CRITICAL", "ERROR", "WARNING", "INFO"),
        "messageFormat": ("RAW", "PRETTY_JSON", "ONS_OPTIMIZED"),
        "resolution": ("1m",),
        "notificationVersion": ("1.X",),
    }.items():
        overriding = [each.get(name) for each in blocks(call.inputs, "overrides")]
        for value in (call.inputs.get(name), *overriding):
            refusal = one_of(name, value, allowed)
            if refusal:
                raise refusal


@rule(ALARM, on="create update")
def overrides(call: Call) -> None:
    """400 for an override without a name, with the name of the base, or that overrides nothing.

    Sources: the SDK's texts of `AlarmOverride` and `CreateAlarmDetails.overrides`."""
    for each in blocks(call.inputs, "overrides"):
        name = str(each.get("ruleName") or "").strip()
        if name in ("", _BASE):
            raise invalid_parameter(f"Invalid overrides: ruleName {name!r} must be a name, and not {_BASE}.")
        if not any(each.get(key) for key in ("query", "severity", "body", "pendingDuration")):
            raise invalid_parameter(f"Invalid overrides: {name} has no query, severity, body or duration.")


@rule(ALARM, on="create update")
def query(call: Call) -> None:
    """400 unless there is a metric namespace and expressions with an interval and a statistic."""
    namespace = str(call.inputs.get("namespace"))
    if not NAMESPACE.fullmatch(namespace):
        raise invalid_parameter(f"Invalid namespace: {namespace}")
    for text in _queries(call):
        if not _QUERY.search(text) or parse_mql(text) is None:
            raise invalid_parameter(f"Invalid query: {text}")


@rule(ALARM, on="create update")
def functions(call: Call) -> None:
    """400 for an unknown statistic or grouping, one with another argument, or an interval that MQL does not have."""
    for each in _parts(call):
        *groupings, (statistic, argument) = each.calls
        if each.dimensions is None:
            raise invalid_parameter(f"Invalid query: {{{each.filters}}} are not dimensions.")
        for name, given in groupings:
            if name not in GROUPINGS or not is_group(name, given):
                raise invalid_parameter(f"Invalid query: {name}({given}) is not a grouping.")
        if statistic not in STATISTICS:
            raise invalid_parameter(f"Invalid query: {statistic}() is not a statistic.")
        if not is_interval(each.interval):
            allowed = "1m-60m, 1h-24h or 1d"
            raise invalid_parameter(f"Invalid query: the interval {each.interval} must be {allowed}.")
        if statistic == "percentile" and not is_share(argument):
            raise invalid_parameter(f"Invalid query: percentile({argument}): must be above 0 and below 1.")
        if argument and statistic not in WITH_ARGUMENT:
            raise invalid_parameter(f"Invalid query: {statistic}() takes no argument, not {argument}.")


@warning(ALARM, on="create update")
def unknown_words(call: Call) -> str | None:
    """An alarm that is created and never fires: its namespace, a metric or a dimension does not exist."""
    namespace = str(call.inputs.get("namespace"))
    own = namespace not in namespaces() and not namespace.startswith(RESERVED)
    if own and nearest(namespace, namespaces(), cutoff=0.8) is None:
        return None
    found = [
        str(problem) for text in _queries(call) for problem in word_problems(namespace, text, path="alarm")
    ]
    return f"OCI accepts this alarm, but it never fires: {'; '.join(dict.fromkeys(found))}" if found else None


def _queries(call: Call) -> Iterator[str]:
    """The alarm's query, and those of its overrides."""
    yield str(call.inputs.get("query"))
    for each in blocks(call.inputs, "overrides"):
        if each.get("query") is not None:
            yield str(each["query"])


def _parts(call: Call) -> Iterator[Query]:
    for text in _queries(call):
        for condition in parse_mql(text) or ():
            yield from condition.queries


@rule(ALARM, on="create update")
def absence(call: Call) -> None:
    """400 for absent() with anything but a period from 1m to 3d, or with a comparison."""
    for text in _queries(call):
        _refuse_absence(_QUOTED.sub("", text))


def _refuse_absence(text: str) -> None:
    for found in _ABSENT.finditer(text):
        period = found["period"].strip()
        if period and not is_detection_period(period):
            raise invalid_parameter(
                f"Invalid query: absent({period}): the absence detection period must be between 1m and 3d."
            )
        if found["rest"].strip():
            raise invalid_parameter(f"Invalid query: absent() takes no comparison: {found['rest'].strip()}")


@rule(ALARM, on="create update")
def trigger(call: Call) -> None:
    """400 for a query without a trigger: a threshold or an absence."""
    for each in _queries(call):
        text = _QUOTED.sub("", each)
        if not _THRESHOLD.search(text) and not _ABSENT.search(text):
            raise invalid_parameter(f"Invalid query: {each} has no trigger rule.")


@rule(ALARM, on="create update")
def destinations(call: Call) -> None:
    """400 unless the destinations are a topic, a stream, or one of each."""
    named = texts(call.inputs, "destinations")
    if not named:
        raise invalid_parameter("destinations size must be at least 1")
    services = [each.split(".")[1] if each.startswith("ocid1.") else each for each in named]
    for each in services:
        if each not in ("onstopic", "stream"):
            raise invalid_parameter(f"Invalid destination: a topic or a stream is required, not {each}.")
    if len(set(services)) < len(services):
        raise invalid_parameter("Only one destination of each service type is allowed.")


@rule(ALARM, on="create update")
def subtree(call: Call) -> None:
    """400 for an alarm on all compartments below another compartment than the tenancy's root."""
    compartment = str(call.inputs.get("metricCompartmentId"))
    if call.inputs.get("metricCompartmentIdInSubtree") and not compartment.startswith("ocid1.tenancy."):
        raise invalid_parameter(
            "metricCompartmentIdInSubtree can be true only when metricCompartmentId is the tenancy."
        )


endpoint(ALARM, "monitoring.MonitoringClient", "alarm")
