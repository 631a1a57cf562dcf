"""A network, a cluster and a vault that another program makes on a sandbox, and stacks that stand on them."""

import json
from pathlib import Path
from typing import Any

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


def stored(estate: SandboxProject) -> list[str]:
    """The rows of the other program's resources in the sandbox's store, and of the defaults of its VCN."""
    mark = f"urn:pulumi:{estate.stack}::{PROJECT}::"
    with open_store(estate.home / "cloud.db") as store:
        rows = [tuple(row) for row in store.query("SELECT * FROM oci_resources ORDER BY id")]
    own = {str(row[0]) for row in rows if any(str(each).startswith(mark) for each in row)}
    return [json.dumps(row) for row in rows if row[0] in own or own & {str(each) for each in row[1:]}]
