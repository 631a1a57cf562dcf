"""Every stack and example holds to the pack, with every value known."""

from dataclasses import replace

import pytest

from policies.judging import judge
from policies.listed import POLICIES
from policies.model import Finding, Resource
from report.resources import from_recording
from report.rights.broad import broad_grants
from tests.infra.snapshots import EXAMPLES, STACKS, run

ADVISED = {"own-keys-advised", "no-public-api"}


def recorded(stack: str) -> list[Resource]:
    return [
        Resource(
            urn=each.urn,
            type=each.type,
            inputs=each.inputs,
            id=each.id,
            protect=each.protect is True,
            outputs=each.outputs or {},
        )
        for each in run(stack).resources
    ]


def found(resources: list[Resource]) -> list[Finding]:
    return judge(POLICIES, resources)


@pytest.mark.parametrize("stack", [*STACKS, *EXAMPLES])
def test_a_stack_holds_to_the_pack(stack: str):
    findings = found(recorded(stack))
    assert [each for each in findings if each.level == "mandatory"] == []
    assert {each.policy for each in findings} <= ADVISED
    assert broad_grants(from_recording(run(stack).resources)) == [], "the report says the same of grants"


@pytest.mark.parametrize(
    ("type_", "policy", "changes"),
    [
        ("oci:Database/autonomousDatabase:AutonomousDatabase", "no-public-database", {"subnetId": None}),
        ("oci:ContainerEngine/nodePool:NodePool", "own-keys", {"nodeConfigDetails": {}}),
        ("oci:ObjectStorage/bucket:Bucket", "own-keys-of-buckets", {"kmsKeyId": None}),
        ("oci:ObjectStorage/bucket:Bucket", "tags-present", {"freeformTags": {}, "definedTags": {}}),
        ("oci:Bastion/bastion:Bastion", "no-open-entrance", {"clientCidrBlockAllowLists": ["0.0.0.0/0"]}),
        ("kubernetes:apps/v1:Deployment", "pinned-images", {"spec": {"containers": [{"image": "vllm"}]}}),
        ("kubernetes:core/v1:Service", "no-vllm-service", {"metadata": {"name": "vllm"}}),
        ("oci:Kms/key:Key", "no-version-of-volume-key", {"isAutoRotationEnabled": True}),
        (
            "oci:Core/defaultSecurityList:DefaultSecurityList",
            "no-open-port",
            {"manageDefaultResourceId": "x"},
        ),
    ],
)
def test_a_wrong_change_to_a_stack_is_found(type_: str, policy: str, changes: dict[str, object]):
    stack = "staging" if type_.endswith(":Bastion") else "prod"
    before = recorded(stack)
    assert policy not in {each.policy for each in found(before)}
    after = [
        replace(each, inputs={**each.inputs, **changes}) if each.type == type_ else each for each in before
    ]
    assert len(before) > len([each for each in before if each.type != type_])
    assert policy in {each.policy for each in found(after)}


def test_the_protection_of_production_is_needed():
    bare = [replace(each, protect=False) for each in recorded("prod")]
    types = {each.urn.split("::")[2].rpartition("$")[2] for each in found(bare) if "protected" in each.policy}
    assert {"oci:ObjectStorage/bucket:Bucket", "oci:ContainerEngine/nodePool:NodePool"} <= types
