"""Pods of the traffic path that are larger than every CPU node, or together than all of them: they would wait
forever."""

from collections.abc import Iterator

from facts.problem import Problem
from facts.wording import plural
from infra.settings.cluster import Cluster
from infra.settings.serving import Serving
from serving.gateway.gateway_rules import size_problems
from serving.gateway.sizes import DEFAULT_CONCURRENT, body_bytes, pod_mib
from serving.gateway.tenants import tenant_problems

from . import Router, Traffic
from .candidates import with_candidates
from .router_rules import traffic_router_problems
from .served import served_models

PATH = "traffic"
_THREADS, _MIB = 2, 1024


def traffic_room_problems(cluster: Cluster, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Routers and Envoys above the memory or the processors of the largest CPU node, and routers above those of all
    nodes. Whether fewer fit together is not known here: other pods are there too."""
    # The sizes of other shapes are not in the settings.
    if (
        not cluster.pools
        or not serving.models
        or not all(pool.shape.endswith(".Flex") for pool in cluster.pools)
    ):
        return
    memory, cpus = (
        max(pool.memory_gib for pool in cluster.pools),
        _THREADS * max(pool.ocpus for pool in cluster.pools),
    )
    router, fix = traffic.router, "Lower it, or raise {} of a pool of cluster.pools"
    # What breaks a rule of its own is said there.
    if router is not None and not any(True for _ in traffic_router_problems(traffic)):
        if router.memory_gib >= memory:
            allowed = f"must be below {memory:,}, the memory of the largest CPU node, which needs some itself"
            yield Problem(f"{PATH}.router.memoryGib", router.memory_gib, allowed, fix.format("memoryGib"))
        if router.cpus >= cpus:
            allowed = (
                f"must be below {cpus:,}, the processors of the largest CPU node, which needs some itself"
            )
            yield Problem(f"{PATH}.router.cpus", router.cpus, allowed, fix.format("ocpus"))
        if router.memory_gib < memory and router.cpus < cpus:
            yield from _sum_problems(cluster, serving, traffic, router)
    if traffic.tenants:
        yield from _envoy_problems(serving, traffic, memory)


def _sum_problems(cluster: Cluster, serving: Serving, traffic: Traffic, router: Router) -> Iterator[Problem]:
    """Routers that all CPU nodes together, at the most nodes of their pools, have no room for."""
    tracks = len(with_candidates(serving, traffic.candidates).models)
    nodes = [(max(pool.nodes, pool.max_nodes or 0), pool) for pool in cluster.pools]
    has = {
        "GiB of memory": sum(count * pool.memory_gib for count, pool in nodes),
        "processors": _THREADS * sum(count * pool.ocpus for count, pool in nodes),
    }
    needs = dict(
        zip(has, (each * tracks * router.replicas for each in (router.memory_gib, router.cpus)), strict=True)
    )
    for what, needed in needs.items():
        if needed > has[what]:
            allowed = (
                f"needs {needed:,} {what} for the routers of {plural('model', tracks)}, candidates included, but all "
                f"CPU nodes together have {has[what]:,}"
            )
            fix = "Lower it, router.memoryGib or router.cpus, or add nodes to a pool of cluster.pools"
            yield Problem(f"{PATH}.router.replicas", router.replicas, allowed, fix)
            return


def _envoy_problems(serving: Serving, traffic: Traffic, memory: int) -> Iterator[Problem]:
    models = served_models(serving, traffic)
    wrong = [*size_problems(traffic.limits, models, path=PATH), *tenant_problems(traffic.tenants, path=PATH)]
    if wrong:
        return
    promised = sum(
        (each.concurrent_requests or DEFAULT_CONCURRENT) * len(each.models) for each in traffic.tenants
    )
    longest = traffic.limits.body_limit_bytes or body_bytes(models)
    needed = -(-pod_mib(promised, longest) // _MIB)
    if needed >= memory:
        allowed = (
            f"may have {promised:,} requests at the same time with bodies of {longest:,} bytes: each Envoy would need "
            f"{needed:,} GiB of memory, and the largest CPU node has {memory:,}"
        )
        fix = "Lower concurrentRequests, or raise memoryGib of a pool of cluster.pools"
        yield Problem(f"{PATH}.tenants", f"{len(traffic.tenants)} tenants", allowed, fix)
