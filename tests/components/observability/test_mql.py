"""Alarm queries: Oracle's own examples pass, and invalid queries are reported."""

import pytest

from components.observability.mql import absence_problems, parse_query, query_problems

GPU = "gpu_infrastructure_health"


@pytest.mark.parametrize(
    ("namespace", "query"),
    [
        ("oci_computeagent", "CpuUtilization[1m].mean() > 80"),
        ("oci_compute_infrastructure_health", "health_status[1m].count() == 1"),
        ("oci_postgresql", 'CpuUtilization[1m]{dbInstanceRole="PRIMARY"}.percentile(0.9) > 60'),
        (
            "oci_computeagent",
            'CpuUtilization[1m]{availabilityDomain="cumS:PHX-AD-1"}.groupBy(availabilityDomain).percentile(0.9) > 85',
        ),
        (GPU, "Fault[1m].max() >= 1"),
        (GPU, "GpuUtilization[5m].absent()"),
        (GPU, "GpuUtilization[5m].absent(20h)"),
        (GPU, 'GpuTemperature[1m]{gpuId =~ "0|1", nodeName != "a"}.max() > 90 && GpuPowerDraw[1m].max()>700'),
        ("oci_lbaas", "HttpRequests[1h].rate() < 0.5"),
    ],
)
def test_a_valid_query_passes(namespace: str, query: str):
    assert list(query_problems(namespace, query, path="a")) == []


def test_a_query_is_parsed_into_its_parts():
    conditions = parse_query('CpuUtilization[1m]{role="a"}.groupBy(x).percentile(0.9) >= 60')
    assert conditions is not None
    (condition,) = conditions
    assert (condition.metric, condition.interval, condition.dimensions) == (
        "CpuUtilization",
        "1m",
        'role="a"',
    )
    assert condition.calls == (("groupBy", "x"), ("percentile", "0.9"))
    assert (condition.operator, condition.value) == (">=", "60")


@pytest.mark.parametrize(
    ("namespace", "query", "says"),
    [
        ("gpu_infrastructure_helth", "GpuUtilization[1m].max() > 1", f"Did you mean `{GPU}`"),
        (GPU, "GpuUtilisation[1m].max() > 1", "Did you mean `GpuUtilization`"),
        (GPU, "GpuUtilization.max() > 1", "must be a query such as"),
        (GPU, "GpuUtilization[1m] > 1", "must be a query such as"),
        (GPU, "GpuUtilization[1m].max() > high", "must be a query such as"),
        (GPU, "", "must be a query such as"),
        (GPU, "GpuUtilization[90m].max() > 1", "must have an interval"),
        (GPU, "GpuUtilization[0m].max() > 1", "must have an interval"),
        (GPU, "GpuUtilization[2d].max() > 1", "must have an interval"),
        (GPU, "GpuUtilization[1m].maximum() > 1", "must end in a statistic"),
        (GPU, "GpuUtilization[1m].maxx() > 1", "Did you mean `max`"),
        (GPU, "GpuUtilization[1m].percentile(90) > 1", "above 0 and below 1"),
        (GPU, "GpuUtilization[1m].max().mean() > 1", "must group by"),
        (GPU, "GpuUtilization[1m].max()", "must either compare"),
        (GPU, "GpuUtilization[1m].absent() > 1", "must either compare"),
        (GPU, "GpuUtilization[1m]{gpuId=0}.max() > 1", "must have dimensions"),
    ],
)
def test_an_invalid_query_is_reported_with_what_is_allowed(namespace: str, query: str, says: str):
    (problem,) = query_problems(namespace, query, path="a")
    assert says in str(problem)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("GpuUtilization[5m].absent()", ["stops after two hours", "must be grouped"]),
        ("GpuUtilization[5m].groupBy(resourceId).absent()", ["stops after two hours"]),
        ("GpuUtilization[5m].absent(20m)", ["must be grouped"]),
        ("GpuUtilization[5m].groupBy(resourceId).absent(3d)", []),
        ("GpuUtilization[5m].mean() > 90", []),
    ],
)
def test_an_absence_alarm_that_stops_early_or_reports_too_much_is_refused(query: str, words: list[str]):
    found = [problem.allowed for problem in absence_problems(query, path="q")]
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("period", "good"),
    [("1m", True), ("72h", True), ("3d", True), ("4d", False), ("x", False), ("9" * 5_000 + "d", False)],
)
def test_the_period_of_an_absence_is_a_minute_to_three_days(period: str, good: bool):
    query = f"GpuUtilization[5m].groupBy(resourceId).absent({period})"
    assert bool(list(query_problems("gpu_infrastructure_health", query, path="q"))) is not good
