"""What Monitoring refuses in alarms."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
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
        ({"destinations": []}, "at least 1"),
        ({"destinations": ["ocid1.onstopic.oc1.iad.a", "ocid1.onstopic.oc1.iad.b"]}, "Only one destination"),
        ({"metricCompartmentIdInSubtree": True}, "only when metricCompartmentId is the tenancy"),
    ],
)
def test_an_ill_formed_alarm_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _alarm, service, **wrong)
