"""The platform's alarms: each is valid, and an invalid file is reported."""

import pytest

from components.observability import thresholds
from components.observability.alarm_rules import alarm_problems
from components.observability.definitions import (
    KINDS,
    AlarmDefinition,
    alarm_args,
    all_alarms,
    load_alarms,
    parse_alarms,
    services,
)
from components.observability.services import WatchedService, unwatched, watched_services
from components.observability.thresholds import replaced_duration_problems, threshold_problems
from facts.alarm_queries import absent_queries, query_problems
from facts.problem import InvalidInput
from infra.settings.own_alarms import Durations
from tests.support.monitor import oci_options, run

SOUND = """
busy:
  title: Busy
  namespace: oci_computeagent
  query: CpuUtilization[1m].mean() > $threshold
  threshold: 80
  severity: WARNING
  kind: saturation
  body: Look
"""


@pytest.mark.parametrize("service", services())
def test_every_alarm_file_is_valid(service: str):
    alarms = load_alarms(service)
    assert alarms
    for name, alarm in alarms.items():
        assert list(alarm_problems(alarm_args(alarm, compartment_id="c", topic_id="t"), path=name)) == []


def test_no_two_services_have_an_alarm_with_the_same_name():
    assert len(all_alarms()) == sum(len(load_alarms(service)) for service in services())


def test_every_alarm_file_belongs_to_a_service():
    assert set(services()) == {name for name, each in watched_services().items() if each.alarms}


@pytest.mark.parametrize("service", watched_services().values(), ids=watched_services())
def test_a_service_has_alarms_of_all_kinds_or_says_why_not(service: WatchedService):
    missing = set(KINDS) - set(service.kinds)
    assert set(service.without) == missing, (
        "explain each kind without an alarm, and only those, in services.yaml"
    )
    assert all(len(reason) > 30 and reason.endswith(".") for reason in service.without.values())


def test_a_component_is_watched_or_it_is_said_why_not():
    watched = {name for each in watched_services().values() for name in each.components}
    assert not watched & set(unwatched())
    assert all(reason.endswith(".") for reason in unwatched().values())


def test_an_absence_alarm_is_only_for_what_never_stops():
    steady = {"fixedGpuPools", "steadyCluster", "postgresql", "cache", "opensearch", "lustre"}
    absent = {
        name: alarm.only_with for name, alarm in all_alarms().items() if [*absent_queries(alarm.query_at())]
    }
    assert set(absent.values()) <= steady, absent


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("gpu-utilisation-high", "GpuUtilization[5m].mean() > 90"),
        ("balancer-latency", ".mean() > 2000"),
        ("balancer-latency", "responseTimeHttpHeader"),
        ("balancer-errors", "* 100 > 5"),
        ("oke-api-errors", "* 100 > 5"),
        ("files-errors", "> 5"),
        ("bucket-slow", "> 2000"),
    ],
)
def test_the_figures_of_the_requirement_are_the_defaults(name: str, query: str):
    assert query in all_alarms()[name].query_at()


def test_a_threshold_can_be_a_share_of_a_size():
    query = all_alarms()["balancer-bandwidth"].query_at(size=400)
    assert query == 'peakBandwidth[5m]{lbComponent = "loadBalancer"}.max() / 400 / 10000 > 90'


def test_the_alarm_on_a_topic_names_it():
    assert '{topicDisplayName = "prod-critical"}' in all_alarms()["topic-failing"].query_at(
        topic="prod-critical"
    )


def test_a_threshold_of_the_settings_replaces_the_alarms_own():
    alarm = parse_alarms(SOUND, "file")["busy"]
    assert alarm.query_at(75.5) == "CpuUtilization[1m].mean() > 75.5"
    assert alarm.query_at(0) == "CpuUtilization[1m].mean() > 0"


def test_every_alarm_can_be_created():
    from components.observability.alarm import Alarm

    def program() -> None:
        opts = oci_options()
        for name, alarm in all_alarms().items():
            Alarm(name, alarm_args(alarm, compartment_id="c", topic_id="t", tags={"a": "b"}), opts)

    seen = run(program).of_type("oci:Monitoring/alarm:Alarm")
    assert len(seen) == len(all_alarms())
    assert all("$" not in each.inputs["query"] for each in seen)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("severity: WARNING", "severity: WARN", "file.busy.severity"),
        ("  severity: WARNING\n", "", "file.busy.severity"),
        ("threshold: 80", "threshold: high", "file.busy.threshold"),
        ("  threshold: 80\n", "", "file.busy.query"),
        ("$threshold", "80", "file.busy.threshold"),
        ("body: Look", "body: Look\n  repeat: PT1H", "file.busy.repeat"),
        ("body: Look", "body: Look\n  pendingDuration: PT2H", "file.busy.pendingDuration"),
        ("body: Look", "body: Look\n  perDimension: 1", "file.busy.perDimension"),
        ("kind: saturation", "kind: saturated", "file.busy.kind"),
        ("body: Look", "body: Look\n  onlyWith: gpus", "file.busy.onlyWith"),
        ("body: Look", "body: Look\n  size: lustreGb", "file.busy.size"),
        ("body: Look", "body: Look\n  metricsOf: storage", "file.busy.metricsOf"),
        ("body: Look", "body: Look\n  each: bucket", "file.busy.each"),
        ("CpuUtilization", "CpuUse", "file.busy.query"),
        ("busy:", "Busy Node:", "file.Busy Node"),
    ],
)
def test_an_invalid_entry_is_reported_with_its_path(old: str, new: str, path: str):
    with pytest.raises(InvalidInput) as refused:
        parse_alarms(SOUND.replace(old, new), "file")
    assert path in [problem.path for problem in refused.value.problems]


