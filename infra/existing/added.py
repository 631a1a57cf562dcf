"""Subnets that the program adds to an existing VCN: its gateways for them, and whether they fit beside the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network

from components.network.added_subnets import missing_gateways
from components.network.cidr_plan import BASTION, place_problems
from components.network.gateways import ANYWHERE, reach_of
from components.network.virtual_network import PUBLIC_BY_DEFAULT, hub_problems
from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings import Settings
from infra.settings.network.added_rules import GATEWAYS, KINDS, SUBNETS, gateway_ids
from infra.settings.network.existing import ExistingNetwork
from infra.settings.network.reach_plan import out_of_the_bastion
from report.reach import Gateway, GatewayKind, Network, Route, Rule, Subnet
from report.reach_endpoints import SERVICES

from .found import FoundGateways, FoundNetwork
from .reader import Row

_KINDS: Mapping[str, GatewayKind] = {
    "internetId": "internet",
    "natId": "nat",
    "serviceId": "service",
    "drgId": "peering",
}
_WORDS: Mapping[str, str] = {
    "internetId": "an internet gateway that is enabled",
    "natId": "a NAT gateway that lets traffic through",
    "serviceId": "a service gateway for all of Oracle's services",
    "drgId": "the DRG to which it is attached",
}
_KEYS = {
    "internetGatewayId": "internetId",
    "natGatewayId": "natId",
    "serviceGatewayId": "serviceId",
    "drgId": "drgId",
}
"""The settings' keys by the component's."""

ADDED = "subnets"
"""The noun in the names of added subnets: `prod-subnets-gpu`."""


def public_roles(settings: Settings) -> Sequence[str]:
    """The roles whose subnets may have public addresses if the program creates them."""
    return [*PUBLIC_BY_DEFAULT, *(["api"] if settings.cluster.endpoint.access == "public" else [])]


def gateways_for(wanted: ExistingNetwork, network: Network) -> FoundGateways:
    """The gateways that the settings name, else those of the VCN that can be used."""
    named = gateway_ids(wanted.gateways)
    found = {key: named.get(key) or _of_vcn(network, key) for key in _KINDS}
    drg = found["drgId"] if wanted.gateways.drg_cidrs else None
    return FoundGateways(
        internet=found["internetId"], nat=found["natId"], service=found["serviceId"], drg=drg
    )


def assumed_gateways(wanted: ExistingNetwork) -> FoundGateways:
    """The gateways of a VCN of which only the OCID is known: those that are not named are assumed to exist."""
    _, _, rest = wanted.vcn_id.split(".", 2)
    named = gateway_ids(wanted.gateways)
    found = {key: named.get(key, f"ocid1.{kind}.{rest}") for key, kind in KINDS.items()}
    drg = found["drgId"] if wanted.gateways.drg_cidrs else None
    return FoundGateways(
        internet=found["internetId"], nat=found["natId"], service=found["serviceId"], drg=drg
    )


def _of_vcn(network: Network, key: str) -> str | None:
    return next((ocid for ocid, each in network.gateways.items() if _fits(key, ocid, each)), None)


def _fits(key: str, ocid: str, gateway: Gateway) -> bool:
    """Whether routes of new subnets can lead to the gateway."""
    if gateway.kind != _KINDS[key] or not gateway.enabled:
        return False
    if key == "drgId":
        return ocid.startswith("ocid1.drg.")
    return key != "serviceId" or any(label.startswith("all-") for label in gateway.services)


def neighbours_in(rows: Sequence[Row], environment: str, compartment_id: str) -> Mapping[str, str]:
    """The CIDRs of the subnets of others, by OCID. The environment's own are in its compartment and have its name."""
    return {
        str(row.get("id")): str(row.get("cidrBlock"))
        for row in rows
        if row.get("cidrBlock")
        and not (
            row.get("compartmentId") == compartment_id
            and str(row.get("displayName")).startswith(f"{environment}-{ADDED}-")
        )
    }


def added_findings(settings: Settings, found: FoundNetwork, network: Network) -> Iterator[Problem]:
    """CIDRs outside the VCN or on another subnet, gateways that are not the VCN's, and roles without their gateway."""
    existing = settings.network.existing
    if existing is None or not found.added:
        return
    yield from _range_problems(found)
    wrong = {
        f"{GATEWAYS}.{key}": Problem(
            f"{GATEWAYS}.{key}", ocid, f"must be {_WORDS[key]}, of the VCN {found.vcn_id}"
        )
        for key, ocid in gateway_ids(existing.gateways).items()
        if not (ocid in network.gateways and _fits(key, ocid, network.gateways[ocid]))
    }
    yield from wrong.values()
    cidrs = existing.gateways.drg_cidrs
    missing = missing_gateways(found.added, public_roles(settings), found.gateways.present, cidrs)
    for key, why in missing.items():
        name = _KEYS[key]
        fix = f"The VCN {found.vcn_id} has none that can be read: {_WORDS[name]}"
        yield Problem(f"{GATEWAYS}.{name}", MISSING, why, fix)
    for each in found.cidrs:
        yield from hub_problems(cidrs, each, path=GATEWAYS, key="drgCidrs", internet=True)


def _range_problems(found: FoundNetwork) -> Iterator[Problem]:
    added = {role: IPv4Network(cidr) for role, cidr in found.added.items()}
    for problem in place_problems([IPv4Network(each) for each in found.cidrs], added, SUBNETS):
        yield replace(problem, path=f"{problem.path}.cidr")
    for role, network in added.items():
        for ocid, cidr in found.neighbours.items():
            if network.overlaps(IPv4Network(cidr)):
                allowed = f"must not overlap the subnet {ocid}, {cidr}"
                yield Problem(f"{SUBNETS}.{role}.cidr", str(network), allowed)


def with_added(settings: Settings, found: FoundNetwork, network: Network) -> Network:
    """The network as it was read, with the subnets, route tables and lists that the program adds."""
    existing = settings.network.existing
    if existing is None or not found.added:
        return network
    gateways, public = found.gateways, public_roles(settings)
    cidrs = existing.gateways.drg_cidrs
    through_hub = gateways.drg if ANYWHERE in cidrs else None
    to_hub = [Route(destination=each, gateway_id=gateways.drg or "") for each in cidrs if each != ANYWHERE]
    to_services = _route(SERVICES, gateways.service)
    tables = {
        "public": [*_route(ANYWHERE, gateways.internet), *to_hub],
        "private": [*_route(ANYWHERE, through_hub or gateways.nat), *to_services, *to_hub],
        "service": [*to_services, *to_hub],
    }
    subnets = {
        role: Subnet(
            name=role,
            vcn_id=found.vcn_id,
            cidrs=[IPv4Network(cidr)],
            table_id=f"added-{reach_of(role, public)}",
            list_ids=["added-bastion" if role == BASTION else "added-none"],
        )
        for role, cidr in found.added.items()
    }
    return replace(
        network,
        subnets={**network.subnets, **subnets},
        tables={**network.tables, **{f"added-{reach}": routes for reach, routes in tables.items()}},
        lists={**network.lists, "added-none": [], "added-bastion": _bastion_rules(found)},
    )


def _bastion_rules(found: FoundNetwork) -> Sequence[Rule]:
    api = found.subnet_cidrs.get("api")
    return [out_of_the_bastion(api)] if api else []


def _route(destination: str, gateway: str | None) -> list[Route]:
    return [Route(destination=destination, gateway_id=gateway)] if gateway else []
