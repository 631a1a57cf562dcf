"""How the time per resource grows with the number of resources, compared with a provider that does nothing."""

import tempfile
from pathlib import Path

from facts.kubernetes import DEFAULT_VERSION
from tests.bench.figure import Figure
from tests.bench.harness import engine_on, preview_seconds, up_seconds, write_project
from tests.bench.idle_provider import idle_providers

FEW, MANY = 250, 2000
BOUND = 1.3

NETWORK = """
import json
import pulumi
import pulumi_kubernetes as kubernetes
import pulumi_oci as oci
from pulumi_kubernetes import core as objects, meta
from pulumi_oci import containerengine, core

count = pulumi.Config().require_int("count")
options = pulumi.ResourceOptions(provider=oci.Provider("oci", region="us-ashburn-1"))
compartment = "ocid1.compartment.oc1..aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
vcn = core.Vcn("vcn", core.VcnArgs(compartment_id=compartment, cidr_blocks=["10.0.0.0/16"]), opts=options)
"""

OCI = (
    NETWORK
    + """
group = None
for index in range(count - 2):
    if index % 50 == 0:
        group = core.NetworkSecurityGroup(
            f"group-{index}", core.NetworkSecurityGroupArgs(compartment_id=compartment, vcn_id=vcn.id), opts=options
        )
        continue
    core.NetworkSecurityGroupSecurityRule(
        f"rule-{index}",
        core.NetworkSecurityGroupSecurityRuleArgs(
            network_security_group_id=group.id, direction="INGRESS", protocol="6", source=f"10.0.{index % 250}.0/24",
            description=f"rule {index}",
        ),
        opts=options,
    )
"""
)

KUBERNETES = (
    NETWORK
    + """
open_inside = core.SecurityList("inside", core.SecurityListArgs(
    compartment_id=compartment, vcn_id=vcn.id,
    ingress_security_rules=[core.SecurityListIngressSecurityRuleArgs(protocol="all", source="10.0.0.0/16")],
    egress_security_rules=[core.SecurityListEgressSecurityRuleArgs(protocol="all", destination="10.0.0.0/16")],
), opts=options)
subnets = [core.Subnet(f"subnet-{index}", core.SubnetArgs(
    compartment_id=compartment, vcn_id=vcn.id, cidr_block=f"10.0.{index}.0/24", security_list_ids=[open_inside.id]
), opts=options) for index in range(2)]
cluster = containerengine.Cluster("cluster", containerengine.ClusterArgs(
    compartment_id=compartment, vcn_id=vcn.id, kubernetes_version="VERSION", name="bench", type="ENHANCED_CLUSTER",
    endpoint_config=containerengine.ClusterEndpointConfigArgs(subnet_id=subnets[0].id),
), opts=options)
login = lambda id: {"exec": {"command": "oci", "args": ["--cluster-id", id]}}
kubeconfig = cluster.id.apply(lambda id: json.dumps({
    "current-context": "it",
    "clusters": [{"name": "it", "cluster": {"server": "https://10.0.0.2:6443"}}],
    "users": [{"name": "it", "user": login(id)}],
    "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
}))
inside = pulumi.ResourceOptions(
    provider=kubernetes.Provider("kubernetes", kubernetes.ProviderArgs(kubeconfig=kubeconfig)))
for index in range(count - 7):
    objects.v1.ConfigMap(
        f"map-{index}", metadata=meta.v1.ObjectMetaArgs(name=f"map-{index}", namespace="default"),
        data={"index": str(index)}, opts=inside)
""".replace("VERSION", DEFAULT_VERSION)
)


def times(program: str, count: int, *, idle: bool) -> tuple[float, float]:
    """Seconds per resource in a first preview, and in the `up` after it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_project(folder, program, f"config:\n  genai-playground:count: {count}\n")
        with engine_on(folder, idle_providers if idle else None) as process:
            return preview_seconds(process) / count, up_seconds(process) / count


def figures() -> list[Figure]:
    """Growth of the time per resource from FEW to MANY, with the times of the stand-ins and of the idle provider."""
    return [*growth("an OCI resource", OCI), *growth("a Kubernetes object", KUBERNETES)]


def growth(kind: str, program: str) -> list[Figure]:
    """The growth of a preview and of an `up` of a program."""
    few, many = times(program, FEW, idle=False), times(program, MANY, idle=False)
    idle_few, idle_many = times(program, FEW, idle=True), times(program, MANY, idle=True)
    return [
        Figure(
            f"time for {kind} in {command}, {MANY} against {FEW}",
            many[index] / few[index],
            "x",
            f"{few[index] * 1000:.1f} to {many[index] * 1000:.1f} ms each; "
            f"idle provider {idle_few[index] * 1000:.1f} to {idle_many[index] * 1000:.1f} ms",
            BOUND,
        )
        for index, command in enumerate(("preview", "up"))
    ]
