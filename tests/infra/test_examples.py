"""Every example is complete, matches the schema, is in the list, and runs offline."""

import json

import jsonschema
import pytest
import yaml

from infra import schema
from infra.project.stackfile import ROOT, read_stack_file
from infra.settings import examine
from tests.infra.snapshots import EXAMPLES, file_of, run

FOLDER = ROOT / "examples"
SHOWN = {
    "alarms": "AlarmSuppression",
    "alert-receivers": "AlertRouting",
    "autoscaled-pools": "capacityReservationId",
    "block-volumes": "VolumeBackupPolicyAssignment",
    "cache": "RedisCluster",
    "cert-manager": "certManager",
    "cluster-autoscaler": "ClusterAutoscaler",
    "cluster-network": "ClusterNetwork",
    "copied-buckets": "ReplicationPolicy",
    "databases": "RedisCluster",
    "engine-over-nodes": "LeaderWorkerSet",
    "existing-grants": "secretsKeyId",
    "existing-cluster": "clusterId",
    "existing-network": "vcnId",
    "existing-vcn": "AddedSubnets",
    "firewall-policy": "AppFirewallPolicy",
    "gated-model": "ExternalSecret",
    "hub-network": "DrgAttachment",
    "identity-domain": "DomainsGroup",
    "imported-image": "Image",
    "load-balancer": "EdgeGateways",
    "logs": "ServiceLogs",
    "lustre-weights": "FileStorageObjectStorageLink",
    "minimal": "ModelServer",
    "governance": "CostWatch",
    "nfs-weights": "MountTarget",
    "opensearch": "SearchCluster",
    "oracle-database": "AutonomousDatabase",
    "own-compartment": "Compartment",
    "postgresql": "PostgresqlDatabase",
    "public-api": "allowedCidrs",
    "releases": "candidates",
    "rotating-keys": "rotationDays",
    "scaled-engines": "ScaledObject",
    "several-models": "ModelServer",
    "streaming": "StreamPool",
    "team-models": "team",
    "tenancy": "SecurityZone",
    "tenants": "ModelGateway",
    "vllm-router": "ModelRouter",
}
"""The purpose of each example: a resource type, or a key of its file."""


def test_each_example_says_what_it_shows():
    assert set(SHOWN) == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_contains_what_its_name_says(name: str):
    types = {each.type.rsplit(":", 1)[-1] for each in run(name).resources}
    assert SHOWN[name] in types or f"{SHOWN[name]}:" in file_of(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_names_its_schema_and_obeys_it(name: str):
    text = file_of(name).read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../docs/schema/stack.schema.json"
    jsonschema.Draft7Validator(json.loads(schema.stack_schema())).validate(yaml.safe_load(text))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_no_problem_except_its_placeholders(name: str):
    file = read_stack_file(name, file_of(name))
    assert not examine(file.sections, name, encrypted=file.encrypted).problems


def test_the_list_names_exactly_the_examples():
    listed = [
        line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if "](" in line
    ]
    assert [line.split("](")[1].split(")")[0] for line in listed] == [
        line.split("[")[1].split("]")[0] + ".yaml" for line in listed
    ]
    assert sorted(line.split("[")[1].split("]")[0] for line in listed) == list(EXAMPLES)


def test_ci_previews_every_example():
    workflow = yaml.safe_load((ROOT / ".github/workflows/preview.yaml").read_text(encoding="utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["examples"]["steps"]]
    assert "sh tools/preview_examples.sh" in steps
