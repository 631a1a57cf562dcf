"""Checks of alarm queries in OCI's Monitoring Query Language that are possible without the service.

The grammar is from Oracle's MQL reference: `Metric[interval]{dimensions}.grouping().statistic() operator value`, or
`.absent()`. Several conditions are combined with `&&` and `||`. The example queries are from Oracle's alarm reference
and oci-landing-zones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from facts.metrics import NAMESPACES, unknown_metric
from facts.problem import Problem

STATISTICS = ("absent", "avg", "count", "first", "increment", "last", "max", "mean", "min", "rate", "sum")
GROUPINGS = ("groupBy", "grouping")

_CONDITION = re.compile(
    r"\s*(?P<metric>[A-Za-z][\w.$/-]*)"
    r"\[(?P<interval>[^\]]*)\]"
    r"(?P<dimensions>\{[^}]*\})?"
    r"(?P<calls>(?:\.\w+\([^()]*\))+)"
    r"(?:\s*(?P<operator>>=|<=|==|!=|>|<)\s*(?P<value>-?\d+(?:\.\d+)?))?\s*",
    re.ASCII,
)
_PERIOD = re.compile(r"([1-9][0-9]{0,8})([mhd])")
_DIMENSION = re.compile(r"\s*\w+\s*(=~|!=|=)\s*\"[^\"]*\"\s*", re.ASCII)
_LONGEST = {"m": 60, "h": 24, "d": 1}


@dataclass(frozen=True)
class Condition:
    """One comparison of a query."""

    metric: str
    interval: str
    dimensions: str
    calls: tuple[tuple[str, str], ...]
    """Names and arguments, e.g. `("percentile", "0.9")`."""

    operator: str
    value: str


def parse_query(query: str) -> list[Condition] | None:
    """The conditions of a query, or None if it does not have this form."""
    found: list[Condition] = []
    for part in re.split(r"&&|\|\|", query):
        match = _CONDITION.fullmatch(part)
        if match is None:
            return None
        calls = re.findall(r"\.(\w+)\(([^()]*)\)", match["calls"], re.ASCII)
        found.append(
            Condition(
                metric=match["metric"],
                interval=match["interval"],
                dimensions=(match["dimensions"] or "{}")[1:-1],
                calls=tuple((name, argument) for name, argument in calls),
                operator=match["operator"] or "",
                value=match["value"] or "",
            )
        )
    return found


def query_problems(namespace: str, query: str, *, path: str) -> Iterator[Problem]:
    """Namespaces and metrics that OCI does not have, and queries that MQL does not allow in an alarm."""
    if namespace not in NAMESPACES:
        yield Problem.not_one_of(
            f"{path}.namespace", namespace, NAMESPACES, "must be a namespace of OCI Monitoring"
        )
    conditions = parse_query(query)
    if conditions is None:
        example = 'CpuUtilization[1m]{resourceId="..."}.mean() > 80'
        yield Problem(f"{path}.query", query, f"must be a query such as {example}")
    for condition in conditions or ():
        if unknown_metric(namespace, condition.metric):
            yield Problem.not_one_of(
                f"{path}.query", condition.metric, NAMESPACES[namespace], f"must be a metric of {namespace}"
            )
        yield from _condition_problems(condition, f"{path}.query")


def _condition_problems(condition: Condition, path: str) -> Iterator[Problem]:
    if not _is_interval(condition.interval):
        yield Problem(path, condition.interval, "must have an interval of 1m to 60m, 1h to 24h, or 1d")
    dimensions = condition.dimensions
    if dimensions and not all(_DIMENSION.fullmatch(part) for part in dimensions.split(",")):
        yield Problem(path, dimensions, 'must have dimensions such as {resourceId="...", gpuId="0"}')
    *groupings, (statistic, argument) = condition.calls
    for name, _ in groupings:
        if name not in GROUPINGS:
            yield Problem(path, f"{name}()", f"must group by {' or '.join(GROUPINGS)} before its statistic")
    if statistic == "percentile":
        if not _is_share(argument):
            yield Problem(path, f"percentile({argument})", "must be a fraction above 0 and below 1, e.g. 0.9")
    elif statistic not in STATISTICS:
        yield Problem.not_one_of(
            path,
            statistic,
            (*STATISTICS, "percentile"),
            "must end in a statistic of MQL",
            shown=f"{statistic}()",
        )
    if statistic == "absent" and argument and not _is_detection_period(argument):
        yield Problem(
            path, f"absent({argument})", "must have a detection period of 1m to 3d, e.g. absent(20h)"
        )
    if (statistic == "absent") == bool(condition.operator):
        yield Problem(path, condition.metric, "must either compare with a value or end in absent()")


def absence_problems(query: str, *, path: str) -> Iterator[Problem]:
    """Absence conditions that stop too early, or that report series which are not missing.

    OCI accepts them. Without a detection period, the alarm stops after two hours. Without a group, each new dimension
    of the metric starts its own series, which is then absent. Source: Oracle's page "Creating an Absence Alarm".
    """
    for condition in parse_query(query) or ():
        *groupings, (statistic, period) = condition.calls
        if statistic != "absent":
            continue
        if not period:
            fix = "Add a period of 3d at most: absent(3d)"
            yield Problem(
                path,
                "absent()",
                "must have a detection period: without it, the alarm stops after two hours",
                fix,
            )
        if not groupings:
            yield Problem(path, condition.metric, "must be grouped, e.g. .groupBy(resourceId).absent(3d)")


def _is_detection_period(text: str) -> bool:
    match = _PERIOD.fullmatch(text)
    minutes = {"m": 1, "h": 60, "d": 1440}
    return match is not None and int(match[1]) * minutes[match[2]] <= 3 * minutes["d"]


def _is_interval(text: str) -> bool:
    match = _PERIOD.fullmatch(text)
    return match is not None and int(match[1]) <= _LONGEST[match[2]]


def _is_share(text: str) -> bool:
    return bool(re.fullmatch(r"0?\.\d+", text, re.ASCII)) and float(text) > 0
