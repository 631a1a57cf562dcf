"""What is wrong with an alarm's query: in its grammar, in its words, or in what it does when a metric is missing.

OCI refuses wrong grammar. It accepts wrong words: the alarm is created and never fires. The components refuse both; the
sandbox refuses the first and warns about the second.
"""

import re
from collections.abc import Iterator

from .metrics import LARGEST, RESERVED, Metric, metric_of, namespaces
from .mql import (
    GROUPINGS,
    STATISTICS,
    WITH_ARGUMENT,
    Condition,
    Query,
    is_detection_period,
    is_group,
    is_interval,
    is_share,
    minutes_of,
    parse_mql,
)
from .problem import Problem

NAMESPACE = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")
"""The form of a namespace. Source: oci.monitoring.models.MetricDataDetails.namespace."""

_VALUES = frozenset({"avg", "first", "last", "max", "mean", "min", "percentile"})
"""Statistics that have the unit of their metric."""

_EXAMPLE = 'CpuUtilization[1m]{resourceId="..."}.mean() > 80'


def query_problems(namespace: str, query: str, *, own_metric: bool = False, path: str) -> Iterator[Problem]:
    """Everything that is wrong with a namespace and a query. The words of an `own_metric`, which no service of Oracle
    sends, are not checked."""
    yield from grammar_problems(query, path=f"{path}.query")
    if own_metric:
        yield from _own_namespace_problems(namespace, path=f"{path}.namespace")
    else:
        yield from word_problems(namespace, query, path=path)
    yield from absence_problems(namespace, query, path=f"{path}.query")


def grammar_problems(query: str, *, path: str) -> Iterator[Problem]:
    """What OCI refuses in a query: another form, interval, function, argument or trigger."""
    conditions = parse_mql(query)
    if conditions is None:
        yield Problem(path, query, f"must be a query such as {_EXAMPLE}")
    for condition in conditions or ():
        for each in condition.queries:
            yield from _function_problems(each, path)
        yield from _trigger_problems(condition, path)


def word_problems(namespace: str, query: str, *, path: str) -> Iterator[Problem]:
    """What OCI accepts in a query although it never fires: an unknown namespace, metric or dimension, a value that the
    dimension never has, an interval that is shorter than the metric's own, and a comparison with what the metric is
    not."""
    if namespace not in namespaces():
        allowed = "must be a namespace of OCI Monitoring"
        yield Problem.not_one_of(f"{path}.namespace", namespace, namespaces(), allowed)
        return
    for condition in parse_mql(query) or ():
        for each in condition.queries:
            metric = metric_of(namespace, each.metric)
            if metric is None:
                known, allowed = namespaces()[namespace], f"must be a metric of {namespace}"
                yield Problem.not_one_of(f"{path}.query", each.metric, known, allowed)
            else:
                yield from _dimension_problems(each, metric, f"{path}.query")
                yield from _interval_problems(each, metric, f"{path}.query")
                yield from _counter_problems(each, metric, f"{path}.query")
        yield from _value_problems(namespace, condition, f"{path}.query")


def absence_problems(namespace: str, query: str, *, path: str) -> Iterator[Problem]:
    """Absence conditions that stop too early, that report series which are not missing, or that wait for a metric which
    is sent only when something happens.

    OCI accepts them. Without a detection period, the alarm stops after two hours. Without a group, each new dimension
    of the metric starts its own series, which is then absent. Source: Oracle's page "Creating an Absence Alarm".
    """
    for each in absent_queries(query):
        metric, period = metric_of(namespace, each.metric), each.statistic[1]
        if not period:
            allowed = "must have a detection period: without it, the alarm stops after two hours"
            yield Problem(path, "absent()", allowed, "Add a period of 3d at most: absent(3d)")
        elif is_interval(each.interval) and (minutes_of(period) or 0) < (minutes_of(each.interval) or 0):
            yield Problem(
                path, f"absent({period})", f"must be {each.interval} or longer, the query's interval"
            )
        if not each.groups:
            yield Problem(path, each.metric, "must be grouped, e.g. .groupBy(resourceId).absent(3d)")
        if metric is not None and metric.idle:
            allowed = "must not be watched by absent(): it is sent only when something happens"
            yield Problem(path, each.metric, allowed, "Compare it with a value instead")


def absent_queries(query: str) -> Iterator[Query]:
    """The queries of an expression that end in absent()."""
    for condition in parse_mql(query) or ():
        yield from (each for each in condition.queries if each.statistic[0] == "absent")


