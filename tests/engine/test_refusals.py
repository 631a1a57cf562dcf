"""What the user is told by the real engine when settings or resources are wrong."""

from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine

COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
TENANCY = "ocid1.tenancy.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

HEAD = f"""
import pulumi
import pulumi_oci as oci
from pulumi_oci import containerengine, core, identity, objectstorage

C, T = "{COMPARTMENT}", "{TENANCY}"
O = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1", tenancy_ocid=T))
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=C, cidr_blocks=["10.0.0.0/16"], dns_label="vcn"), opts=O)
subnet = core.Subnet("subnet", core.SubnetArgs(compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.1.0/24"), opts=O)
bucket = objectstorage.Bucket("bucket", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="one"), opts=O)
"""

WRONG: dict[str, tuple[str, str]] = {
    "subnet outside its VCN": (
        'core.Subnet("w", core.SubnetArgs(compartment_id=C, vcn_id=vcn.id, cidr_block="192.168.0.0/24"), opts=O)',
        "400-InvalidParameter",
    ),
    "subnet over another": (
        'core.Subnet("w", core.SubnetArgs(compartment_id=C, vcn_id=subnet.vcn_id, cidr_block="10.0.1.128/25"), opts=O)',
        "overlap",
    ),
    "reference to another type": (
        'core.Subnet("w", core.SubnetArgs(compartment_id=C, vcn_id=subnet.id, cidr_block="10.0.2.0/24"), opts=O)',
        "vcnId",
    ),
    "reference to another region": (
        'core.NetworkSecurityGroup("w", core.NetworkSecurityGroupArgs('
        'compartment_id=C, vcn_id="ocid1.vcn.oc1.phx.' + "a" * 60 + '"), opts=O)',
        "400-InvalidParameter",
    ),
    "ill-formed DNS label": (
        'core.Vcn("w", core.VcnArgs(compartment_id=C, cidr_blocks=["10.1.0.0/16"], dns_label="no-dash"), opts=O)',
        "dnsLabel",
    ),
    "bucket of a name that is taken": (
        'objectstorage.Bucket("w", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="one"), '
        "opts=pulumi.ResourceOptions.merge(O, pulumi.ResourceOptions(depends_on=[bucket])))",
        "409-BucketAlreadyExists",
    ),
    "policy for a group that is not there": (
        'identity.Policy("w", identity.PolicyArgs(compartment_id=T, name="w", description="w", '
        'statements=["Allow group Nobody to inspect all-resources in tenancy"]), opts=O)',
        "Nobody",
    ),
    "unknown Kubernetes version": (
        'containerengine.Cluster("w", containerengine.ClusterArgs('
        'compartment_id=C, vcn_id=vcn.id, name="w", kubernetes_version="v1.2.3"), opts=O)',
        "v1.2.3",
    ),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One run of all the wrong resources beside the right ones, each going on after the others' errors."""
    body = "\n".join(
        source.replace('"w"', f'"w{index}"', 1) for index, (source, _) in enumerate(WRONG.values())
    )
    project = SandboxProject.with_program(tmp_path_factory.mktemp("refusals") / "project", HEAD + body)
    ran = project.up("--continue-on-error")
    assert ran.status != 0
    assert len(project.recorded()) == 3, "only what is right may stand"
    return ran.output


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_the_engine_shows_the_clouds_refusal(refused: str, case: str) -> None:
    name = f"(w{list(WRONG).index(case)})"
    assert name in refused, refused
    diagnostics = refused[refused.rindex(name) :].split("\n\n", 1)[0]
    assert WRONG[case][1].lower() in diagnostics.lower(), diagnostics


def test_a_resource_that_others_need_cannot_be_deleted(tmp_path: Path) -> None:
    """The subnet leaves the state but not the cloud, so deleting the VCN alone must be refused."""
    project = SandboxProject.with_program(tmp_path / "project", HEAD)
    project.up().check()
    subnet = next(entry["urn"] for entry in project.cloud() if entry["type"] == "oci:Core/subnet:Subnet")
    project.sandbox("state", "delete", subnet, "--yes", "--stack", "staging").check()
    ran = project.destroy()
    assert ran.status != 0
    assert "409-" in ran.output


def test_more_gpus_than_the_limit_are_refused_with_the_limits_name(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.sandbox("cloud", "limits", "set", "gpu-mi300x-count", "7").check()
    ran = project.up()
    assert ran.status != 0
    assert "gpu-mi300x-count" in ran.output
    assert "LimitExceeded" in ran.output


def test_hosts_that_are_not_there_are_refused_and_the_next_up_goes_on(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.sandbox("cloud", "fault", "add", "capacity", "--type", "NodePool", "--times", "1").check()
    ran = project.up()
    assert ran.status != 0
    assert "Out of host capacity" in ran.output
    project.up().check()
    project.up("--expect-no-changes").check()


def test_every_problem_of_the_settings_is_told_at_once_before_anything_is_made(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.configure("network", cidr="10.0.0.0/33")
    project.configure("cluster", kubernetesVersion="v1.2.3", sytemPool={})
    project.configure("governance", budget={"monthlyAmount": "plenty"})
    ran = project.up()
    assert ran.status != 0
    for path in (
        "network.cidr",
        "cluster.kubernetesVersion",
        "cluster.sytemPool",
        "governance.budget.monthlyAmount",
    ):
        assert path in ran.output, path
    assert "Traceback" not in ran.output
    assert project.recorded() == []


def test_a_throttled_call_is_tried_again_and_seen_in_the_events_alone(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", HEAD)
    project.sandbox("cloud", "fault", "add", "throttle", "--type", "Vcn", "--times", "2").check()
    project.up().check()
    assert "throttle" in project.sandbox("cloud", "events", "--json").check().output.lower()
