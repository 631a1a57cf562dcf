"""The network: a VCN or an existing one, security groups, and the bastion to a private API endpoint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import pulumi
from pulumi_oci import core

from components.network.added_subnets import AddedSubnets, AddedSubnetsArgs
from components.network.bastion import BastionHost, BastionHostArgs
from components.network.cidr_plan import BASTION
from components.network.gateways import all_services
from components.network.security_groups import SecurityGroups, SecurityGroupsArgs
from components.network.virtual_network import VirtualNetwork, VirtualNetworkArgs
from infra.existing.added import ADDED, public_roles
from infra.existing.found import FoundNetwork
from infra.program.context import Context, Ids
from infra.program.outputs import NetworkLayer
from infra.settings import Settings
from infra.settings.network.addresses import address_needs, subnet_plan
from infra.settings.network.reach_rules import api_callers

_LONGEST_OWN = 11
"""Characters of a subnet's DNS label for the environment."""


@dataclass(frozen=True, kw_only=True)
class _Places:
    """The VCN and its subnets, created or existing."""

    vcn_id: pulumi.Output[str]
    cidrs: list[str]
    subnet_ids: Ids
    subnet_cidrs: Mapping[str, str]
    service_cidr: pulumi.Output[str]
    ready: list[pulumi.Resource]


def create_network(
    settings: Settings, context: Context, existing: FoundNetwork | None = None
) -> NetworkLayer:
    """Creates the VCN, sized for the pools at their largest, its security groups, and a bastion if the settings name
    clients. In an existing network it creates only the groups, the bastion, and the subnets that have a CIDR."""
    places = _existing(settings, context, existing) if existing else _created(settings, context)
    groups = _groups(settings, context, places)
    bastion = _bastion(settings, context, places)
    wanted = settings.network.existing
    return NetworkLayer(
        vcn_id=places.vcn_id,
        elsewhere=_elsewhere(context, existing),
        cidrs=places.cidrs,
        subnet_ids=places.subnet_ids,
        service_cidr=places.service_cidr,
        api_cidr=places.subnet_cidrs.get("api", places.cidrs[0]),
        group_ids=groups.group_ids,
        joined=wanted.groups if wanted else {},
        bastion_id=bastion and bastion.bastion_id,
        ready=[*places.ready, groups, *([bastion] if bastion else [])],
    )


def _elsewhere(context: Context, existing: FoundNetwork | None) -> str:
    found = existing.compartment_id if existing else ""
    return "" if found == context.compartment_id else found


def _created(settings: Settings, context: Context) -> _Places:
    hub = settings.network.hub
    cidrs = subnet_plan(settings.network, settings.cluster, settings.gpu, settings.storage)
    network = VirtualNetwork(
        context.name("network"),
        VirtualNetworkArgs(
            compartment_id=context.compartment_id,
            cidr=settings.network.cidr,
            dns_label=settings.network.dns_label,
            subnets=cidrs,
            public_subnets=public_roles(settings),
            drg_id=hub.drg_id if hub else None,
            hub_cidrs=hub.cidrs if hub else None,
            tags=context.tags,
        ),
        context.in_region,
    )
    return _Places(
        vcn_id=network.vcn_id,
        cidrs=[settings.network.cidr],
        subnet_ids=network.subnet_ids,
        subnet_cidrs=cidrs,
        service_cidr=network.service_cidr,
        ready=[network],
    )


def _existing(settings: Settings, context: Context, found: FoundNetwork) -> _Places:
    ids: Mapping[str, str] = {role: each.subnet_id for role, each in found.subnets.items() if each.subnet_id}
    added = _added(settings, context, found)
    services = core.get_services_output(opts=pulumi.InvokeOutputOptions(provider=context.regional)).services
    return _Places(
        vcn_id=pulumi.Output.from_input(found.vcn_id),
        cidrs=[*found.cidrs],
        subnet_ids=added.subnet_ids.apply(lambda new: {**ids, **new})
        if added
        else pulumi.Output.from_input(ids),
        subnet_cidrs=found.subnet_cidrs,
        service_cidr=services.apply(lambda every: all_services(every).cidr_block),
        ready=[added] if added else [],
    )


def _added(settings: Settings, context: Context, found: FoundNetwork) -> AddedSubnets | None:
    existing = settings.network.existing
    if existing is None or not found.added:
        return None
    args = AddedSubnetsArgs(
        compartment_id=context.compartment_id,
        vcn_id=found.vcn_id,
        subnets=found.added,
        address_needs=address_needs(settings.network, settings.cluster, settings.gpu, settings.storage),
        public_subnets=public_roles(settings),
        internet_gateway_id=found.gateways.internet,
        nat_gateway_id=found.gateways.nat,
        service_gateway_id=found.gateways.service,
        drg_id=found.gateways.drg,
        drg_cidrs=existing.gateways.drg_cidrs,
        api_cidr=found.subnet_cidrs.get("api"),
        dns_labels=subnet_labels(context.environment, found.added) if found.named else None,
        tags=context.tags,
    )
    return AddedSubnets(context.name(ADDED), args, context.in_region)


def subnet_labels(environment: str, roles: Iterable[str]) -> Mapping[str, str]:
    """DNS labels that other environments in the VCN do not have. Four letters tell the roles apart.

    OCI allows 15 characters. A hash tells long names apart that begin with the same letters.
    """
    own = "".join(filter(str.isalnum, environment))
    if len(own) > _LONGEST_OWN:
        own = f"{own[:6]}{sha256(environment.encode()).hexdigest()[:5]}"
    return {role: f"{role[:4]}{own}" for role in roles}


def _groups(settings: Settings, context: Context, places: _Places) -> SecurityGroups:
    callers = api_callers(settings.tenancy, settings.cluster)
    return SecurityGroups(
        context.name("groups"),
        SecurityGroupsArgs(
            compartment_id=context.compartment_id,
            vcn_id=places.vcn_id,
            subnet_cidrs=places.subnet_cidrs,
            service_cidr=places.service_cidr,
            allowed_cidrs=[cidr for cidr in callers if cidr != places.subnet_cidrs.get(BASTION)],
            bastion=bool(settings.network.bastion_client_cidrs),
            file_storage=settings.storage.file_storage is not None,
            lustre=settings.storage.lustre is not None,
            databases=settings.database.called,
            existing_api=settings.cluster.existing is not None,
            subnets=[*places.subnet_cidrs],
            tags=context.tags,
        ),
        context.in_region,
    )


def _bastion(settings: Settings, context: Context, places: _Places) -> BastionHost | None:
    if not settings.network.bastion_client_cidrs:
        return None
    args = BastionHostArgs(
        compartment_id=context.compartment_id,
        target_subnet_id=places.subnet_ids[BASTION],
        client_cidrs=settings.network.bastion_client_cidrs,
        tags=context.tags,
    )
    return BastionHost(context.name("bastion"), args, context.in_region)