def _own_namespace_problems(namespace: str, *, path: str) -> Iterator[Problem]:
    if not NAMESPACE.fullmatch(namespace) or namespace.startswith(RESERVED):
        allowed = f"must be lower-case letters, digits and _, and not begin with {' or '.join(RESERVED)}"
        yield Problem(path, namespace, allowed, "Only Oracle's services send to those: leave out ownMetric")


def _function_problems(query: Query, path: str) -> Iterator[Problem]:
    if not is_interval(query.interval):
        yield Problem(path, query.interval, "must have an interval of 1m to 60m, 1h to 24h, or 1d")
    if query.dimensions is None:
        yield Problem(path, query.filters, 'must have dimensions such as {resourceId="...", gpuId="0"}')
    *groupings, (statistic, argument) = query.calls
    for name, given in groupings:
        if name not in GROUPINGS:
            yield Problem(path, f"{name}()", f"must group by {' or '.join(GROUPINGS)} before its statistic")
        elif not is_group(name, given):
            yield Problem(path, f"{name}({given})", "must be groupBy(dimension, ...) or grouping()")
    if statistic not in STATISTICS:
        allowed = "must end in a statistic of MQL"
        yield Problem.not_one_of(path, statistic, sorted(STATISTICS), allowed, shown=f"{statistic}()")
    elif statistic == "percentile" and not is_share(argument):
        yield Problem(path, f"percentile({argument})", "must be a fraction above 0 and below 1, e.g. 0.9")
    elif statistic == "absent" and argument and not is_detection_period(argument):
        allowed = "must have a detection period of 1m to 3d, e.g. absent(20h)"
        yield Problem(path, f"absent({argument})", allowed)
    elif argument and statistic not in WITH_ARGUMENT:
        yield Problem(path, f"{statistic}({argument})", f"must be {statistic}(), without a number")


def _trigger_problems(condition: Condition, path: str) -> Iterator[Problem]:
    absent = [each for each in condition.queries if each.statistic[0] == "absent"]
    alone = len(condition.queries) == 1 and not condition.operator
    if (not condition.operator and not absent) or (absent and not alone) or not condition.queries:
        shown = condition.queries[0].metric if condition.queries else ", ".join(condition.values)
        yield Problem(path, shown, "must either compare with a value or end in absent()")


def _dimension_problems(query: Query, metric: Metric, path: str) -> Iterator[Problem]:
    filters = query.dimensions or {}
    for name in (*filters, *query.groups):
        if name not in metric.dimensions:
            allowed = f"must be a dimension of {metric.name}"
            yield Problem.not_one_of(path, name, sorted(metric.dimensions), allowed)
    for name, (operator, value) in filters.items():
        known = metric.values.get(name)
        if known and operator == "=" and value not in known:
            allowed = f"must be one of the values of {name} for which {metric.name} has data"
            yield Problem.not_one_of(path, value, sorted(known), allowed)


def _counter_problems(query: Query, metric: Metric, path: str) -> Iterator[Problem]:
    if metric.unit == "counter" and query.statistic[0] in _VALUES | {"sum"}:
        allowed = f"must be rate() or increment(): {metric.name} only grows until its sender starts again"
        yield Problem(path, f"{query.statistic[0]}()", allowed)


def _value_problems(namespace: str, condition: Condition, path: str) -> Iterator[Problem]:
    """Ranges that end before they begin, and values that the metric's unit does not have."""
    values = [float(each) for each in condition.values]
    if values != sorted(values):
        yield Problem(
            path, f"({', '.join(condition.values)})", "must be a range whose first number is the smaller one"
        )
    metric = metric_of(namespace, condition.queries[0].metric) if condition.bare else None
    most = LARGEST.get(metric.unit) if metric else None
    if metric is None or most is None or condition.queries[0].statistic[0] not in _VALUES:
        return
    for text, value in zip(condition.values, values, strict=True):
        if not 0 <= value <= most:
            in_unit = "in percent" if metric.unit == "percent" else "a share"
            yield Problem(path, text, f"must be 0 to {most}, because {metric.name} is {in_unit}")


def _interval_problems(query: Query, metric: Metric, path: str) -> Iterator[Problem]:
    minutes = minutes_of(query.interval)
    if minutes is not None and is_interval(query.interval) and minutes < metric.minutes:
        allowed = f"must be {metric.minutes}m or longer: {metric.name} is sent every {metric.minutes} minutes"
        yield Problem(path, query.interval, allowed)
