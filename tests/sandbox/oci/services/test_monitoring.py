"""What Monitoring refuses in alarms."""

from typing import Any

import pytest

from components.observability.definitions import AlarmDefinition, all_alarms
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, warnings_of
from tests.sandbox.oci.conftest import Refused, Service

ALARM = "oci:Monitoring/alarm:Alarm"


def _alarm(service: Service, **inputs: Any) -> Entry:
    return service.create(ALARM, **{
        "displayName": "gpu", "severity": "CRITICAL", "namespace": "gpu_infrastructure_health",
        "query": "GpuTemperature[1m].max() > 90", "isEnabled": True,
        "metricCompartmentId": "ocid1.compartment.oc1..aaaa",
        "destinations": ["ocid1.onstopic.oc1.iad.aaaa"], "pendingDuration": "PT5M",
    } | inputs)  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "CpuUtilization[1m].mean() > 80",
        'CpuUtilization[1m]{dbInstanceRole="PRIMARY"}.percentile(0.9) > 60',
        "GpuUtilization[5m].absent()",
        'GpuUtilization[5m]{resourceId = "x"}.groupBy(resourceId).absent(72h)',
        "GpuUtilization[5m].absent(3d) && CpuUtilization[1m].mean() in (60, 80)",
        "Fault[1m].grouping().max() >= 1",
    ],
)
def test_an_alarm_with_a_valid_query_is_accepted(service: Service, query: str) -> None:
    assert _alarm(service, query=query).inputs["query"] == query


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"pendingDuration": "PT30S"}, "between PT1M and PT1H"),
        ({"pendingDuration": "PT2H"}, "between PT1M and PT1H"),
        ({"pendingDuration": "5m"}, "between PT1M and PT1H"),
        ({"repeatNotificationDuration": "P31D"}, "between PT1M and P30D"),
        ({"evaluationSlackDuration": "PT1M"}, "between PT3M and PT2H"),
        ({"severity": "FATAL"}, "severity"),
        ({"resolution": "5m"}, "resolution"),
        ({"messageFormat": "XML"}, "messageFormat"),
        ({"namespace": "GPU-health"}, "Invalid namespace"),
        ({"query": "GpuTemperature > 90"}, "Invalid query"),
        ({"query": "GpuTemperature[1m].max()"}, "has no trigger rule"),
        ({"query": 'GpuTemperature[1m]{resourceId = "a > b"}.max()'}, "has no trigger rule"),
        (
            {"query": "GpuUtilization[5m].absent(4d)"},
            "absent(4d): the absence detection period must be between",
        ),
        ({"query": "GpuUtilization[5m].absent(0m)"}, "must be between 1m and 3d"),
        ({"query": "GpuUtilization[5m].absent(20)"}, "must be between 1m and 3d"),
        ({"query": "GpuUtilization[5m].absent() == 1"}, "absent() takes no comparison: == 1"),
        ({"query": "GpuTemperature[1m].max() > 90 || GpuUtilization[5m].absent(73h)"}, "absent(73h)"),
        ({"query": "GpuTemperature[1m].maxx() > 90"}, "maxx() is not a statistic"),
        ({"query": "GpuTemperature[90m].max() > 90"}, "the interval 90m must be 1m-60m, 1h-24h or 1d"),
        ({"query": "GpuTemperature[2d].max() > 90"}, "the interval 2d must be"),
        ({"query": "GpuTemperature[1m].percentile(90) > 90"}, "must be above 0 and below 1"),
        ({"overrides": [{"ruleName": "worse", "query": "GpuTemperature[1m].maxx() > 99"}]}, "maxx() is not"),
        ({"overrides": [{"ruleName": "worse", "query": "GpuTemperature[1m].max()"}]}, "has no trigger rule"),
        ({"overrides": [{"ruleName": "worse", "severity": "FATAL"}]}, "severity"),
        ({"overrides": [{"ruleName": "worse", "pendingDuration": "PT2H"}]}, "PT1M to PT1H"),
        ({"overrides": [{"ruleName": "BASE", "body": "x"}]}, "ruleName 'BASE' must be a name, and not"),
        ({"overrides": [{"ruleName": " ", "body": "x"}]}, "ruleName '' must be a name, and not"),
        ({"overrides": [{"ruleName": "a", "body": "x"}, {"ruleName": "a", "body": "y"}]}, "a is there twice"),
        ({"overrides": [{"ruleName": "a"}]}, "a has no query, severity, body or duration"),
        ({"notificationVersion": "2.X"}, "notificationVersion must be one of 1.X"),
        ({"query": "GpuTemperature[1m].max(5) > 9"}, "max() takes no argument"),
        ({"query": "GpuTemperature[1m].groupBy().max() > 9"}, "groupBy() is not a grouping"),
        ({"query": "GpuTemperature[1m].groupBy(a,,b).max() > 9"}, "groupBy(a,,b) is not a grouping"),
        ({"query": "GpuTemperature[1m].groupby(a).max() > 9"}, "groupby(a) is not a grouping"),
        ({"query": "GpuTemperature[1m].max().min() > 9"}, "max() is not a grouping"),
        ({"query": "GpuTemperature[1m]{gpuId=0}.max() > 9"}, "{gpuId=0} are not dimensions"),
        ({"query": "GpuTemperature[1m].max() > 9 &&"}, "Invalid query"),
        ({"query": "GpuTemperature[1m].max() => 9"}, "Invalid query"),
        ({"query": "GpuTemperature[1m].max() > high"}, "Invalid query"),
        ({"destinations": []}, "at least 1"),
        ({"destinations": ["ocid1.onstopic.oc1.iad.a", "ocid1.onstopic.oc1.iad.b"]}, "Only one destination"),
        ({"metricCompartmentIdInSubtree": True}, "only when metricCompartmentId is the tenancy"),
    ],
)
def test_an_ill_formed_alarm_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _alarm, service, **wrong)


