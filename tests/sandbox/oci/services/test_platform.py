"""What storage, notifications, monitoring, budgets, bastions, keys and logging refuse."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import TENANCY, Service

BUCKET = "oci:ObjectStorage/bucket:Bucket"
TOPIC = "oci:Ons/notificationTopic:NotificationTopic"
ALARM = "oci:Monitoring/alarm:Alarm"
BUDGET = "oci:Budget/budget:Budget"
BUDGET_RULE = "oci:Budget/rule:Rule"
BASTION = "oci:Bastion/bastion:Bastion"
KEY = "oci:Kms/key:Key"
Refused = Callable[..., None]


def _bucket(service: Service, name: str = "models", **inputs: Any) -> Entry:
    return service.create(BUCKET, namespace="axgenai", name=name, **inputs)


def test_a_bucket_name_twice_in_the_namespace_is_refused(service: Service, refused: Refused) -> None:
    _bucket(service)
    message = "Either the bucket 'models' in namespace 'axgenai' already exists or you are not authorized to"
    refused(409, "BucketAlreadyExists", message, _bucket, service)
    assert _bucket(service, region="us-phoenix-1"), "another region has a bucket of the same name"


def test_an_ill_formed_bucket_name_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidBucketName", "a/b", _bucket, service, "a/b")


@pytest.mark.parametrize(
    "wrong",
    [
        {"storageTier": "Cold"},
        {"accessType": "Everybody"},
        {"versioning": "Suspended"},
        {"storageTier": "Archive", "autoTiering": "InfrequentAccess"},
        {"retentionRules": [{"displayName": "r", "timeRuleLocked": "2030-01-01T00:00:00Z"}]},
        {"retentionRules": [{"displayName": "r", "duration": {"timeAmount": "0", "timeUnit": "DAYS"}}]},
    ],
)
def test_a_bucket_of_wrong_options_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any]
) -> None:
    refused(400, "InvalidParameter", "", _bucket, service, **wrong)


def test_a_lifecycle_of_a_bucket_that_is_not_there_is_refused(service: Service, refused: Refused) -> None:
    refused(
        404, "BucketNotFound", "'models'",
        service.create, "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy",
        namespace="axgenai", bucket="models",
    )  # fmt: skip


def test_aborting_anything_but_uploads_is_refused(service: Service, refused: Refused) -> None:
    _bucket(service)
    rule = {"action": "ABORT", "target": "objects", "timeAmount": "1", "timeUnit": "DAYS", "name": "r"}
    refused(
        400, "InvalidParameter", "ABORT is not supported for target objects",
        service.create, "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy",
        namespace="axgenai", bucket="models", rules=[rule],
    )  # fmt: skip


def test_a_second_replication_of_a_bucket_is_refused(service: Service, refused: Refused) -> None:
    _bucket(service)
    inputs = {
        "namespace": "axgenai", "bucket": "models", "name": "copy",
        "destinationBucketName": "models", "destinationRegionName": "us-phoenix-1",
    }  # fmt: skip
    token = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
    refused(404, "BucketNotFound", "'models'", service.create, token, **inputs)
    _bucket(service, region="us-phoenix-1")
    service.create(token, **inputs)
    refused(409, "Conflict", "already has a replication policy", service.create, token, **inputs)


def test_a_topic_name_twice_in_the_tenancy_is_refused(service: Service, refused: Refused) -> None:
    service.create(TOPIC, name="staging-critical")
    refused(409, "Conflict", "staging-critical already exists", service.create, TOPIC, compartmentId=TENANCY,
            name="staging-critical")  # fmt: skip


def test_an_ill_formed_topic_name_is_refused(service: Service, refused: Refused) -> None:
    refused(400, "InvalidParameter", "Topic name", service.create, TOPIC, name="staging critical")


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [("EMAIL", "nobody"), ("HTTPS", "http://a"), ("FAX", "1"), ("SLACK", "https://a.b")],
)
def test_an_ill_formed_subscription_is_refused(
    service: Service, refused: Refused, protocol: str, endpoint: str
) -> None:
    refused(
        400, "InvalidParameter", protocol, service.create, "oci:Ons/subscription:Subscription",
        topicId="ocid1.onstopic.oc1.iad.aaaa", protocol=protocol, endpoint=endpoint,
    )  # fmt: skip


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
def test_an_alarm_of_the_query_language_is_accepted(service: Service, query: str) -> None:
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


def _budget(service: Service, **inputs: Any) -> Entry:
    return service.create(BUDGET, **{
        "compartmentId": TENANCY, "amount": 50000, "resetPeriod": "MONTHLY", "targetType": "COMPARTMENT",
        "targets": ["ocid1.compartment.oc1..aaaa"], "displayName": "staging",
    } | inputs)  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"amount": 0}, "whole number"),
        ({"amount": 10.5}, "whole number"),
        ({"resetPeriod": "DAILY"}, "resetPeriod must be one of MONTHLY"),
        ({"targetType": "USER"}, "targetType"),
        ({"targets": ["ocid1.compartment.oc1..a", "ocid1.compartment.oc1..b"]}, "exactly one target"),
        ({"compartmentId": "ocid1.compartment.oc1..aaaa"}, "root compartment"),
    ],
)
def test_an_ill_formed_budget_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any], why: str
) -> None:
    refused(400, "InvalidParameter", why, _budget, service, **wrong)


def test_a_budget_name_twice_is_refused(service: Service, refused: Refused) -> None:
    _budget(service)
    refused(409, "Conflict", "staging already exists", _budget, service)


@pytest.mark.parametrize(
    "wrong", [{"threshold": 10_001}, {"threshold": 0}, {"type": "GUESS"}, {"thresholdType": "SHARE"}]
)
def test_an_ill_formed_budget_rule_is_refused(
    service: Service, refused: Refused, wrong: dict[str, Any]
) -> None:
    inputs = {
        "budgetId": _budget(service).id,
        "threshold": 80,
        "thresholdType": "PERCENTAGE",
        "type": "ACTUAL",
    }
    refused(400, "InvalidParameter", "", service.create, BUDGET_RULE, **(inputs | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"clientCidrBlockAllowLists": ["192.0.2.1/24"]},
        {"clientCidrBlockAllowLists": ["everywhere"]},
        {"clientCidrBlockAllowLists": ["192.0.2.0/24"] * 21},
        {"maxSessionTtlInSeconds": 10_801},
        {"bastionType": "HUGE"},
        {"name": "has space"},
    ],
)
def test_an_ill_formed_bastion_is_refused(
    service: Service, subnet: Entry, refused: Refused, wrong: dict[str, Any]
) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    refused(400, "InvalidParameter", "", service.create, BASTION, **(inputs | wrong))


def test_a_bastion_name_twice_is_refused(service: Service, subnet: Entry, refused: Refused) -> None:
    inputs = {"bastionType": "STANDARD", "targetSubnetId": subnet.id, "name": "door"}
    service.create(BASTION, **inputs)
    refused(409, "Conflict", "door already exists", service.create, BASTION, **inputs)


@pytest.mark.parametrize("state", ["PENDING_DELETION", "DISABLED"])
def test_a_key_that_is_not_enabled_encrypts_nothing(service: Service, refused: Refused, state: str) -> None:
    key = service.create(KEY, keyShape={"algorithm": "AES", "length": 32})
    service.cloud.save(replace(key, state=state))
    refused(409, "IncorrectState", f"is in state {state}", _bucket, service, kmsKeyId=key.id)


@pytest.mark.parametrize("shape", [{"algorithm": "AES", "length": 256}, {"algorithm": "DES", "length": 8}])
def test_an_ill_formed_key_is_refused(service: Service, refused: Refused, shape: dict[str, Any]) -> None:
    refused(400, "InvalidParameter", "", service.create, KEY, keyShape=shape)


def test_rotation_in_a_shared_vault_is_refused(service: Service, refused: Refused) -> None:
    endpoint = "https://x-management.kms.us-ashburn-1.oraclecloud.com"
    service.create("oci:Kms/vault:Vault", outputs={"managementEndpoint": endpoint}, vaultType="DEFAULT")
    refused(
        400, "InvalidParameter", "virtual private vault only",
        service.create, KEY, managementEndpoint=endpoint, isAutoRotationEnabled=True,
    )  # fmt: skip
    details = {"rotationIntervalInDays": 30}
    refused(
        400, "InvalidParameter", "between 60 and 365", service.create, KEY, autoKeyRotationDetails=details
    )


def test_a_secret_name_twice_in_a_vault_is_refused(service: Service, refused: Refused) -> None:
    inputs = {"vaultId": "ocid1.vault.oc1.iad.aaaa", "secretName": "database"}
    gone = service.create("oci:Vault/secret:Secret", **inputs)
    service.cloud.save(replace(gone, state="PENDING_DELETION", deleted_at="2030-01-01T00:00:00Z"))
    words = "database already exists"
    refused(400, "InvalidParameter", words, service.create, "oci:Vault/secret:Secret", **inputs)


@pytest.mark.parametrize("days", [29, 45, 210])
def test_a_log_kept_for_an_odd_time_is_refused(service: Service, refused: Refused, days: int) -> None:
    refused(
        400, "InvalidParameter", "in increments of 30",
        service.create, "oci:Logging/log:Log", logGroupId="ocid1.loggroup.oc1.iad.aaaa", logType="CUSTOM",
        displayName="flow", retentionDuration=days,
    )  # fmt: skip


def test_a_log_group_name_twice_in_a_compartment_is_refused(service: Service, refused: Refused) -> None:
    service.create("oci:Logging/logGroup:LogGroup", displayName="flow")
    refused(409, "Conflict", "flow already exists", service.create, "oci:Logging/logGroup:LogGroup",
            displayName="flow")  # fmt: skip
