"""The network: VCN, security groups, and the bastion to a private API endpoint."""

from collections.abc import Mapping

from components.network.bastion import BastionHost, BastionHostArgs
from components.network.cidr_plan import BASTION
from components.network.security_groups import SecurityGroups, SecurityGroupsArgs
from components.network.virtual_network import VirtualNetwork, VirtualNetworkArgs
from infra.program.context import Context
from infra.program.outputs import NetworkLayer
from infra.settings import Settings
from infra.settings.network.addresses import subnet_plan
from infra.settings.network.reach_rules import api_callers


def create_network(settings: Settings, context: Context) -> NetworkLayer:
    """Creates the VCN, sized for the pools at their largest, its security groups, and a bastion if the settings name
    clients."""
    cidrs = subnet_plan(settings.network, settings.cluster, settings.gpu, settings.storage)
    network = VirtualNetwork(
        context.name("network"),
        VirtualNetworkArgs(
            compartment_id=context.compartment_id,
            cidr=settings.network.cidr,
            dns_label=settings.network.dns_label,
            subnets=cidrs,
            public_subnets=["public", "loadbalancers", *_public_api(settings)],
            tags=context.tags,
        ),
        context.in_region,
    )
    groups = _groups(settings, context, network, cidrs)
    bastion = _bastion(settings, context, network)
    return NetworkLayer(
        vcn_id=network.vcn_id,
        subnet_ids=network.subnet_ids,
        api_cidr=cidrs["api"],
        group_ids=groups.group_ids,
        bastion_id=bastion and bastion.bastion_id,
        ready=[network, groups, *([bastion] if bastion else [])],
    )


def _groups(
    settings: Settings, context: Context, network: VirtualNetwork, cidrs: Mapping[str, str]
) -> SecurityGroups:
    callers = api_callers(settings.tenancy, settings.cluster)
    return SecurityGroups(
        context.name("groups"),
        SecurityGroupsArgs(
            compartment_id=context.compartment_id,
            vcn_id=network.vcn_id,
            subnet_cidrs=network.subnet_cidrs,
            service_cidr=network.service_cidr,
            allowed_cidrs=[cidr for cidr in callers if cidr != cidrs.get(BASTION)],
            bastion=bool(settings.network.bastion_client_cidrs),
            file_storage=settings.storage.file_storage is not None,
            lustre=settings.storage.lustre is not None,
            databases=settings.database.called,
            tags=context.tags,
        ),
        context.in_region,
    )


def _public_api(settings: Settings) -> list[str]:
    return ["api"] if settings.cluster.endpoint.access == "public" else []


def _bastion(settings: Settings, context: Context, network: VirtualNetwork) -> BastionHost | None:
    if not settings.network.bastion_client_cidrs:
        return None
    args = BastionHostArgs(
        compartment_id=context.compartment_id,
        target_subnet_id=network.subnet_ids[BASTION],
        client_cidrs=settings.network.bastion_client_cidrs,
        tags=context.tags,
    )
    return BastionHost(context.name("bastion"), args, context.in_region)
