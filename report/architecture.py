"""What a picture of a stack shows: networks, places, zones, GPUs, services, who reaches whom."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from facts.shapes import find_shape
from facts.wording import plural
from report.cluster_networks import as_node_pools
from report.from_internet import internet_paths
from report.gpu_pools import GpuPoolUse, gpu_pools
from report.openings import open_ports
from report.public_doors import BUCKET, public_doors
from report.reach import GatewayKind, Network, Subnet
from report.reach_endpoints import NODE_POOL, first_of, program_network
from report.reach_places import EDGE, Place, places_of
from report.reach_reading import GATEWAYS, texts, value
from report.reach_unknown import unknown_of
from report.resources import Resource, as_mapping, as_number, as_sequence

VCN = "oci:Core/vcn:Vcn"
DATABASES = ("postgresql", "cache", "opensearch", "oracle", "streaming", "files", "lustre")
ARROWS: Mapping[str, Sequence[str]] = {
    "internet": (EDGE, "balancer", "api", "worker", "pod", "bastion", *DATABASES),
    EDGE: ("balancer",),
    "balancer": ("pod",),
    "bastion": ("api",),
    "pod": (*DATABASES, "services", "internet"),
    "worker": ("files", "lustre"),
}
"""The connections that the picture shows, by the kinds of their ends. The section `reach` has all of them."""

_NO_VCN = "subnets of an existing network"
"""A VCN of which the stack knows only the OCIDs of subnets. Their rules and CIDRs are not known."""

_ANY_CIDR = IPv4Network("0.0.0.0/0")
_ZONE = re.compile(r"AD-[0-9]+$")
_SERVICES: Mapping[str, tuple[str, ...]] = {
    "Object Storage": (BUCKET,),
    "Vault": ("oci:Kms/vault:Vault", "oci:Kms/key:Key", "oci:Vault/secret:Secret"),
    "DNS": ("oci:Dns/zone:Zone",),
    "Functions": ("oci:Functions/function:Function",),
    "Monitoring and logs": (
        "oci:Monitoring/alarm:Alarm",
        "oci:Ons/notificationTopic:NotificationTopic",
        "oci:Logging/log:Log",
        "oci:Sch/connector:Connector",
    ),
}
"""What is in no network, by service."""

_NOUNS: Mapping[str, str] = {
    "Key": "key",
    "Secret": "secret",
    "Alarm": "alarm",
    "NotificationTopic": "topic",
    "Log": "log",
    "Connector": "connector",
    "Function": "function",
    "Zone": "zone",
}
"""Types that are counted. Others are named."""

_GATEWAYS: Mapping[GatewayKind, str] = {
    "internet": "internet",
    "nat": "NAT",
    "service": "service",
    "peering": "peering",
}


@dataclass(frozen=True, kw_only=True)
class _Pool:
    """A node pool by the name that its nodes and pods have in places."""

    shape: str
    nodes: int
    zones: tuple[str, ...]
    use: GpuPoolUse | None


def architecture_of(resources: Sequence[Resource], stack: str) -> Mapping[str, object]:
    """The picture's data as JSON values. What the engine does not know yet is left out and counted."""
    # An engine registers in any order; the picture must not differ for that.
    ordered = sorted(resources, key=lambda each: each.urn)
    unknown = unknown_of(ordered)
    left_out = {each.urn for each in unknown}
    known = as_node_pools(each for each in ordered if each.urn not in left_out)
    network = _with_existing(program_network(known), known)
    places = places_of(known, network)
    pools = dict(_pools(known))
    inside = [(number, each) for number, each in enumerate(places) if each.endpoint.subnet_id is not None]
    return {
        "internet": next(number for number, each in enumerate(places) if each.kind == "internet"),
        "regional": next(number for number, each in enumerate(places) if each.kind == "services"),
        "vcns": [*_vcns(known, network, inside, pools, stack)],
        "services": [*_services(known, stack)],
        "connections": [*_connections(network, places)],
        "operators": any(each.kind == "bastion" for each in places),
        "gpus": sum(pool.use.gpus * pool.use.nodes for pool in pools.values() if pool.use),
        "unknownCount": len(unknown),
    }


def _with_existing(network: Network, resources: Iterable[Resource]) -> Network:
    """The network with the subnets that resources name and that are not among them. Their rules are not known."""
    named = {each for resource in resources for each in _subnet_ids(resource.inputs)} - {*network.subnets}
    added = {
        each: Subnet(name=f"subnet {number}", vcn_id=_NO_VCN, cidrs=[_ANY_CIDR], table_id="", list_ids=())
        for number, each in enumerate(sorted(named), 1)
    }
    return replace(network, subnets={**network.subnets, **added})


def _subnet_ids(found: object) -> Iterator[str]:
    for name, entry in as_mapping(found).items():
        if name.lower().endswith(("subnetid", "subnetids")):
            yield from texts(entry)
        else:
            yield from _subnet_ids(entry)
    for entry in as_sequence(found):
        yield from _subnet_ids(entry)


