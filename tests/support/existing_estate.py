"""A network, a cluster and a vault that another program makes on a sandbox, and stacks that stand on them."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from sandbox.store import open_store
from tests.support.sandbox_project import ON_DEMAND, PROJECT, SandboxProject

ROLES = ("public", "private", "gpu", "database", "api", "loadbalancers", "pods", "bastion")

ESTATE = (
    ON_DEMAND
    + """
import pulumi
import pulumi_oci as oci
from pulumi_oci import containerengine, core, identity, kms

COMPARTMENT = "ocid1.compartment.oc1..REPLACE-ME"
CIDRS = {
    "public": "10.50.1.0/24",
    "private": "10.50.2.0/24",
    "gpu": "10.50.3.0/24",
    "database": "10.50.4.0/24",
    "api": "10.50.0.0/28",
    "bastion": "10.50.0.16/28",
    "loadbalancers": "10.50.0.32/27",
    "pods": "10.50.128.0/17",
}
PUBLIC = ("public", "loadbalancers")
provider = oci.Provider("theirs", region="us-ashburn-1")
opts = pulumi.ResourceOptions(provider=provider)
found = core.get_services_output(opts=pulumi.InvokeOutputOptions(provider=provider)).services
service = found.apply(lambda every: next(each for each in every if each.cidr_block.startswith("all-")))
place = {"compartment_id": COMPARTMENT}
vcn = core.Vcn("vcn", core.VcnArgs(**place, cidr_blocks=["10.50.0.0/16"], dns_label="theirs"), opts)
inside = {**place, "vcn_id": vcn.id}
internet = core.InternetGateway("internet", core.InternetGatewayArgs(**inside), opts)
nat = core.NatGateway("nat", core.NatGatewayArgs(**inside), opts)
services = core.ServiceGateway(
    "services",
    core.ServiceGatewayArgs(**inside, services=[core.ServiceGatewayServiceArgs(service_id=service.id)]),
    opts,
)
anywhere = "0.0.0.0/0"
Rule = core.RouteTableRouteRuleArgs
to_services = Rule(
    destination=service.cidr_block, destination_type="SERVICE_CIDR_BLOCK", network_entity_id=services.id
)
outward = core.RouteTable(
    "outward",
    core.RouteTableArgs(
        **inside, route_rules=[Rule(destination=anywhere, network_entity_id=nat.id), to_services]
    ),
    opts,
)
open_to_all = core.RouteTable(
    "open",
    core.RouteTableArgs(**inside, route_rules=[Rule(destination=anywhere, network_entity_id=internet.id)]),
    opts,
)
closed = core.SecurityList("closed", core.SecurityListArgs(**inside), opts)
to_api = core.SecurityList(
    "to-api",
    core.SecurityListArgs(
        **inside,
        egress_security_rules=[
            core.SecurityListEgressSecurityRuleArgs(
                destination=CIDRS["api"],
                protocol="6",
                tcp_options=core.SecurityListEgressSecurityRuleTcpOptionsArgs(min=6443, max=6443),
            )
        ],
    ),
    opts,
)
subnets = {
    role: core.Subnet(
        role,
        core.SubnetArgs(
            **inside,
            cidr_block=cidr,
            prohibit_public_ip_on_vnic=role not in PUBLIC,
            route_table_id=(open_to_all if role in PUBLIC else outward).id,
            security_list_ids=[(to_api if role == "bastion" else closed).id],
        ),
        opts,
    ).id
    for role, cidr in CIDRS.items()
}
group = core.NetworkSecurityGroup("members", core.NetworkSecurityGroupArgs(**inside), opts)
Ports = core.NetworkSecurityGroupSecurityRuleTcpOptionsArgs
Range = core.NetworkSecurityGroupSecurityRuleTcpOptionsDestinationPortRangeArgs
rules = {
    "each-other": {
        "direction": "INGRESS",
        "source": group.id,
        "source_type": "NETWORK_SECURITY_GROUP",
        "protocol": "all",
    },
    "api": {
        "direction": "INGRESS",
        "source": "10.50.0.0/16",
        "protocol": "6",
        "tcp_options": Ports(destination_port_range=Range(min=6443, max=6443)),
    },
    "out": {"direction": "EGRESS", "destination": anywhere, "protocol": "all"},
    "too-large": {
        "direction": "INGRESS",
        "source": anywhere,
        "protocol": "1",
        "icmp_options": core.NetworkSecurityGroupSecurityRuleIcmpOptionsArgs(type=3, code=4),
    },
}
for name, rule in rules.items():
    args = core.NetworkSecurityGroupSecurityRuleArgs(network_security_group_id=group.id, **rule)
    core.NetworkSecurityGroupSecurityRule(name, args, opts)
