"""The addresses that pools need in the VCN's subnets, and the rules for the network."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network

from components.network.bastion import bastion_problems
from components.network.cidr_plan import BASTION, plan_subnets, pods_needed
from components.network.virtual_network import virtual_network_problems
from facts.kubernetes import GPU_MAX_PODS, MAX_PODS, flexible_max_pods
from facts.problem import Problem, moved
from facts.shapes import find_shape
from infra.settings.cluster import Cluster, CpuPool
from infra.settings.edge import Edge
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network import Network
from infra.settings.storage import Storage

PUBLIC_BALANCER, PRIVATE_BALANCER = 2, 3
"""Private addresses of a balancer in its subnet: primary and standby; a private balancer also has a floating address.
Source: Oracle's page "Managing a Load Balancer", private IP address consumption."""

_CHANGING = ("private", "gpu", "pods", "api", "bastion")
"""Subnets of nodes, pods, the API endpoint and the bastion. Their addresses can change at any time."""


def cpu_max_pods(pool: CpuPool) -> int:
    """Pods per node of a CPU pool: the setting, or else what the shape's network cards allow."""
    shape = find_shape(pool.shape)
    most = flexible_max_pods(pool.ocpus) if shape and shape.flexible else MAX_PODS
    return pool.max_pods or most


def smallest_nodes(pool: GpuPool) -> int:
    """The fewest nodes that a GPU pool may have. Models must fit on them to be sure of a place."""
    return pool.nodes if pool.min_nodes is None else min(pool.nodes, pool.min_nodes)


def gpu_most_nodes(pool: GpuPool) -> int:
    """The most nodes that a GPU pool may have."""
    return max(pool.nodes, pool.max_nodes or 0)


def address_needs(
    network: Network, cluster: Cluster | None, gpu: Gpu | None, storage: Storage | None = None
) -> Mapping[str, int]:
    """Required usable addresses by subnet role: the most nodes, the pods of those nodes, file systems, balancers,
    bastion."""
    cpu_pools = (
        [(max(pool.nodes, pool.max_nodes or 0), cpu_max_pods(pool)) for pool in cluster.pools]
        if cluster
        else []
    )
    gpu_pools = [(gpu_most_nodes(pool), pool.max_pods or GPU_MAX_PODS) for pool in gpu.pools] if gpu else []
    return {
        "private": sum(nodes for nodes, _ in cpu_pools) + (storage.addresses if storage else 0),
        "gpu": sum(nodes for nodes, _ in gpu_pools),
        "pods": pods_needed([*cpu_pools, *gpu_pools]),
        **_balancer_needs(network.edge),
        **({BASTION: 1} if network.bastion_client_cidrs else {}),
    }


def _balancer_needs(edge: Edge) -> Mapping[str, int]:
    """The edge's own balancer, and one Kubernetes balancer for each backend set with a reserved address."""
    balancer = edge.load_balancer
    if balancer is None:
        return {}
    reserved = [each for each in balancer.backend_sets.values() if not each.addresses]
    return {
        "public": PRIVATE_BALANCER if balancer.private else PUBLIC_BALANCER,
        "loadbalancers": PRIVATE_BALANCER * len(reserved),
    }


def network_problems(
    network: Network, cluster: Cluster | None, gpu: Gpu | None, storage: Storage | None = None
) -> Iterator[Problem]:
    """CIDRs that overlap, are outside the VCN, or are too small for the nodes and their pods.

    Those of an existing network are checked when it has been read.
    """
    if network.bastion_client_cidrs:
        problems = bastion_problems(network.bastion_client_cidrs, path="network")
        yield from moved(problems, "network.clientCidrs", "network.bastionClientCidrs")
    if network.existing is not None:
        return
    explicit, needs = explicit_subnets(network), address_needs(network, cluster, gpu, storage)
    found = [*virtual_network_problems(network.cidr, network.dns_label, explicit, needs, path="network")]
    yield from found
    if not found:
        planned = subnet_plan(network, cluster, gpu, storage)
        yield from backend_problems(network.edge, planned, [network.cidr])


def subnet_plan(
    network: Network, cluster: Cluster | None, gpu: Gpu | None, storage: Storage | None = None
) -> Mapping[str, str]:
    """The CIDR of each subnet by role, with space for the pools at their largest size. Raises InvalidInput.

    A stack has one plan: the rules check it, and the network layer passes it to the component.
    """
    needs = address_needs(network, cluster, gpu, storage)
    return plan_subnets(network.cidr, explicit_subnets(network), needs)


def backend_problems(edge: Edge, cidrs: Mapping[str, str], vcn_cidrs: Sequence[str]) -> Iterator[Problem]:
    """Backends outside the VCN, and backends in a subnet, by role, whose addresses change."""
    balancer = edge.load_balancer
    for name, each in balancer.backend_sets.items() if balancer else ():
        for index, text in enumerate(each.addresses or ()):
            path = f"network.edge.loadBalancer.backendSets.{name}.addresses[{index}]"
            try:
                address = IPv4Address(text)
            except ValueError:
                continue
            role = next((role for role, cidr in cidrs.items() if address in IPv4Network(cidr)), None)
            if role in _CHANGING:
                fix = "Remove `addresses`: an address is then reserved for a balancer of Kubernetes"
                yield Problem(path, text, f"must not be in the {role} subnet, where addresses change", fix)
            elif not any(address in IPv4Network(cidr) for cidr in vcn_cidrs):
                yield Problem(path, text, f"must be inside the VCN, {', '.join(vcn_cidrs)}")


def explicit_subnets(network: Network) -> Mapping[str, str]:
    """The CIDRs of subnets that the settings set, by role."""
    given: Mapping[str, str | None] = network.subnets.model_dump()
    return {role: cidr for role, cidr in given.items() if cidr is not None}
