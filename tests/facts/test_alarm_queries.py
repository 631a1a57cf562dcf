"""Alarm queries: Oracle's own examples pass, and invalid queries are reported."""

import pytest

from facts.alarm_queries import absence_problems, query_problems
from facts.mql import Condition, Query, parse_mql

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
        (GPU, "GpuUtilization[5m].groupBy(resourceId).absent(20h)"),
        (
            GPU,
            'GpuTemperature[1m]{gpuId =~ "0|1", resourceDisplayName != "a"}.max() > 90 && GpuPowerDraw[1m].max()>700',
        ),
        ("oci_lbaas", "httpRequests[1h].rate() < 0.5"),
        ("oci_computeagent", "DiskBytesRead[5m].rate() > 1000"),
        ("oci_computeagent", "CpuUtilization[5m].sum() > 950"),
        ("oci_computeagent", "CpuUtilization[5m].mean() not in (0, 100)"),
        ("oci_healthchecks", "HTTP.isHealthy[5m].mean() * 100 < 50"),
        ("oci_healthchecks", "HTTP.isHealthy[5m].mean() < 1"),
        ("oci_streaming", "PutMessagesFault.Count[5m].groupBy(resourceId).sum() > 0"),
        ("oci_objectstorage", "StoredBytes[1h].groupBy(resourceID).max() / 1000000000 > 100"),
    ],
)
def test_a_valid_query_passes(namespace: str, query: str):
    assert list(query_problems(namespace, query, path="a")) == []


def only(text: str) -> Condition:
    found = parse_mql(text)
    assert found is not None
    assert len(found) == 1
    return found[0]


def test_a_query_is_parsed_into_its_parts():
    condition = only('CpuUtilization[1m]{role="a"}.groupBy(x, y).percentile(0.9) >= 60')
    (query,) = condition.queries
    assert (query.metric, query.interval, query.dimensions) == ("CpuUtilization", "1m", {"role": ("=", "a")})
    assert query.groups == ("x", "y")
    assert query.statistic == ("percentile", "0.9")
    assert (condition.operator, condition.values) == (">=", ("60",))


def test_arithmetic_keeps_every_query():
    condition = only("(A[5m].sum() / (A[5m].sum() + B.x[5m].sum())) * 100 > 5")
    assert [each.metric for each in condition.queries] == ["A", "A", "B.x"]


def test_joined_comparisons_are_read_one_by_one():
    found = parse_mql(
        "A[1m].groupBy(r).absent(3d) && (B[5m].mean() in (60, 80) || C[1m].max() not in (1, 2))"
    )
    assert [(each.operator, each.values) for each in found or ()] == [
        ("", ()),
        ("in", ("60", "80")),
        ("not in", ("1", "2")),
    ]


def test_a_comma_in_a_value_separates_no_dimensions():
    assert Query("A", "1m", 'a = "x, y", b =~ "c*"', ()).dimensions == {"a": ("=", "x, y"), "b": ("=~", "c*")}


def test_a_negative_number_can_be_compared():
    assert parse_mql("100 - A[1m].mean() < -5") == (
        Condition((Query("A", "1m", "", (("mean", ""),)),), "<", ("-5",)),
    )


@pytest.mark.parametrize(
    "query",
    ["", "A", "A > 1", "A[1m] > 1", "A[1m].max() >", "A[1m].max() > high", "(A[1m].max() > 1", "A[1m].max() in (1)",
     "&&", "A[1m].max() not 3", "A[1m].max() > 1 B[1m].max() > 2", "A[1m].max() ! 2", "A[1m].max() > 1 ||", "* 3 > 2",
     "(" * 5_000 + "A[1m].max()" + ")" * 5_000 + " > 1"],
)  # fmt: skip
def test_another_form_is_no_query(query: str):
    assert parse_mql(query) is None


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
        (GPU, "GpuUtilization[1m].groupBy(resourceId).absent(3d) > 1", "must either compare"),
        (GPU, "GpuUtilization[1m]{gpuId=0}.max() > 1", "must have dimensions"),
        (GPU, "GpuUtilization[1m].groupBy(gpuID).max() > 1", "Did you mean `gpuId`"),
        (GPU, 'GpuUtilization[1m]{gpuid = "0"}.max() > 1', "Did you mean `gpuId`"),
        ("oci_objectstorage", "AllRequests[5m].groupBy(resourceId).sum() > 9", "Did you mean `resourceID`"),
        (
            "oci_objectstorage",
            "StoredBytes[30m].mean() > 9",
            "must be 60m or longer: StoredBytes is sent every 60",
        ),
        ("oci_autonomous_database", "DatabaseAvailability[1m].min() < 1", "must be 5m or longer"),
        (
            "oci_lbaas",
            'unhealthyBackendServers[1m]{lbComponent = "listener"}.max() > 0',
            "must be one of the values of lbComponent for which unhealthyBackendServers has data",
        ),
        ("oci_nat_gateway", 'DropsToNATgw[1m]{dropType = "noPort"}.sum() > 0', "Did you mean `noPorts`"),
        (GPU, "GpuUtilization[5m].groupBy(resourceId).absent(3d) * 2 > 1", "must either compare"),
        (
            "oci_notification",
            "FailedMessagesCount[5m].groupBy(resourceId).absent(3d)",
            "is sent only when something happens",
        ),
        (
            GPU,
            "GpuUtilization[30m].groupBy(resourceId).absent(20m)",
            "must be 30m or longer, the query's interval",
        ),
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
    found = [problem.allowed for problem in absence_problems(GPU, query, path="q")]
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("period", "good"),
    [("5m", True), ("72h", True), ("3d", True), ("4d", False), ("x", False), ("9" * 5_000 + "d", False)],
)
def test_the_period_of_an_absence_is_at_most_three_days(period: str, good: bool):
    query = f"GpuUtilization[5m].groupBy(resourceId).absent({period})"
    assert bool(list(query_problems("gpu_infrastructure_health", query, path="q"))) is not good


def test_the_words_of_an_own_metric_are_not_checked_but_its_namespace_is():
    query = 'MonthSpend[1h]{team="a"}.max() > 2000'
    assert list(query_problems("genai_cost", query, own_metric=True, path="a")) == []
    for namespace in ("oci_cost", "oracle_cost", "Genai", "genai-cost"):
        (problem,) = query_problems(namespace, query, own_metric=True, path="a")
        assert problem.path == "a.namespace"
        assert "lower-case letters" in problem.allowed
    (problem,) = query_problems("genai_cost", "MonthSpend[1h].maxx() > 1", own_metric=True, path="a")
    assert "Did you mean `max`" in str(problem)
