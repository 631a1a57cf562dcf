"""What the real engine shows when the cloud refuses resources: status, code and message."""

from pathlib import Path

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.oci.ids import derived_ocid
from sandbox.store import open_store
from tests.support.sandbox_project import ON_DEMAND, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
TENANCY = "ocid1.tenancy.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
NO_VCN = derived_ocid("vcn", "us-ashburn-1", "never made")
NO_IMAGE = derived_ocid("image", "us-ashburn-1", "never made")

NETWORK = f"""{ON_DEMAND}
import pulumi
import pulumi_oci as oci
from pulumi_oci import containerengine, core, identity, kms, objectstorage

C, T = "{COMPARTMENT}", "{TENANCY}"

def through(name, region):
    return pulumi.ResourceOptions(provider=oci.Provider(name, region=region, tenancy_ocid=T))

def after(*resources):
    return pulumi.ResourceOptions.merge(O, pulumi.ResourceOptions(depends_on=list(resources)))

O = through("oci", "us-ashburn-1")
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=C, cidr_blocks=["10.0.0.0/16"], dns_label="vcn"), opts=O)
subnet = core.Subnet("subnet", core.SubnetArgs(
    compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.1.0/24", dns_label="nodes"), opts=O)
"""

HEAD = f"""{NETWORK}
bucket = objectstorage.Bucket("bucket", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="one"), opts=O)
group = identity.Group("group", identity.GroupArgs(compartment_id=T, name="ours", description="ours"), opts=O)
cluster = containerengine.Cluster("cluster", containerengine.ClusterArgs(
    compartment_id=C, vcn_id=vcn.id, name="c", kubernetes_version="v1.36.1", type="ENHANCED_CLUSTER",
    cluster_pod_network_options=[{{"cni_type": "OCI_VCN_IP_NATIVE"}}]), opts=O)
domain = identity.get_availability_domains_output(
    compartment_id=T, opts=pulumi.InvokeOutputOptions(provider=O.provider)).availability_domains[0].name
IMAGE = "ocid1.image.oc1.iad.{"a" * 60}"

def of_network(name, cidr, vcn_id=vcn.id, opts=O, **more):
    return core.Subnet(name, core.SubnetArgs(compartment_id=C, vcn_id=vcn_id, cidr_block=cidr, **more), opts=opts)

def pool(name, shape="BM.GPU.MI300X.8", size=1, image=IMAGE, placement=None, **more):
    return containerengine.NodePool(name, containerengine.NodePoolArgs(
        compartment_id=C, cluster_id=cluster.id, name=name, node_shape=shape,
        node_source_details={{"source_type": "IMAGE", "image_id": image}},
        node_config_details={{
            "size": size,
            "placement_configs": [{{"availability_domain": domain, "subnet_id": subnet.id, **(placement or {{}})}}],
            "node_pool_pod_network_option_details": {{
                "cni_type": "OCI_VCN_IP_NATIVE", "pod_subnet_ids": [subnet.id]}},
        }}, **more), opts=O)

def instance(name, shape, **more):
    return core.Instance(name, core.InstanceArgs(
        compartment_id=C, availability_domain=domain, shape=shape,
        source_details={{"source_type": "image", "source_id": IMAGE}},
        create_vnic_details={{"subnet_id": subnet.id}}, **more), opts=O)
"""
RIGHT = 5
"""The number of valid resources in HEAD: VCN, subnet, bucket, group, cluster."""

INVALID, MISSING = (
    "400-InvalidParameter, ",
    "404-NotAuthorizedOrNotFound, Authorization failed or requested resource",
)

