"""Connectors, health checks and windows in which alarms are mute, by the official SDK."""

from collections.abc import Callable
from typing import Any

from oci.healthchecks import HealthChecksClient
from oci.healthchecks import models as checks
from oci.monitoring import MonitoringClient
from oci.monitoring import models as monitoring
from oci.object_storage import ObjectStorageClient
from oci.object_storage import models as objects
from oci.sch import ServiceConnectorClient
from oci.sch import models as sch

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire


def check(**changes: Any) -> checks.CreateHttpMonitorDetails:
    given = {
        "display_name": "api",
        "targets": ["api.example.com"],
        "protocol": "HTTPS",
        "interval_in_seconds": 30,
    }
    return checks.CreateHttpMonitorDetails(compartment_id=COMPARTMENT, **(given | changes))


def test_a_health_check_is_created_changed_and_deleted(wire: Wire, refused: Callable[[], Refused]) -> None:
    client: Any = wire.client(HealthChecksClient)
    made = client.create_http_monitor(check()).data
    client.update_http_monitor(made.id, checks.UpdateHttpMonitorDetails(interval_in_seconds=60))
    assert client.get_http_monitor(made.id).data.interval_in_seconds == 60
    (listed,) = client.list_http_monitors(COMPARTMENT).data
    assert listed.id == made.id
    with refused() as error:
        client.create_http_monitor(check(headers={"Authorization": "x"}))
    assert error.status == 400
    client.delete_http_monitor(made.id)
    with refused() as error:
        client.get_http_monitor(made.id)
    assert error.status == 404


def test_a_connector_of_audit_events_goes_to_a_bucket(wire: Wire) -> None:
    storage: Any = wire.client(ObjectStorageClient)
    namespace = storage.get_namespace().data
    bucket = objects.CreateBucketDetails(name="kept", compartment_id=COMPARTMENT)
    storage.create_bucket(namespace, bucket)
    client: Any = wire.client(ServiceConnectorClient)
    source = sch.LoggingSourceDetails(
        log_sources=[sch.LogSource(compartment_id=COMPARTMENT, log_group_id="_Audit")]
    )
    target = sch.ObjectStorageTargetDetails(bucket_name="kept", namespace=namespace)
    details = sch.CreateServiceConnectorDetails(
        display_name="keep", compartment_id=COMPARTMENT, source=source, target=target
    )
    client.create_service_connector(details)
    (listed,) = client.list_service_connectors(COMPARTMENT).data.items
    found = client.get_service_connector(listed.id).data
    assert found.source.log_sources[0].log_group_id == "_Audit"
    for call, state in (
        (client.deactivate_service_connector, "INACTIVE"),
        (client.activate_service_connector, "ACTIVE"),
    ):
        call(listed.id)
        client.get_service_connector(listed.id)
        assert client.get_service_connector(listed.id).data.lifecycle_state == state
    client.delete_service_connector(listed.id)


def test_windows_are_listed_by_what_they_mute(wire: Wire) -> None:
    client: Any = wire.client(MonitoringClient)
    alarm = "ocid1.alarm.oc1.iad.a"
    targets = {
        "one": monitoring.AlarmSuppressionAlarmTarget(alarm_id=alarm),
        "other": monitoring.AlarmSuppressionAlarmTarget(alarm_id="ocid1.alarm.oc1.iad.b"),
        "all": monitoring.AlarmSuppressionCompartmentTarget(compartment_id=COMPARTMENT),
    }
    for name, target in targets.items():
        details = monitoring.CreateAlarmSuppressionDetails(
            alarm_suppression_target=target,
            display_name=name,
            level="ALARM",
            time_suppress_from="2030-01-01T00:00:00Z",
            time_suppress_until="2030-01-01T01:00:00Z",
        )
        client.create_alarm_suppression(details)

    def listed(**words: str) -> set[str]:
        return {each.display_name for each in client.list_alarm_suppressions(**words).data.items}

    assert listed() == {*targets}
    assert listed(alarm_id=alarm, target_type="ALARM") == {"one"}
    assert listed(compartment_id=COMPARTMENT, target_type="COMPARTMENT") == {"all"}
    assert listed(alarm_id=alarm, display_name="other") == set()
