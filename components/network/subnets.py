"""The subnets of a VCN, created by the program's own network or added to an existing one."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_oci import core

from components.options import child
from facts.ports import KUBERNETES_API

from .cidr_plan import BASTION
from .gateways import Place

# A subnet can be deleted only after the last load balancer, node or pod has released its address.
_SUBNET_TIMEOUTS = pulumi.CustomTimeouts(delete="40m")


def create_subnets(
    place: Place,
    cidrs: Mapping[str, str],
    *,
    tables: Mapping[str, pulumi.Input[str]],
    public: Sequence[str],
    no_rules_id: pulumi.Input[str],
    api_cidr: str,
    dns_labels: Mapping[str, str],
) -> dict[str, pulumi.Output[str]]:
    """The OCIDs of new subnets by role. `cidrs` and `tables` (OCIDs of route tables) are by role.

    `no_rules_id`: a security list without rules. `api_cidr`: the subnet of the Kubernetes API, which a bastion calls.
    A role without a DNS label gives its hosts no names.
    """
    bastion_list = _bastion_list(place, cidrs[BASTION], api_cidr) if BASTION in cidrs else no_rules_id
    return {
        role: core.Subnet(
            f"{place.name}-{role}",
            core.SubnetArgs(
                compartment_id=place.compartment_id,
                vcn_id=place.vcn_id,
                cidr_block=cidr,
                display_name=f"{place.name}-{role}",
                dns_label=dns_labels.get(role),
                prohibit_public_ip_on_vnic=role not in public,
                route_table_id=tables[role],
                security_list_ids=[bastion_list if role == BASTION else no_rules_id],
                freeform_tags=place.tags,
            ),
            opts=child(place.owner, pulumi.ResourceOptions(custom_timeouts=_SUBNET_TIMEOUTS)),
        ).id
        for role, cidr in cidrs.items()
    }


def _bastion_list(place: Place, cidr: str, api_cidr: str) -> pulumi.Output[str]:
    """The two rules of oci-hpc-oke's bastion-service.tf: to the endpoint, and between the bastion's own addresses."""
    port = core.SecurityListEgressSecurityRuleTcpOptionsArgs(min=KUBERNETES_API[0], max=KUBERNETES_API[0])
    out = core.SecurityListEgressSecurityRuleArgs(
        description="Kubernetes API", destination=api_cidr, protocol="6", tcp_options=port
    )
    own = core.SecurityListIngressSecurityRuleArgs(
        description="The bastion itself",
        source=cidr,
        protocol="6",
        tcp_options=core.SecurityListIngressSecurityRuleTcpOptionsArgs(
            min=KUBERNETES_API[0], max=KUBERNETES_API[0]
        ),
    )
    return core.SecurityList(
        f"{place.name}-{BASTION}-rules",
        core.SecurityListArgs(
            compartment_id=place.compartment_id,
            vcn_id=place.vcn_id,
            display_name=f"{place.name}-{BASTION}-rules",
            egress_security_rules=[out],
            ingress_security_rules=[own],
            freeform_tags=place.tags,
        ),
        opts=child(place.owner),
    ).id