NATIVE = "OCI_VCN_IP_NATIVE"
cluster = containerengine.Cluster(
    "cluster",
    containerengine.ClusterArgs(
        **inside,
        name="theirs",
        kubernetes_version="v1.36.1",
        type="ENHANCED_CLUSTER",
        cluster_pod_network_options=[containerengine.ClusterClusterPodNetworkOptionArgs(cni_type=NATIVE)],
        endpoint_config=containerengine.ClusterEndpointConfigArgs(
            subnet_id=subnets["api"], nsg_ids=[group.id], is_public_ip_enabled=False
        ),
        options=containerengine.ClusterOptionsArgs(service_lb_subnet_ids=[subnets["loadbalancers"]]),
    ),
    opts,
)
domains = identity.get_availability_domains_output(
    compartment_id=COMPARTMENT, opts=pulumi.InvokeOutputOptions(provider=provider)
).availability_domains
details = containerengine.NodePoolNodeConfigDetailsArgs(
    size=1,
    nsg_ids=[group.id],
    placement_configs=[
        containerengine.NodePoolNodeConfigDetailsPlacementConfigArgs(
            availability_domain=domains[0].name, subnet_id=subnets["private"]
        )
    ],
    node_pool_pod_network_option_details=containerengine.NodePoolNodeConfigDetailsNodePoolPodNetworkOptionDetailsArgs(
        cni_type=NATIVE, pod_subnet_ids=[subnets["pods"]], pod_nsg_ids=[group.id], max_pods_per_node=31
    ),
)
containerengine.NodePool(
    "pool",
    containerengine.NodePoolArgs(
        **place,
        cluster_id=cluster.id,
        name="theirs",
        kubernetes_version="v1.36.1",
        node_shape="VM.Standard.E5.Flex",
        node_shape_config=containerengine.NodePoolNodeShapeConfigArgs(ocpus=4, memory_in_gbs=16),
        node_source_details=containerengine.NodePoolNodeSourceDetailsArgs(
            source_type="IMAGE", image_id="ocid1.image.oc1.iad.REPLACE-ME"
        ),
        node_config_details=details,
    ),
    opts,
)
drg = core.Drg("drg", core.DrgArgs(**place), opts)
vault = kms.Vault("vault", kms.VaultArgs(**place, display_name="theirs", vault_type="VIRTUAL_PRIVATE"), opts)
pulumi.export("clusterId", cluster.id)
pulumi.export("drgId", drg.id)
pulumi.export("gateways", {"internetId": internet.id, "natId": nat.id, "serviceId": services.id})
pulumi.export("groupId", group.id)
pulumi.export("vaultId", vault.id)
pulumi.export("vcnId", vcn.id)
pulumi.export("subnets", subnets)
"""
)


def make_estate(folder: Path, source: str = ESTATE) -> SandboxProject:
    """Another program, deployed on a new sandbox."""
    estate = SandboxProject.with_program(folder, source, {"pulumi:disable-default-providers": ["*"]})
    estate.up().check()
    return estate


def exports(project: SandboxProject) -> dict[str, Any]:
    """The outputs of the project's stack."""
    return next(each["outputs"] for each in project.state() if each["type"] == "pulumi:pulumi:Stack")


def beside(estate: SandboxProject, folder: Path, stack: str) -> SandboxProject:
    """This repository's program on the same sandbox, with a stack file or an example."""
    known = Path(f"Pulumi.{stack}.yaml").exists()
    make = SandboxProject.of_this_repository if known else SandboxProject.of_example
    project = make(folder, stack)
    (folder / ".sandbox").symlink_to(estate.home)
    return project


def put_on(
    project: SandboxProject,
    made: dict[str, Any],
    *,
    roles: tuple[str, ...] = (),
    new: Mapping[str, str] = MappingProxyType({}),
    cluster: bool = False,
) -> None:
    """Change the stack file so that the stack stands on the other program's network, and on its cluster if wanted.

    `new`: the CIDRs of new subnets in that network, by role.
    """
    content = yaml.safe_load(project.config_file.read_text())
    sections = content["config"]
    network = sections.setdefault(f"{PROJECT}:network", {})
    for key in ("cidr", "dnsLabel", "subnets"):
        network.pop(key, None)
    members = ("worker", "pod", "loadbalancer") if cluster else ()
    network["existing"] = {
        "vcnId": made["vcnId"],
        "subnets": {
            **{role: made["subnets"][role] for role in roles},
            **{role: {"cidr": cidr} for role, cidr in new.items()},
        },
        "groups": {each: [made["groupId"]] for each in members},
    }
    sections[f"{PROJECT}:tenancy"]["deployer"] = {"access": "inside", "cidr": "10.50.2.250/32"}
    if cluster:
        sections[f"{PROJECT}:cluster"]["existing"] = {"clusterId": made["clusterId"]}
        vault = sections.setdefault(f"{PROJECT}:vault", {})
        vault.pop("kind", None)
        vault["existing"] = {"vaultId": made["vaultId"]}
    project.config_file.write_text(yaml.safe_dump(content))


def stored(estate: SandboxProject) -> list[str]:
    """The rows of the other program's resources in the sandbox's store, and of the defaults of its VCN."""
    mark = f"urn:pulumi:{estate.stack}::{PROJECT}::"
    with open_store(estate.home / "cloud.db") as store:
        rows = [tuple(row) for row in store.query("SELECT * FROM oci_resources ORDER BY id")]
    own = {str(row[0]) for row in rows if any(str(each).startswith(mark) for each in row)}
    return [json.dumps(row) for row in rows if row[0] in own or own & {str(each) for each in row[1:]}]
