"""Alarm: OCI's ranges and vocabulary, and what reaches the service."""

from typing import Any

import pytest

from components.observability.alarm import Alarm, AlarmArgs, AlarmOverrideArgs
from components.observability.alarm_rules import minutes_of
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

ALARM = "oci:Monitoring/alarm:Alarm"


def args(**changes: Any) -> AlarmArgs:
    values = {
        "compartment_id": "ocid1.compartment.oc1..c",
        "topic_id": "ocid1.onstopic",
        "title": "GPU busy",
        "namespace": "gpu_infrastructure_health",
        "query": "GpuUtilization[5m].mean() > 90",
        "severity": "WARNING",
    }
    return AlarmArgs(**{**values, **changes})


def alarm(preview: bool = False, **changes: Any) -> Recording:
    return run(lambda: Alarm("busy", args(**changes), oci_options()) and None, preview)


def test_an_alarm_notifies_its_topic_after_a_minute_by_default():
    assert alarm().one(ALARM).inputs == {
        "compartmentId": "ocid1.compartment.oc1..c",
        "metricCompartmentId": "ocid1.compartment.oc1..c",
        "metricCompartmentIdInSubtree": False,
        "displayName": "GPU busy",
        "namespace": "gpu_infrastructure_health",
        "query": "GpuUtilization[5m].mean() > 90",
        "severity": "WARNING",
        "destinations": ["ocid1.onstopic"],
        "isEnabled": True,
        "isNotificationsPerMetricDimensionEnabled": False,
        "messageFormat": "ONS_OPTIMIZED",
        "pendingDuration": "PT1M",
        "resolution": "1m",
    }


def test_a_stream_makes_the_message_raw():
    inputs = alarm(stream_id="ocid1.stream").one(ALARM).inputs
    assert (inputs["destinations"], inputs["messageFormat"]) == (["ocid1.onstopic", "ocid1.stream"], "RAW")


def test_each_option_reaches_the_alarm():
    inputs = (
        alarm(
            metric_compartment_id="ocid1.tenancy.oc1..t",
            metric_subtree=True,
            pending_duration="PT15M",
            repeat_duration="P1D",
            slack_duration="PT10M",
            body="Look",
            per_dimension=True,
            enabled=False,
            tags={"a": "b"},
        )
        .one(ALARM)
        .inputs
    )
    assert {
        "metricCompartmentId": "ocid1.tenancy.oc1..t",
        "metricCompartmentIdInSubtree": True,
        "pendingDuration": "PT15M",
        "repeatNotificationDuration": "P1D",
        "evaluationSlackDuration": "PT10M",
        "body": "Look",
        "isNotificationsPerMetricDimensionEnabled": True,
        "isEnabled": False,
        "freeformTags": {"a": "b"},
    }.items() <= inputs.items()


def test_overrides_come_in_order():
    overrides = [
        AlarmOverrideArgs(rule_name="worst", query="GpuUtilization[5m].mean() > 99", severity="CRITICAL"),
        AlarmOverrideArgs(rule_name="worse", body="Look now", pending_duration="PT5M"),
    ]
    assert alarm(overrides=overrides).one(ALARM).inputs["overrides"] == [
        {"ruleName": "worst", "query": "GpuUtilization[5m].mean() > 99", "severity": "CRITICAL"},
        {"ruleName": "worse", "body": "Look now", "pendingDuration": "PT5M"},
    ]


def test_an_own_metric_is_watched_by_its_name():
    inputs = alarm(namespace="genai_cost", query="Spent[1h].max() > 2000", own_metric=True).one(ALARM).inputs
    assert inputs["namespace"] == "genai_cost"
    with pytest.raises(InvalidInput, match=r"busy\.namespace: 'genai_cost'"):
        alarm(namespace="genai_cost", query="Spent[1h].max() > 2000")


def test_it_survives_a_first_preview():
    assert alarm(preview=True).named("busy").outputs == {"alarmId": UNKNOWN}


def test_nothing_is_created_for_an_invalid_alarm():
    with pytest.raises(InvalidInput, match=r"busy\.severity: 'WARN'.*Did you mean `WARNING`"):
        alarm(severity="WARN")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"namespace": "gpu"}, "a.namespace"),
        ({"query": "Nothing[1m].max() > 1"}, "a.query"),
        ({"severity": "FATAL"}, "a.severity"),
        ({"pending_duration": "PT61M"}, "a.pendingDuration"),
        ({"pending_duration": "PT0M"}, "a.pendingDuration"),
        ({"pending_duration": f"PT{'1' * 5_000}M"}, "a.pendingDuration"),
        ({"pending_duration": "5m"}, "a.pendingDuration"),
        ({"repeat_duration": "P31D"}, "a.repeatDuration"),
        ({"slack_duration": "PT2M"}, "a.slackDuration"),
        ({"slack_duration": "PT3H"}, "a.slackDuration"),
        ({"message_format": "HTML"}, "a.messageFormat"),
        ({"message_format": "PRETTY_JSON", "stream_id": "s"}, "a.messageFormat"),
        ({"metric_subtree": True}, "a.metricSubtree"),
        ({"overrides": [AlarmOverrideArgs(rule_name="BASE", body="b")]}, "a.overrides[0].ruleName"),
        ({"overrides": [AlarmOverrideArgs(rule_name="", body="b")]}, "a.overrides[0].ruleName"),
        ({"overrides": [AlarmOverrideArgs(rule_name="worse")]}, "a.overrides[0]"),
        ({"overrides": [AlarmOverrideArgs(rule_name="w", severity="FATAL")]}, "a.overrides[0].severity"),
        (
            {"overrides": [AlarmOverrideArgs(rule_name="w", pending_duration="PT2H")]},
            "a.overrides[0].pendingDuration",
        ),
        (
            {"overrides": [AlarmOverrideArgs(rule_name="w", query="Nothing[1m].max() > 1")]},
            "a.overrides[0].query",
        ),
        (
            {
                "overrides": [
                    AlarmOverrideArgs(rule_name="w", body="b"),
                    AlarmOverrideArgs(rule_name="w", body="c"),
                ]
            },
            "a.overrides[1].ruleName",
        ),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        alarm(**changes)
    assert [problem.path for problem in refused.value.problems] == [path.replace("a.", "busy.", 1)]


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("PT1M", 1),
        ("PT1H", 60),
        ("PT1H30M", 90),
        ("P1D", 1440),
        ("P1DT2H", 1560),
        ("P", None),
        ("PT", None),
        ("1M", None),
    ],
)
def test_durations_are_read_in_minutes(duration: str, minutes: int | None):
    assert minutes_of(duration) == minutes


@pytest.mark.parametrize("query", ["GpuUtilization[5m].absent()", "GpuUtilization[5m].absent(3d)"])
def test_an_absence_without_group_or_period_is_refused_wherever_it_comes_from(query: str):
    with pytest.raises(InvalidInput, match=r"busy\.query"):
        alarm(query=query)
    assert alarm(query="GpuUtilization[5m].groupBy(resourceId).absent(3d)").one(ALARM)