def _pools(resources: Sequence[Resource]) -> Iterator[tuple[str, _Pool]]:
    uses = iter(gpu_pools(resources))
    for each in resources:
        if each.type != NODE_POOL:
            continue
        shape = str(each.inputs.get("nodeShape"))
        found = find_shape(shape)
        details = first_of(value(each, "nodeConfigDetails"))
        placements = map(as_mapping, as_sequence(details.get("placementConfigs")))
        zones = {str(place.get("availabilityDomain")) for place in placements}
        yield (
            str(value(each, "name")),
            _Pool(
                shape=shape,
                nodes=int(as_number(details.get("size")) or 0),
                zones=tuple(sorted(match[0] for zone in zones if (match := _ZONE.search(zone)))),
                use=next(uses) if found and found.gpus else None,
            ),
        )


def _vcns(
    resources: Sequence[Resource],
    network: Network,
    places: Sequence[tuple[int, Place]],
    pools: Mapping[str, _Pool],
    stack: str,
) -> Iterator[Mapping[str, object]]:
    known = {each.id or "": each for each in resources if each.type == VCN}
    for vcn_id in dict.fromkeys([*known, *(each.vcn_id for each in network.subnets.values())]):
        vcn = known.get(vcn_id)
        name = _short(str(value(vcn, "displayName")), stack) if vcn else _NO_VCN
        yield {
            "name": name,
            "cidrs": (texts(value(vcn, "cidrBlocks")) or texts(value(vcn, "cidrBlock"))) if vcn else [],
            "gateways": sorted(
                {
                    _GATEWAYS[GATEWAYS[each.type]]
                    for each in resources
                    if each.type in GATEWAYS and value(each, "vcnId") == vcn_id
                }
            ),
            "subnets": [
                {
                    "name": _short(subnet.name, stack).removeprefix(f"{name}-"),
                    "cidr": "" if _ANY_CIDR in subnet.cidrs else ", ".join(map(str, subnet.cidrs)),
                    "public": None if _ANY_CIDR in subnet.cidrs else subnet.public,
                    "places": [
                        {"id": number} | _place(each, pools, stack)
                        for number, each in places
                        if each.endpoint.subnet_id == subnet_id
                    ],
                }
                for subnet_id, subnet in network.subnets.items()
                if subnet.vcn_id == vcn_id
            ],
        }


def _place(place: Place, pools: Mapping[str, _Pool], stack: str) -> dict[str, object]:
    named = [each.removeprefix("nodes of ").removeprefix("pods of ") for each in place.members]
    found = [(name, pools[name]) for name in named if name in pools]
    nodes = place.kind == "worker"
    if nodes:
        names = [f"{_short(name, stack)}: " if len(found) > 1 else "" for name, _ in found]
        lines = [f"{name}{pool.nodes} x {pool.shape}" for name, (_, pool) in zip(names, found, strict=True)]
    elif place.kind == "pod":
        lines = [line for _, pool in found if pool.use for line in _engines(pool.use)]
    elif place.ports:
        lines = ["ports " + ", ".join(map(str, place.ports))]
    else:
        several = len(place.members) > 1 and place.kind in DATABASES
        lines = [_short(name.rpartition(" ")[2], stack) for name in place.members if several]
    return {
        "name": _short(place.name, stack),
        "kind": place.kind,
        "public": place.endpoint.public_address is not None,
        "lines": lines,
        "zones": sorted({zone for _, pool in found for zone in pool.zones}) if nodes else [],
        "gpus": sum(pool.use.gpus * pool.use.nodes for _, pool in found if pool.use) if nodes else 0,
    }


def _engines(use: GpuPoolUse) -> Iterator[str]:
    for each in use.engines:
        gpus = each.pod.gpus * each.pods
        yield f"engine {each.name}: {each.replicas} x {plural('GPU', gpus)}"


def _services(resources: Sequence[Resource], stack: str) -> Iterator[Mapping[str, object]]:
    doors = {door.resource.urn for door in public_doors(resources) if door.anyone}
    for service, types in _SERVICES.items():
        lines: list[str] = []
        for type_ in types:
            found = [each for each in resources if each.type == type_]
            noun = _NOUNS.get(type_.rpartition(":")[2])
            if noun is None:
                lines += [
                    _short(str(value(each, "name") or value(each, "displayName")), stack)
                    + (" (public)" if each.urn in doors else "")
                    for each in found
                ]
            elif found:
                lines.append(plural(noun, len(found)))
        if lines:
            yield {"name": service, "lines": lines}


def _connections(network: Network, places: Sequence[Place]) -> Iterator[Mapping[str, object]]:
    for first, source in enumerate(places):
        for second, target in enumerate(places):
            if target.kind in ARROWS.get(source.kind, ()) and _reaches(network, source, target):
                yield {"from": first, "to": second}


def _reaches(network: Network, source: Place, target: Place) -> bool:
    if source.kind == "internet":
        return any(path.protocol != "ICMP" for path in internet_paths(network, target.endpoint))
    found = open_ports(network, source.endpoint, target.endpoint)
    return bool(found.tcp or found.udp)


def _short(name: str, stack: str) -> str:
    """A name without the stack's, which all names of a stack begin with."""
    return name.replace(f"{stack}-", "")
