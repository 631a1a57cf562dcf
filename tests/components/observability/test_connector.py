"""Connector, its grants, and the retention of audit events."""

from typing import Any

import pytest

from components.identity.connector_grants import connector_grants
from components.observability.audit_retention import AuditRetention, AuditRetentionArgs
from components.observability.connector import Connector, ConnectorArgs
from facts.connectors import NEEDED
from facts.policies import statement_problems
from facts.problem import InvalidInput
from tests.support.monitor import Recording, oci_options, run

CONNECTOR = "oci:Sch/connector:Connector"
TENANCY, COMPARTMENT = "ocid1.tenancy.oc1..t", "ocid1.compartment.oc1..c"


def connector(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "compartment_id": COMPARTMENT,
        "source": "tenancyAudit",
        "source_compartment_id": TENANCY,
        "target": "bucket",
        "target_id": "kept",
        "bucket_namespace": "ns",
        **changes,
    }
    return run(lambda: Connector("keep", ConnectorArgs(**args), oci_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_the_audit_of_the_whole_tenancy_goes_to_a_bucket(preview: bool):
    inputs = connector(preview).one(CONNECTOR).inputs
    assert inputs["source"] == {
        "kind": "logging",
        "logSources": [{"compartmentId": TENANCY, "logGroupId": "_Audit_Include_Subcompartment"}],
    }
    assert inputs["target"] == {"kind": "objectStorage", "bucket": "kept", "namespace": "ns"}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("topic", {"kind": "notifications", "topicId": "x"}),
        ("stream", {"kind": "streaming", "streamId": "x"}),
        ("function", {"kind": "functions", "functionId": "x"}),
    ],
)
def test_each_target_has_its_kind(target: str, expected: dict[str, str]):
    made = connector(source="audit", target=target, target_id="x").one(CONNECTOR)
    assert made.inputs["target"] == expected
    assert made.inputs["source"]["logSources"][0]["logGroupId"] == "_Audit"


def test_all_metrics_of_a_namespace_go_to_a_stream():
    made = connector(
        source="metrics", namespaces=["oci_lbaas", "oci_apigateway"], target="stream", target_id="x"
    )
    (source,) = made.one(CONNECTOR).inputs["source"]["monitoringSources"]
    chosen, _other = source["namespaceDetails"]["namespaces"]
    assert chosen == {"namespace": "oci_lbaas", "metrics": {"kind": "all"}}


def test_all_logs_of_a_group_go_to_a_bucket():
    made = connector(source="logs", log_group_id="group", source_compartment_id=COMPARTMENT)
    assert made.one(CONNECTOR).inputs["source"]["logSources"] == [
        {"compartmentId": COMPARTMENT, "logGroupId": "group"}
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"source": "logs", "target": "topic"}, "keep.source"),
        ({"target": "topic"}, "keep.source"),
        ({"source": "metrics"}, "keep.namespaces"),
        ({"source": "metrics", "namespaces": ["gpu_infrastructure_health"]}, "keep.namespaces[0]"),
        ({"source": "metrics", "namespaces": ["oci_lbas"]}, "keep.namespaces[0]"),
        ({"target": "queue"}, "keep.target"),
    ],
)
def test_a_wrong_connector_is_refused(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        connector(**changes)
    assert [each.path for each in refused.value.problems] == [path]


@pytest.mark.parametrize("kind", NEEDED)
def test_every_grant_is_valid_and_as_narrow_as_the_target_allows(kind: str):
    found = connector_grants(kind, "target", COMPARTMENT, COMPARTMENT)
    assert len(found) == (2 if kind == "functions" else 1)
    for statement in found.values():
        text = str(statement)
        assert [*statement_problems(text, path="p")] == []
        assert "request.principal.type = 'serviceconnector'" in text
        assert f"request.principal.compartment.id = '{COMPARTMENT}'" in text
        assert ("'target'" in text) is (kind in ("objectStorage", "streaming"))


def test_a_function_may_be_read_and_invoked():
    texts = [str(each) for each in connector_grants("functions", "f", COMPARTMENT, COMPARTMENT).values()]
    assert ["fn-function" in texts[0], "fn-invocation" in texts[1]] == [True, True]


@pytest.mark.parametrize("days", [None, 90])
def test_the_audit_service_keeps_events_a_year_unless_said_otherwise(days: int | None):
    args = AuditRetentionArgs(tenancy_id=TENANCY, retention_days=days)
    made = run(lambda: AuditRetention("audit", args, oci_options()) and None)
    inputs = made.one("oci:Audit/configuration:Configuration").inputs
    assert inputs == {"compartmentId": TENANCY, "retentionPeriodDays": days or 365}


@pytest.mark.parametrize("days", [89, 366])
def test_days_that_the_audit_service_does_not_offer_are_refused(days: int):
    with pytest.raises(InvalidInput, match=r"audit\.retentionDays: \d+; must be 90 to 365 days"):
        AuditRetention("audit", AuditRetentionArgs(tenancy_id=TENANCY, retention_days=days))
