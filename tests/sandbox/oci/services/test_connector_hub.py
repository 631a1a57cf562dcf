"""What Connector Hub refuses, and what it warns about."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, warnings_of
from sandbox.oci.services.connector_hub import CONNECTOR
from sandbox.oci.services.identity.policies import POLICY
from tests.sandbox.oci.conftest import COMPARTMENT, REGION, TENANCY, Refused, Service

BUCKET = "oci:ObjectStorage/bucket:Bucket"
TO_BUCKET = {"kind": "objectStorage", "namespace": "axgenai", "bucket": "logs"}
OF_AUDIT = {"kind": "logging", "logSources": [{"compartmentId": TENANCY, "logGroupId": "_Audit"}]}


def connector(service: Service, **changes: Any) -> Entry:
    given = {"displayName": "keep", "source": OF_AUDIT, "target": TO_BUCKET}
    return service.create(CONNECTOR, **(given | changes))


def of_metrics(namespace: str) -> dict[str, Any]:
    chosen = {"kind": "selected", "namespaces": [{"namespace": namespace, "metrics": {"kind": "all"}}]}
    return {
        "kind": "monitoring",
        "monitoringSources": [{"compartmentId": COMPARTMENT, "namespaceDetails": chosen}],
    }


@pytest.fixture
def kept(service: Service) -> Entry:
    return service.create(BUCKET, namespace="axgenai", name="logs")


@pytest.fixture
def topic(service: Service) -> Entry:
    return service.create("oci:Ons/notificationTopic:NotificationTopic", name="events")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": {"kind": "audit"}}, "source.kind must be one of logging, monitoring, streaming, plugin"),
        (
            {"target": {"kind": "NOTIFICATIONS", "topicId": "ocid1.onstopic.oc1.iad.a"}},
            "target.kind must be one of functions",
        ),
        (
            {"source": {"kind": "monitoring", "monitoringSources": [{"compartmentId": COMPARTMENT}]}},
            "namespaceDetails.namespaces is required",
        ),
        ({"source": {"kind": "logging"}}, "source.logSources is required for kind logging"),
        ({"target": {"kind": "notifications"}}, "target.topicId is required for kind notifications"),
        (
            {"source": {"kind": "logging", "logSources": [{"logGroupId": "_audit"}]}},
            "logGroupId _audit must be _Audit, _Audit_Include_Subcompartment or an OCID",
        ),
        ({"source": of_metrics("gpu_infrastructure_health")}, "must start with oci_"),
    ],
)
def test_a_wrong_connector_is_refused(
    service: Service, refused: Refused, kept: Entry, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, connector, service, **changes)


def test_a_topic_gets_only_the_audit(service: Service, refused: Refused, topic: Entry) -> None:
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="env")
    target = {"kind": "notifications", "topicId": topic.id}
    source = {"kind": "logging", "logSources": [{"compartmentId": COMPARTMENT, "logGroupId": group.id}]}
    message = "for the Notifications target, only _Audit is allowed"
    refused(400, "InvalidParameter", message, connector, service, source=source, target=target)
    connector(service, target=target)


def test_a_missing_bucket_or_log_group_is_refused(service: Service, refused: Refused, kept: Entry) -> None:
    target = {**TO_BUCKET, "bucket": "lost"}
    refused(404, "BucketNotFound", "named 'lost' does not exist", connector, service, target=target)
    group = service.create("oci:Logging/logGroup:LogGroup", displayName="env")
    source = {"kind": "logging", "logSources": [{"compartmentId": COMPARTMENT, "logGroupId": group.id}]}
    connector(service, source=source)
    service.delete(group)
    refused(404, "NotAuthorizedOrNotFound", "logGroupId", connector, service, source=source)


def test_the_ocid_of_a_connector_has_its_type(service: Service, kept: Entry) -> None:
    assert connector(service).id.startswith("ocid1.serviceconnector.")


def test_metrics_of_oracles_namespaces_are_accepted(service: Service, kept: Entry) -> None:
    connector(service, source=of_metrics("oci_lbaas"))


def warned(service: Service, target: dict[str, Any], source: dict[str, Any] = OF_AUDIT) -> list[str]:
    inputs = {"compartmentId": COMPARTMENT, "displayName": "keep", "source": source, "target": target}
    return warnings_of(Call(service.cloud, CONNECTOR, "create", REGION, inputs, None, "urn"))


@pytest.mark.parametrize(
    ("namespace", "said"),
    [("oci_lbas", "Did you mean `oci_lbaas`?"), ("oci_lbaas", ""), ("oci_vmi_resource_utilization", "")],
)
def test_a_connector_of_a_misspelt_namespace_is_created_with_a_warning(
    service: Service, namespace: str, said: str
):
    target = {"kind": "functions", "functionId": "ocid1.fnfunc.oc1.iad.elsewhere"}
    found = " ".join(warned(service, target, source=of_metrics(namespace)))
    assert said in found
    assert bool(said) == ("no namespace" in found)


def granted(verb: str, resource: str, *conditions: str) -> str:
    every = ", ".join(("request.principal.type = 'serviceconnector'", *conditions))
    return f"Allow any-user to {verb} {resource} in compartment id {COMPARTMENT} where all {{{every}}}"


@pytest.mark.parametrize(
    ("statement", "enough"),
    [
        (granted("manage", "objects", "target.bucket.name = 'logs'"), True),
        (granted("manage", "object-family"), True),
        (granted("manage", "objects", f"request.principal.compartment.id = '{COMPARTMENT}'"), True),
        (granted("manage", "objects", "target.bucket.name = /lo*/"), True),
        (
            granted("manage", "objects", "any {target.bucket.name = 'logs', target.bucket.name = 'other'}"),
            True,
        ),
        (granted("manage", "objects", "target.bucket.name = 'other'"), False),
        (granted("manage", "objects", "target.bucket.name != 'logs'"), False),
        (granted("manage", "objects", "target.bucket.name = /x*/"), False),
        (granted("manage", "objects", f"request.principal.compartment.id = '{TENANCY}'"), False),
        (granted("use", "objects"), False),
        (granted("manage", "buckets"), False),
        ("Allow service objectstorage-us-ashburn-1 to manage objects in tenancy", False),
    ],
)
def test_a_connector_without_its_grant_gets_a_warning(
    service: Service, kept: Entry, statement: str, enough: bool
) -> None:
    assert (
        "no policy allows connectors of this compartment to manage objects" in warned(service, TO_BUCKET)[0]
    )
    service.create(POLICY, compartmentId=TENANCY, name="p", description="p", statements=[statement])
    assert (warned(service, TO_BUCKET) == []) is enough


def test_a_function_needs_two_grants(service: Service) -> None:
    application = service.create("oci:Functions/application:Application", displayName="app")
    image = {"sourceType": "CONTAINER_IMAGE", "image": "iad.ocir.io/ns/f:1"}
    function = service.create(
        "oci:Functions/function:Function", applicationId=application.id, displayName="f", sourceDetails=image
    )
    target = {"kind": "functions", "functionId": function.id}
    statements = [granted("use", "fn-function"), granted("use", "fn-invocation")]
    service.create(POLICY, compartmentId=TENANCY, name="one", description="p", statements=statements[:1])
    assert "use fn-invocation" in warned(service, target)[0]
    service.create(POLICY, compartmentId=TENANCY, name="two", description="p", statements=statements[1:])
    assert warned(service, target) == []