def test_thresholds_are_for_known_alarms_with_a_threshold():
    problems = list(
        threshold_problems(
            {"gpu-utilisation-high": 95, "gpu-utilization-hihg": 95, "gpu-metrics-absent": 1},
            path="o.thresholds",
        )
    )
    assert [problem.path for problem in problems] == [
        "o.thresholds.gpu-utilization-hihg",
        "o.thresholds.gpu-metrics-absent",
    ]
    assert "Did you mean `gpu-utilisation-high`" in str(problems[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gpu-memory-errors", -1.0),
        ("gpu-memory-errors", 1e300),
        ("gpu-memory-errors", float("nan")),
        ("gpu-memory-errors", float("inf")),
        ("cpu-utilisation-high", 101),
    ],
)
def test_a_threshold_outside_its_limits_is_refused(name: str, value: float):
    (problem,) = threshold_problems({name: value}, path="t")
    assert problem.path == f"t.{name}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1_000_000, "1000000"),
        (1e6, "1000000"),
        (999_999.6, "999999.6"),
        (123_456.7, "123456.7"),
        (0.00001, "0.00001"),
        (80.0, "80"),
        (-0.0, "0"),
        (100, "100"),
    ],
)
def test_the_query_contains_every_digit_of_a_valid_threshold(value: float, written: str):
    assert not [*threshold_problems({"gpu-memory-errors": value}, path="t")]
    query = load_alarms("gpu")["gpu-memory-errors"].query_at(value)
    assert query == f"GpuEccDoubleBitErrors[1m].max() > {written}"
    assert not [*query_problems("gpu_infrastructure_health", query, path="q")]


@pytest.mark.parametrize("value", [1, -1, 101, 1e300, float("nan")])
def test_a_threshold_of_an_alarm_without_one_must_be_left_out(value: float):
    (problem,) = threshold_problems({"gpu-metrics-absent": value}, path="t")
    assert problem.allowed == "must be left out: the alarm has no threshold"


def test_the_metric_decides_whether_a_threshold_is_in_percent(
    monkeypatch: pytest.MonkeyPatch,
):
    named = ']{resourceDisplayName = "Utilization"}.mean'
    text = SOUND.replace("CpuUtilization[", "LoadAverage[").replace("].mean", named)
    load = parse_alarms(text, "file")["busy"]
    memory = all_alarms()["memory-utilisation-high"]
    monkeypatch.setattr(thresholds, "all_alarms", lambda: {"load": load, "memory": memory})
    assert "Utilization" in load.query
    (problem,) = threshold_problems({"load": 150, "memory": 150}, path="t")
    assert problem.path == "t.memory"


def test_a_definition_without_threshold_keeps_its_query():
    alarm = AlarmDefinition(
        title="t", namespace="n", query="M[1m].absent()", severity="INFO", body="b", kind="errors"
    )
    assert alarm.query_at() == "M[1m].absent()"


def test_durations_replace_the_definitions_own_one_by_one():
    alarm = all_alarms()["cpu-utilisation-high"]
    durations = Durations.model_validate({"pendingDuration": "PT30M", "slackDuration": "PT10M"})
    args = alarm_args(alarm, compartment_id="c", topic_id="t", durations=durations)
    assert (args.pending_duration, args.repeat_duration, args.slack_duration) == ("PT30M", "PT4H", "PT10M")


def test_replaced_durations_are_for_known_alarms_and_within_their_limits():
    durations = {
        "cpu-utilisation-high": Durations.model_validate(
            {"pendingDuration": "PT2H", "repeatDuration": "P31D", "slackDuration": "PT1M"}
        ),
        "cpu-utilization-high": Durations(),
    }
    found = [*replaced_duration_problems(durations, path="d")]
    at = "d.cpu-utilisation-high"
    paths = [f"{at}.pendingDuration", f"{at}.repeatDuration", f"{at}.slackDuration", "d.cpu-utilization-high"]
    assert [problem.path for problem in found] == paths
    assert found[-1].fix == "Did you mean `cpu-utilisation-high`?"