def _said(service: Service, **inputs: Any) -> list[str]:
    created = _alarm(service, **inputs)
    call = Call(
        cloud=service.cloud, token=ALARM, operation="create", region="us-ashburn-1", inputs=created.inputs, old=None,
        urn="urn:alarm",
    )  # fmt: skip
    return warnings_of(call)


@pytest.mark.parametrize(
    ("namespace", "query", "why"),
    [
        (
            "gpu_infrastructure_helth",
            "GpuTemperature[1m].max() > 90",
            "Did you mean `gpu_infrastructure_health`",
        ),
        ("oci_lbas", "unhealthyBackendServers[1m].max() > 0", "Did you mean `oci_lbaas`"),
        ("gpu_infrastructure_health", "GpuTemprature[1m].max() > 90", "Did you mean `GpuTemperature`"),
        ("oci_objectstorage", "AllRequests[1m].groupBy(resourceId).sum() > 9", "Did you mean `resourceID`"),
        ("oci_objectstorage", "StoredBytes[1m].max() > 9", "StoredBytes is sent every 60 minutes"),
        ("oci_lbaas", 'peakBandwidth[1m]{lbComponent = "listener"}.max() > 9', "There are: loadBalancer"),
    ],
)
def test_an_alarm_that_never_fires_is_created_with_a_warning(
    service: Service, namespace: str, query: str, why: str
) -> None:
    (said,) = _said(service, namespace=namespace, query=query)
    assert said.startswith("OCI accepts this alarm, but it never fires")
    assert why in said


@pytest.mark.parametrize(
    ("namespace", "query"),
    [
        ("gpu_infrastructure_health", "GpuTemperature[1m].max() > 90"),
        ("genai_cost", "SpentToday[1h].max() > 2000"),
        ("oci_streaming", "PutMessagesFault.Count[1m].groupBy(resourceId).sum() > 0"),
    ],
)
def test_no_warning_about_a_metric_that_is_known_or_the_users_own(
    service: Service, namespace: str, query: str
) -> None:
    assert _said(service, namespace=namespace, query=query) == []


def test_a_warning_names_the_words_of_an_override(service: Service) -> None:
    overrides = [{"ruleName": "worse", "query": "GpuTemprature[1m].max() > 99"}]
    (said,) = _said(service, overrides=overrides)
    assert "GpuTemprature" in said


@pytest.mark.parametrize("alarm", all_alarms().values(), ids=all_alarms())
def test_the_sandbox_accepts_each_alarm_of_the_platform_without_a_warning(
    service: Service, alarm: AlarmDefinition
) -> None:
    assert _said(service, namespace=alarm.namespace, query=alarm.query_at(), severity=alarm.severity) == []
