"""A setting that replaces the cluster replaces everything in it too. The next `up` changes nothing."""

from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
REPLACED = ("oci:Core/vcn:Vcn", CLUSTER, "oci:ContainerEngine/nodePool:NodePool")
KEY = "oci:Kms/key:Key"

PROGRAM = """
import pulumi
import pulumi_kubernetes as kubernetes
import pulumi_oci as oci
from pulumi_kubernetes import core as objects, meta
from pulumi_oci import core

from components.cluster.oke_cluster import OkeCluster, OkeClusterArgs

C, T = ("ocid1.%s.oc1.." % kind + "a" * 60 for kind in ("compartment", "tenancy"))
through = pulumi.ResourceOptions(
    providers=[oci.Provider("oci", oci.ProviderArgs(region="us-ashburn-1", tenancy_ocid=T))])
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=C, cidr_blocks=["10.0.0.0/16"], dns_label="vcn"), opts=through)
open_inside = core.SecurityList("inside", core.SecurityListArgs(
    compartment_id=C, vcn_id=vcn.id,
    ingress_security_rules=[core.SecurityListIngressSecurityRuleArgs(protocol="all", source="10.0.0.0/16")],
    egress_security_rules=[core.SecurityListEgressSecurityRuleArgs(protocol="all", destination="10.0.0.0/16")],
), opts=through)
subnet, deployers = (core.Subnet(name, core.SubnetArgs(
    compartment_id=C, vcn_id=vcn.id, cidr_block=cidr, dns_label=name, security_list_ids=[open_inside.id]),
    opts=through) for name, cidr in (("subnet", "10.0.1.0/24"), ("deployers", "10.0.2.0/24")))
cluster = OkeCluster("small", OkeClusterArgs(
    compartment_id=C, vcn_id=vcn.id, kubernetes_version="v1.36.1", endpoint_subnet_id=subnet.id,
    load_balancer_subnet_ids=[subnet.id], secrets_key_id="ocid1.key.oc1.iad." + "a" * 60,
    services_cidr="SERVICES"), through)
provider = kubernetes.Provider("kubernetes", kubernetes.ProviderArgs(
    kubeconfig=cluster.kubeconfig, cluster_identifier=cluster.cluster_id))
inside = pulumi.ResourceOptions(provider=provider)
space = objects.v1.Namespace("space", metadata=meta.v1.ObjectMetaArgs(name="space"), opts=inside)
objects.v1.ConfigMap(
    "map", metadata=meta.v1.ObjectMetaArgs(name="map", namespace=space.metadata.name), data={"a": "b"}, opts=inside)
pulumi.export("clusterId", cluster.cluster_id)
"""


def test_after_the_cluster_is_replaced_another_up_changes_nothing(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", PROGRAM.replace("SERVICES", "10.96.0.0/16"))
    project.up().check()
    project.write_program(PROGRAM.replace("SERVICES", "10.97.0.0/16"))
    preview = project.preview("--verbose").check().output
    taken = ("small-cluster", "kubernetes", "space", "map")
    assert all(any(name in line and "replace" in line for line in preview.splitlines()) for name in taken)
    assert "small-cluster (cluster): replaced; you lose everything that runs in it" in " ".join(
        preview.split()
    )
    project.up().check()
    project.up("--expect-no-changes").check()
    assert sorted(project.owned()) == project.recorded(), "no object of the old cluster remains"


def test_staging_recovers_from_a_replaced_network_and_keeps_its_keys(tmp_path: Path) -> None:
    """With the VCN, everything in it is replaced, also what has a name that the old one has until it is deleted."""
    project = SandboxProject.of_this_repository(tmp_path / "project")
    # Through a tunnel of the bastion it would fail, because the old bastion goes before the old cluster's objects.
    project.configure("tenancy", deployer={"access": "inside", "cidr": "10.0.0.0/16"})
    project.up().check()
    before = [ids(project, token) for token in REPLACED]
    project.configure("network", dnsLabel="other")
    project.up().check()
    after = [ids(project, token) for token in REPLACED]
    assert all(len(old) == len(new) and not {*old} & {*new} for old, new in zip(before, after, strict=True))
    project.up("--expect-no-changes").check()
    assert sorted(project.owned()) == project.recorded(), "no object of the old cluster remains"

    keys = ids(project, KEY)
    project.configure("vault", protection="HSM")
    project.up("--expect-no-changes").check()
    assert ids(project, KEY) == keys, "a replaced key would take the cluster and the passwords with it"


def ids(project: SandboxProject, token: str) -> list[str]:
    return sorted(each["id"] for each in project.cloud() if each["type"] == token)
