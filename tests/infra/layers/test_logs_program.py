"""Logs in the whole program: which there are, what keeps them, and what each connector may write."""

from typing import Any

import pytest

from infra.offline.recording import Registered
from infra.offline.run import run_offline
from infra.project.stackfile import StackFile
from tests.infra.settings.examples import Change, config
from tests.infra.settings.wrong.edge import EDGE

LOGS = "observability.logs"
LOG, GROUP = "oci:Logging/log:Log", "oci:Logging/logGroup:LogGroup"
FLOWS: Change = ("network.flowLogs", {})


def program(*changes: Change) -> list[Registered]:
    """What the program registers with changed settings."""
    file = StackFile(config(*changes), frozenset(), "Pulumi.test.yaml")
    return [*run_offline(file, "test").resources]


def of_type(found: list[Registered], token: str) -> list[Registered]:
    return [each for each in found if each.type == token]


def sources(found: list[Registered]) -> set[tuple[str, str]]:
    """Service and category of every service log."""
    made: list[dict[str, Any]] = [each.inputs for each in of_type(found, LOG)]
    given = [each["configuration"]["source"] for each in made if "configuration" in each]
    return {(each["service"], each["category"]) for each in given}


BASE = {("oke-k8s-cp-prod", "all-service-logs"), ("objectstorage", "write")}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ([], set()),
        ([(f"{LOGS}.bucketReads", True)], {("objectstorage", "read")}),
        ([FLOWS], {("flowlogs", "vcn")}),
        (
            [("network.edge", EDGE)],
            {("loadbalancer", "access"), ("loadbalancer", "error"), ("waf", "all")},
        ),
        ([("storage.fileStorage", {})], {("filestorage", "nfslogs")}),
        ([("database.cache", {})], set()),
        (
            [("database.postgresql", {}), (f"{LOGS}.unverified", True)],
            {("postgresql", "postgresql_database_logs"), ("keymanagementservice", "cryptooperations")},
        ),
        ([(f"{LOGS}.keepDays", 365)], {("och", "runlog")}),
    ],
)
def test_each_service_of_an_environment_has_its_logs_and_no_other(
    changes: list[Change], more: set[tuple[str, str]]
) -> None:
    found = program((LOGS, {}), *changes)
    assert sources(found) == BASE | more
    assert len(of_type(found, GROUP)) == 1, "one log group"


def test_without_the_setting_only_flow_logs_are_logged_in_their_own_group() -> None:
    found = program(FLOWS)
    assert sources(found) == {("flowlogs", "vcn")}
    assert [each.name for each in of_type(found, GROUP)] == ["test-flow-logs-group"]


def test_the_group_of_flow_logs_becomes_that_of_all_logs() -> None:
    (group,) = of_type(program(FLOWS, (LOGS, {})), GROUP)
    assert group.name == "test-logs-group"
    (former,) = group.aliases
    assert former.name == "test-flow-logs-group"
    assert str(former.parent).endswith("genai:index:FlowLogs::test-flow-logs")


def test_a_bucket_of_logs_has_versions_and_one_of_audit_events_a_rule() -> None:
    found = program(
        (LOGS, {"keepDays": 365, "audit": {"lockTime": "2099-01-31T00:00:00Z"}}),
        ("governance.managesTenancy", True),
    )
    buckets = {each.inputs["name"]: each.inputs for each in of_type(found, "oci:ObjectStorage/bucket:Bucket")}
    kept, audited = buckets["test-log-archive"], buckets["test-audit-archive"]
    assert (kept["versioning"], kept.get("retentionRules")) == ("Enabled", None)
    assert audited["versioning"] == "Disabled"
    (rule,) = audited["retentionRules"]
    assert rule["duration"] == {"timeAmount": "7", "timeUnit": "YEARS"}
    assert rule["timeRuleLocked"] == "2099-01-31T00:00:00Z"
    groups = {
        each.inputs["target"]["bucket"]: each.inputs["source"]["logSources"][0]["logGroupId"]
        for each in of_type(found, "oci:Sch/connector:Connector")
    }
    assert groups["test-audit-archive"] == "_Audit_Include_Subcompartment"
    assert groups["test-log-archive"].startswith("ocid1.loggroup.")


def test_each_connector_may_write_to_its_own_target_only() -> None:
    connectors = {
        "one": {"source": "audit", "target": "topic", "to": "critical"},
        "two": {
            "source": "metrics",
            "namespaces": ["oci_lbaas"],
            "target": "bucket",
            "to": "model-artifacts",
        },
    }
    found = program((LOGS, {"keepDays": 365, "connectors": connectors}))
    (policy,) = [each for each in of_type(found, "oci:Identity/policy:Policy") if "connectors" in each.name]
    texts: list[str] = policy.inputs["statements"]
    named = [text for text in texts if "target.bucket.name = 'test-" in text]
    assert len(texts) == 3
    assert len(named) == 2
    assert all("request.principal.type = 'serviceconnector'" in text for text in texts)
    assert [text for text in texts if "use ons-topics" in text] == [*set(texts) - set(named)]