WRONG: dict[str, tuple[str, str, str]] = {
    "subnet outside its VCN": (
        'of_network("w", "192.168.0.0/24")',
        INVALID,
        "The requested CIDR 192.168.0.0/24 is invalid: not within VCN CIDR 10.0.0.0/16.",
    ),
    "subnet over another": (
        'of_network("w", "10.0.1.128/25", vcn_id=subnet.vcn_id)',
        INVALID,
        "with CIDR 10.0.1.0/24 overlaps with this CIDR.",
    ),
    "reference to nothing": (
        f'of_network("w", "10.0.2.0/24", vcn_id="{NO_VCN}")',
        MISSING,
        f"vcnId: {NO_VCN}",
    ),
    "reference that is no OCID": (
        'of_network("w", "10.0.2.0/24", vcn_id="the-vcn")',
        INVALID,
        "vcnId: 'the-vcn' is not an OCID.",
    ),
    "reference to another type": (
        'of_network("w", "10.0.2.0/24", vcn_id=subnet.id)',
        INVALID,
        "is a Subnet, not a Vcn.",
    ),
    "reference to what is in another region": (
        'of_network("w", "10.0.2.0/24", opts=through("phoenix", "us-phoenix-1"))',
        INVALID,
        "is in region us-ashburn-1, the call in us-phoenix-1.",
    ),
    "reference by an OCID of another region": (
        f'of_network("w", "10.0.2.0/24", vcn_id="ocid1.vcn.oc1.phx.{"a" * 60}")',
        INVALID,
        "is in region us-phoenix-1, the call in us-ashburn-1.",
    ),
    "ill-formed name of a group": (
        'identity.Group("w", identity.GroupArgs(compartment_id=T, name="no blanks", description="w"), opts=O)',
        INVALID,
        "name 'no blanks' is invalid: letters, digits, periods, hyphens and underscores, 1 to 100 characters",
    ),
    "ill-formed name of a bucket": (
        'objectstorage.Bucket("w", '
        'objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="no/slash"), opts=O)',
        "400-InvalidBucketName, ",
        "The bucket name 'no/slash' is invalid",
    ),
    "ill-formed DNS label": (
        'core.Vcn("w", core.VcnArgs(compartment_id=C, cidr_blocks=["10.1.0.0/16"], dns_label="no-dash"), opts=O)',
        INVALID,
        "Invalid dnsLabel no-dash: it must be an alphanumeric string of at most 15 characters",
    ),
    "DNS label that another subnet has": (
        'of_network("w", "10.0.2.0/24", vcn_id=subnet.vcn_id, dns_label="nodes")',
        INVALID,
        "DNS Label nodes is a duplicate of one that already exists in the VCN",
    ),
    "bucket of a name that is taken": (
        'objectstorage.Bucket("w", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="one"), '
        "opts=after(bucket))",
        "409-BucketAlreadyExists, ",
        "Either the bucket 'one' in namespace 'ns' already exists",
    ),
    "group of a name that is taken": (
        'identity.Group("w", identity.GroupArgs(compartment_id=T, name="Ours", description="w"), opts=after(group))',
        "409-GroupAlreadyExists, ",
        "Group 'Ours' already exists",
    ),
    "policy for a group that is not there": (
        'identity.Policy("w", identity.PolicyArgs(compartment_id=T, name="w", description="w", '
        'statements=["Allow group Nobody to inspect all-resources in tenancy"]), opts=O)',
        INVALID,
        "The group Nobody specified in the policy statement does not exist",
    ),
    "policy through another region than home": (
        'identity.Policy("w", identity.PolicyArgs(compartment_id=T, name="w", description="w", '
        'statements=["Allow group Administrators to inspect all-resources in tenancy"]), '
        'opts=through("frankfurt", "eu-frankfurt-1"))',
        "403-NotAllowed, ",
        "Please go to your home region IAD to execute CREATE, UPDATE and DELETE operations.",
    ),
    "more GPUs than the limit": (
        'pool("w", size=2)',
        "400-LimitExceeded, ",
        "The following service limits were exceeded: gpu-mi300x-count.",
    ),
    "more hosts than there are": (
        'instance("w", "VM.Standard.E5.Flex", shape_config={"ocpus": 1, "memory_in_gbs": 16})',
        "500-InternalError, ",
        "Out of host capacity.",
    ),
    "preemptible bare metal in a pool": (
        'pool("w", placement={"preemptible_node_config": {"preemption_action": {"type": "TERMINATE"}}})',
        INVALID,
        "Invalid Preemptible instance shape: BM.GPU.MI300X.8 (is not supported)",
    ),
    "preemptible bare metal": (
        'instance("w", "BM.GPU.MI300X.8", preemptible_instance_config={"preemption_action": {"type": "TERMINATE"}})',
        INVALID,
        "Invalid Preemptible instance shape: BM.GPU.MI300X.8 (is not supported)",
    ),
    "unknown shape of a pool": ('pool("w", shape="BM.GPU.MI300.8")', INVALID, "BM.GPU.MI300.8"),
    "unknown shape of an instance": ('instance("w", "BM.GPU.MI300.8")', MISSING, "shape: BM.GPU.MI300.8"),
    "unknown Kubernetes version of a cluster": (
        'containerengine.Cluster("w", containerengine.ClusterArgs('
        'compartment_id=C, vcn_id=vcn.id, name="w", kubernetes_version="v1.2.3"), opts=O)',
        INVALID,
        "Invalid kubernetesVersion: Kubernetes version v1.2.3 is not supported. Supported versions: v1.",
    ),
    "unknown Kubernetes version of a pool": (
        'pool("w", kubernetes_version="v1.2.3")',
        INVALID,
        "Invalid kubernetesVersion: Kubernetes version v1.2.3 is not supported.",
    ),
    "unknown image": (f'pool("w", image="{NO_IMAGE}")', MISSING, f"nodeSourceDetails.imageId: {NO_IMAGE}"),
}
"""By case: the source of the refused resource "w", status and code, a part of the message."""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The output of one run with all invalid resources and the valid ones. An error does not stop the others."""
    body = "\n".join(
        source.replace('"w"', f'"w{index}"', 1) for index, (source, *_) in enumerate(WRONG.values())
    )
    project = SandboxProject.with_program(tmp_path_factory.mktemp("refusals") / "project", HEAD + body)
    with open_store(project.home / "cloud.db") as store:
        Cloud(store).set_home_region("us-ashburn-1")
        Cloud(store).set_limit("gpu-mi300x-count", 15)
        Cloud(store).set_capacity("VM.Standard.E5.Flex", 0)
    ran = project.up("--continue-on-error")
    assert ran.status != 0
    assert len(project.recorded()) == RIGHT, f"only valid resources may exist:\n{ran.output}"
    return ran.output


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_the_engine_shows_the_clouds_refusal(refused: str, case: str) -> None:
    name = f"(w{list(WRONG).index(case)}):"
    assert name in refused, refused
    diagnostics = refused[refused.rindex(name) :].split("\n\n", 1)[0]
    _, code, message = WRONG[case]
    assert f"Error: {code}" in diagnostics, diagnostics
    assert message in diagnostics, diagnostics


def test_a_resource_that_others_need_cannot_be_deleted(tmp_path: Path) -> None:
    """The subnet leaves the state but not the cloud, so deleting the VCN alone must be refused."""
    project = SandboxProject.with_program(tmp_path / "project", NETWORK)
    project.up().check()
    subnet, vcn = (
        next(entry for entry in project.cloud() if entry["type"].endswith(kind))
        for kind in (":Subnet", ":Vcn")
    )
    project.sandbox("state", "delete", subnet["urn"], "--yes", "--stack", "staging").check()
    ran = project.destroy()
    assert ran.status != 0
    assert f"Error: 409-Conflict, The Vcn {vcn['id']} references the Subnet {subnet['id']}." in ran.output
    assert vcn["id"] in project.recorded(), "a resource that was not deleted stays in the state"


def test_missing_host_capacity_is_refused_and_the_next_up_succeeds(tmp_path: Path) -> None:
    project = SandboxProject.of_this_repository(tmp_path / "project")
    project.sandbox("cloud", "fault", "add", "capacity", "--type", "NodePool", "--times", "1").check()
    ran = project.up()
    assert ran.status != 0
    assert "Out of host capacity" in ran.output
    project.up().check()
    project.up("--expect-no-changes").check()


def test_a_throttled_call_is_retried_and_shown_only_in_the_events(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", NETWORK)
    project.sandbox("cloud", "fault", "add", "throttle", "--type", "Vcn", "--times", "2").check()
    ran = project.up().check()
    assert "throttl" not in ran.output.lower()
    assert "TooManyRequests" not in ran.output
    events = project.sandbox("cloud", "events", "--json").check().output
    assert events.lower().count("throttle") >= 2
