"""A preview on the sandbox begins with the resources that the cloud will refuse in `up`, and the data that is lost."""

from pathlib import Path

import pytest

from report.danger import FORESEEN
from tests.support.sandbox_project import ON_DEMAND, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

PROGRAM = (
    ON_DEMAND
    + """
import pulumi
import pulumi_oci as oci
from pulumi_oci import core, objectstorage

C, T = ("ocid1.%s.oc1.." % kind + "a" * 60 for kind in ("compartment", "tenancy"))
through = pulumi.ResourceOptions(
    provider=oci.Provider("oci", oci.ProviderArgs(region="us-ashburn-1", tenancy_ocid=T)))
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=C, cidr_blocks=["RANGE"], dns_label="vcn"), opts=through)
core.Subnet("subnet", core.SubnetArgs(
    compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.1.0/24", dns_label="nodes"), opts=through)
objectstorage.Bucket("uploads", objectstorage.BucketArgs(compartment_id=C, namespace="ns", name="NAME"), opts=through)
"""
)


def program(cidr: str, bucket: str) -> str:
    return PROGRAM.replace("RANGE", cidr).replace("NAME", bucket)


def test_a_preview_begins_with_what_is_refused_and_what_is_lost(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", program("10.0.0.0/16", "one"))
    project.up().check()

    project.write_program(program("10.8.0.0/16", "two"))
    output = project.preview().check().output
    before, _, after = output.partition("Previewing update")
    said = " ".join(line.strip() for line in before.splitlines())
    assert "Resources:" in after, "the engine's own output follows"
    assert said.startswith(f"REFUSED: vcn: {FORESEEN}: 400-"), "refusals come first"
    assert "DANGER: 1 lost" in said
    assert "uploads (bucket): replaced; you lose its objects; because of name: one → two" in said
    assert project.up().status != 0, "the warning is true"

    project.write_program(program("10.0.0.0/16", "one"))
    assert FORESEEN not in project.preview().check().output


TWINS = """
for name in ("one", "other"):
    core.Subnet(name, core.SubnetArgs(
        compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.2.0/24", dns_label=name), opts=through)
"""


def test_a_first_preview_refuses_two_new_resources_that_clash(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", program("10.0.0.0/16", "one") + TWINS)
    output = project.preview().check().output
    (refused,) = [line for line in output.splitlines() if line.startswith("REFUSED")]
    assert refused.startswith(("REFUSED: one:", "REFUSED: other:")), "the engine shows them in either order"
    assert project.up().status != 0, "the warning is true"


CLUSTER = """
from pulumi_oci import containerengine
import pulumi_kubernetes as kubernetes

VERSION = "v1.36.1"
subnet = core.Subnet("api", core.SubnetArgs(
    compartment_id=C, vcn_id=vcn.id, cidr_block="10.0.3.0/28", dns_label="api"), opts=through)
group = core.NetworkSecurityGroup("api", core.NetworkSecurityGroupArgs(compartment_id=C, vcn_id=vcn.id), opts=through)
core.NetworkSecurityGroupSecurityRule("api", core.NetworkSecurityGroupSecurityRuleArgs(
    network_security_group_id=group.id, direction="INGRESS", protocol="6", source="SOURCE"), opts=through)
cluster = containerengine.Cluster("cluster", containerengine.ClusterArgs(
    compartment_id=C, vcn_id=vcn.id, kubernetes_version=VERSION, name="cluster",
    endpoint_config=containerengine.ClusterEndpointConfigArgs(subnet_id=subnet.id, nsg_ids=[group.id])), opts=through)
content = containerengine.get_cluster_kube_config_output(
    cluster_id=cluster.id, endpoint="PRIVATE_ENDPOINT", token_version="2.0.0",
    opts=pulumi.InvokeOutputOptions(provider=through.provider)).content
inside = pulumi.ResourceOptions(provider=kubernetes.Provider("kubernetes", kubeconfig=content))
kubernetes.core.v1.Namespace("space", metadata={"name": "space"}, opts=inside)
"""


def test_a_first_preview_refuses_a_program_that_cannot_reach_its_own_cluster(tmp_path: Path) -> None:
    source = program("10.0.0.0/16", "one") + CLUSTER
    project = SandboxProject.with_program(tmp_path / "project", source.replace("SOURCE", "192.0.2.0/24"))
    output = project.preview().check().output
    (refused,) = [line for line in output.splitlines() if line.startswith("REFUSED")]
    assert refused.startswith("REFUSED: cluster:")
    assert "Update plan written" not in output, "the plan is the sandbox's own"
    assert project.up().status != 0, "the warning is true"

    project.write_program(source.replace("SOURCE", "10.0.0.0/16"))
    project.up().check()


def test_a_first_preview_of_a_program_that_reaches_its_own_cluster_refuses_nothing(tmp_path: Path) -> None:
    source = (program("10.0.0.0/16", "one") + CLUSTER).replace("SOURCE", "10.0.0.0/16")
    project = SandboxProject.with_program(tmp_path / "project", source)
    assert FORESEEN not in project.preview().check().output
