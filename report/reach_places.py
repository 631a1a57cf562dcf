"""The places of a stack's network: endpoints with the same rules, under one name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from report.openings import Open, open_ports
from report.public_doors import is_public_service
from report.reach import Endpoint, Network
from report.reach_endpoints import INTERNET_ADDRESS, SERVICES, cards_of, endpoints_of, ends_of, first_of
from report.reach_reading import value
from report.resources import Resource
from report.wording import words

EDGE = "edge"
"""The kind of what a stack declares public: load balancers whose `isPrivate` is not true."""

_NAMES: Mapping[str, str] = {
    "internet": "the internet",
    "services": "Oracle's services",
    "edge": "public load balancer",
    "balancer": "load balancers of Kubernetes",
    "bastion": "bastion",
    "api": "Kubernetes API",
    "worker": "nodes",
    "pod": "pods",
    "postgresql": "PostgreSQL",
    "cache": "cache",
    "opensearch": "OpenSearch",
    "oracle": "Autonomous Database",
    "streaming": "Streaming",
    "files": "mount targets",
    "lustre": "Lustre",
}
"""The kinds in the order of the report, with the name if there is one such place."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Endpoints of one kind with the same subnet and groups: the same rules hold for all of them."""

    kind: str
    name: str
    endpoint: Endpoint
    members: tuple[str, ...]
    """The names of its endpoints."""

    ports: tuple[int, ...] = ()
    """The TCP ports on which it listens, if the resources say so."""


def places_of(resources: Sequence[Resource], network: Network) -> list[Place]:
    """Every place, the internet first."""
    groups: dict[tuple[object, ...], list[tuple[str, Endpoint]]] = {}
    for kind, each in _endpoints(resources, network):
        key = (kind, each.subnet_id, tuple(sorted(each.group_ids)), each.public_address)
        groups.setdefault(key, []).append((kind, each))
    order = [*_NAMES]
    listed = sorted(
        groups.values(), key=lambda some: order.index(some[0][0]) if some[0][0] in order else len(order)
    )
    counts = [some[0][0] for some in listed]
    return [_place(some, alone=counts.count(some[0][0]) == 1) for some in listed]


def openings_between(network: Network, places: Sequence[Place]) -> Iterator[tuple[Place, Place, Open]]:
    """What is open from each place to each other one, and within one. From and to the internet only connections out:
    `report.from_internet` has those in."""
    for source in places:
        for target in places:
            if source.kind in ("internet", "services"):
                continue
            found = open_ports(network, source.endpoint, target.endpoint)
            if found:
                yield source, target, found


def _endpoints(resources: Sequence[Resource], network: Network) -> Iterator[tuple[str, Endpoint]]:
    yield "internet", Endpoint(name="the internet", address=INTERNET_ADDRESS)
    yield "services", Endpoint(name="Oracle's services", service=SERVICES)
    listens = endpoints_of(resources, network).get("edge", ())
    for each in resources:
        known = [*ends_of(each, network)]
        for kind, end in known:
            ports = (
                next((some.ports for some in listens if some.name == end.name), ()) if kind == EDGE else ()
            )
            yield kind, _with_address(each, replace(end, ports=ports), network)
        if not known:
            for end in cards_of(each, network):
                yield words(each.type), _with_address(each, end, network)


def _with_address(resource: Resource, end: Endpoint, network: Network) -> Endpoint:
    """The endpoint, with a public address if the service would give it one.

    Sources: the API references of CreateVnicDetails (assignPublicIp: by default as the subnet allows), of gateways
    (endpointType) and of network load balancers (isPrivate); Oracle's page "Network Resource Configuration for Cluster
    Creation and Deployment" for nodes in public subnets.
    """
    subnet = network.subnets[end.subnet_id or ""]
    match resource.type:
        case "oci:ContainerEngine/nodePool:NodePool":
            given = subnet.public and not end.name.startswith("pods")
        case "oci:Core/instance:Instance" | "oci:Core/vnicAttachment:VnicAttachment":
            vnic = first_of(value(resource, "createVnicDetails"))
            given = subnet.public and vnic.get("assignPublicIp") not in (False, "false")
        case "oci:ApiGateway/gateway:Gateway":
            given = value(resource, "endpointType") == "PUBLIC"
        case "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer":
            given = value(resource, "isPrivate") not in (True, "true")
        case "kubernetes:core/v1:Service":
            given = is_public_service(resource)
        case _:
            return end
    return replace(end, public_address=INTERNET_ADDRESS if given else None)


def _place(some: Sequence[tuple[str, Endpoint]], *, alone: bool) -> Place:
    kind, first = some[0]
    names = tuple(dict.fromkeys(each.name for _, each in some))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    name = _NAMES.get(kind, first.name) if alone else f"{first.name}{more}"
    ports = tuple(sorted({port for _, each in some for port in each.ports}))
    return Place(kind=kind, name=name, endpoint=first, members=names, ports=ports)
