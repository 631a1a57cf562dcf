"""Rules for an existing network that need no account: OCIDs, required roles, and keys of a created network."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network

from facts.cidrs import parse_network
from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.cluster import Cluster
from infra.settings.database import Database
from infra.settings.edge import BackendSet, Edge
from infra.settings.gpu import Gpu
from infra.settings.network import Network
from infra.settings.network.hub import Hub, own_hub_problems
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy, region_of
from infra.settings.values.ocid import ocid_problems

from .added_rules import added_problems
from .addresses import address_needs

PATH = "network.existing"
_SUBNET, _GROUP = "subnet", "networksecuritygroup"
JOINED = (
    "api",
    "worker",
    "gpu",
    "pod",
    "loadbalancer",
    "frontend",
    "backend",
    "database",
    "filestorage",
    "lustre",
)
"""Kinds of members that can join existing security groups: the names of the program's own groups."""

MOST_JOINED = 3
"""A network card has at most 5 groups (Oracle's page "Comparison of Security Lists and Network Security Groups"). A GPU
node already has 2 of the program's own."""


def existing_network_problems(
    *,
    tenancy: Tenancy | None,
    network: Network,
    cluster: Cluster | None,
    gpu: Gpu | None,
    storage: Storage | None,
    database: Database | None,
) -> Iterator[Problem]:
    """Invalid OCIDs and CIDRs, missing roles, and keys that only a created network has."""
    existing, region = network.existing, region_of(tenancy)
    if network.hub is not None:
        yield from _hub_problems(network, network.hub, cluster, region)
    if existing is None:
        return
    yield from _created_only(network)
    yield from ocid_problems(existing.vcn_id, "vcn", path=f"{PATH}.vcnId", region=region)
    for role, ocid in existing.subnets.given.items():
        for each in ocid_problems(ocid, _SUBNET, path=f"{PATH}.subnets.{role}", region=region):
            is_range = isinstance(parse_network(ocid), IPv4Network)
            yield replace(each, fix=f"Write {{cidr: {ocid}}} for a new subnet") if is_range else each
    yield from _group_problems(existing.groups, region)
    needs = address_needs(network, cluster, gpu, storage)
    services = cluster.services_cidr if cluster and cluster.existing is None else None
    yield from added_problems(existing, needs, services, region)
    for role, why in used_roles(network, cluster, gpu, storage, database).items():
        if role not in {**existing.subnets.given, **existing.subnets.added}:
            allowed = f"must be the OCID of a subnet for {why}, or `{{cidr: …}}` for a new one"
            yield Problem(f"{PATH}.subnets.{role}", MISSING, allowed)


def _hub_problems(
    network: Network, hub: Hub, cluster: Cluster | None, region: str | None
) -> Iterator[Problem]:
    yield from ocid_problems(hub.drg_id, "drg", path="network.hub.drgId", region=region)
    yield from ocid_problems(hub.compartment_id, "compartment", "tenancy", path="network.hub.compartmentId")
    if network.existing is not None:
        fix = "Attach the existing VCN to the DRG, and route to it, where the VCN is made"
        yield Problem("network.hub", hub.drg_id, _NOT_WITH, fix)
    else:
        services = cluster.services_cidr if cluster and cluster.existing is None else None
        yield from own_hub_problems(hub, network.cidr, services)


def _created_only(network: Network) -> Iterator[Problem]:
    given = {"cidr": network.cidr, "dnsLabel": network.dns_label}
    fields = {"cidr": "cidr", "dnsLabel": "dns_label"}
    for key, value in given.items():
        if fields[key] in network.model_fields_set:
            yield Problem(f"network.{key}", value, _NOT_WITH, "The existing VCN has its own")
    subnets: Mapping[str, str | None] = network.subnets.model_dump()
    for role, cidr in subnets.items():
        if cidr is not None:
            fix = f"Name the existing subnet in {PATH}.subnets.{role}, or write {{cidr: {cidr}}} there for a new one"
            yield Problem(f"network.subnets.{role}", cidr, _NOT_WITH, fix)


_NOT_WITH = f"must not be set with {PATH}: only a network that the program creates has it"


def _group_problems(groups: Mapping[str, tuple[str, ...]], region: str | None) -> Iterator[Problem]:
    for kind, ocids in groups.items():
        path = f"{PATH}.groups.{kind}"
        if kind not in JOINED:
            yield Problem.not_one_of(f"{PATH}.groups", kind, JOINED)
            continue
        if len(ocids) > MOST_JOINED:
            fix = "A network card has at most 5 security groups, with the program's own"
            yield Problem(path, len(ocids), f"must be {MOST_JOINED} groups or fewer", fix)
        for index, ocid in enumerate(ocids):
            yield from ocid_problems(ocid, _GROUP, path=f"{path}[{index}]", region=region)
            if ocid in ocids[:index]:
                yield Problem(f"{path}[{index}]", ocid, "must not be repeated")


def used_roles(
    network: Network,
    cluster: Cluster | None,
    gpu: Gpu | None,
    storage: Storage | None,
    database: Database | None,
) -> Mapping[str, str]:
    """The roles of subnets that the sections use, with their users in words."""
    created = cluster is not None and cluster.existing is None
    balancers = created or any(not each.addresses for each in _backend_sets(network.edge))
    stopped = bool(cluster and cluster.schedule)
    cpu_pools, gpu_pools = bool(cluster and cluster.pools), bool(gpu and gpu.pools)
    file_systems = bool(storage and (storage.lustre or storage.file_storage))
    uses = {
        "api": (created, "the Kubernetes API endpoint"),
        "loadbalancers": (balancers, "load balancers of Kubernetes services"),
        "private": (
            cpu_pools or file_systems or stopped,
            "CPU nodes"
            if cpu_pools
            else "file systems"
            if file_systems
            else "the functions of cluster.schedule",
        ),
        "gpu": (gpu_pools, "GPU nodes"),
        "pods": (cpu_pools or gpu_pools, "pods"),
        "database": (bool(database and database.called), "databases"),
        "public": (network.edge.load_balancer is not None, "the load balancer of network.edge"),
        "bastion": (bool(network.bastion_client_cidrs), "the bastion of network.bastionClientCidrs"),
    }
    return {role: why for role, (used, why) in uses.items() if used}


def _backend_sets(edge: Edge) -> Iterable[BackendSet]:
    return edge.load_balancer.backend_sets.values() if edge.load_balancer else ()
