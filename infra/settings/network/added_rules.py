"""Rules for new subnets in an existing VCN, and for its gateways, that need no account."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from components.network.added_subnets import added_subnets_problems
from components.network.gateways import ANYWHERE
from facts.cidrs import parse_network
from facts.problem import Problem, moved
from infra.settings.values.ocid import ocid_problems

from .existing import ExistingGateways, ExistingNetwork

SUBNETS, GATEWAYS = "network.existing.subnets", "network.existing.gateways"

KINDS: Mapping[str, str] = {
    "internetId": "internetgateway",
    "natId": "natgateway",
    "serviceId": "servicegateway",
    "drgId": "drg",
}
"""Keys of the gateways, with the type in their OCIDs."""


def gateway_ids(gateways: ExistingGateways) -> Mapping[str, str]:
    """The OCIDs that are set, by key."""
    every = {
        "internetId": gateways.internet_id,
        "natId": gateways.nat_id,
        "serviceId": gateways.service_id,
        "drgId": gateways.drg_id,
    }
    return {key: ocid for key, ocid in every.items() if ocid is not None}


def added_problems(
    existing: ExistingNetwork, needs: Mapping[str, int], services_cidr: str | None, region: str | None
) -> Iterator[Problem]:
    """CIDRs that are invalid, reserved, too small, or overlap each other or the cluster's services; gateways of another
    type; gateways that no subnet would use."""
    added, gateways = existing.subnets.added, existing.gateways
    for problem in added_subnets_problems(added, needs, gateways.drg_cidrs, path="network.existing"):
        is_subnet = problem.path.startswith(SUBNETS)
        place = f"{problem.path}.cidr" if is_subnet else problem.path
        yield from moved([replace(problem, path=place)], "network.existing.drgCidrs", f"{GATEWAYS}.drgCidrs")
    services = parse_network(services_cidr or "")
    for role, cidr in added.items():
        network = parse_network(cidr)
        if not isinstance(network, IPv4Network) or not isinstance(services, IPv4Network):
            continue
        if network.overlaps(services):
            allowed = f"must not overlap the cluster's services, {services_cidr}"
            yield Problem(f"{SUBNETS}.{role}.cidr", cidr, allowed)
    for key, ocid in gateway_ids(gateways).items():
        yield from ocid_problems(ocid, KINDS[key], path=f"{GATEWAYS}.{key}", region=region)
    if gateways.model_fields_set and not added:
        fix = "Existing subnets have their own route tables"
        yield Problem(GATEWAYS, [*gateways.model_dump(by_alias=True, exclude_unset=True)], _UNUSED, fix)
    if gateways.drg_id is not None and not gateways.drg_cidrs:
        yield Problem(f"{GATEWAYS}.drgCidrs", [], "must name the ranges behind the DRG")
    if gateways.nat_id is not None and ANYWHERE in gateways.drg_cidrs:
        allowed = (
            f"must not be set with {ANYWHERE} in drgCidrs: nodes and pods reach the internet through the DRG"
        )
        yield Problem(f"{GATEWAYS}.natId", gateways.nat_id, allowed)


_UNUSED = f"must not be set without a new subnet: `{{cidr: …}}` in {SUBNETS}"
