"""Peering of the program's own network to a hub, and the rules for it."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.network.cidr_plan import vcn_problems
from components.network.virtual_network import hub_problems
from facts.problem import Problem, moved
from infra.settings.base import Section


class Hub(Section):
    """A dynamic routing gateway (DRG) that joins the network to others, such as a hub or your own data centre.

    The program attaches the VCN to the DRG and routes the hub's ranges to it. It never changes the DRG.
    """

    drg_id: str
    """OCID of the DRG. It must exist."""

    compartment_id: str | None = None
    """OCID of the DRG's compartment. Default: `tenancy.compartmentId`."""

    cidrs: tuple[str, ...]
    """IPv4 ranges behind the DRG. They must not overlap the VCN or the cluster's services. The hub needs routes back to
    the VCN's range, which its owner adds."""


def own_hub_problems(hub: Hub, cidr: str, services_cidr: str | None) -> Iterator[Problem]:
    """Ranges that overlap the VCN or the services, and ranges that are not valid."""
    path = "network.hub.cidrs"
    if not hub.cidrs:
        yield Problem(path, [], "must name at least one range", "Without one, no route leads to the DRG")
    vcn = None if [*vcn_problems(cidr, path="")] else cidr
    found = [*hub_problems(hub.cidrs, vcn, path="network")]
    yield from moved(found, "network.hubCidrs", path)
    if found or services_cidr is None:
        return
    for index, each in enumerate(hub.cidrs):
        try:
            overlaps = IPv4Network(each).overlaps(IPv4Network(services_cidr))
        except ValueError:
            continue
        if overlaps:
            allowed = f"must not overlap the cluster's services, {services_cidr}"
            yield Problem(f"{path}[{index}]", each, allowed)
