"""How the nodes of a GPU pool are run, and what only one of the ways can do."""

from collections.abc import Iterator
from typing import Protocol

from components.cluster.pool_rules import FIXED
from facts.problem import Problem

MANAGED, CLUSTER_NETWORK = "managed", "cluster-network"
MODES = (MANAGED, CLUSTER_NETWORK)
"""A node pool of OKE in a compute cluster, and self-managed nodes in a cluster network."""

_GPU_MEMORY_CLUSTERS = ("gpu-memory-cluster", "gmc")


class ModeSettings(Protocol):
    """The values of a pool that depend on its mode."""

    @property
    def mode(self) -> str: ...
    @property
    def size_owner(self) -> str | None: ...
    @property
    def min_nodes(self) -> int | None: ...
    @property
    def max_nodes(self) -> int | None: ...
    @property
    def rdma(self) -> bool | None: ...
    @property
    def preemptible(self) -> bool | None: ...
    @property
    def node_cycling(self) -> bool | None: ...
    @property
    def eviction_minutes(self) -> int | None: ...


def mode_problems(pool: ModeSettings, shape: str, *, path: str) -> Iterator[Problem]:
    """An unknown mode, and settings of a managed pool in a cluster network.

    Sources: Oracle's pages on self-managed nodes ("Working with Self-Managed Nodes", "Upgrading Self-Managed Nodes to a
    Newer Kubernetes Version by Replacing Existing Nodes") support neither the cluster autoscaler nor node cycling nor
    upgrades in place. The SDK's text of ComputeGpuMemoryCluster names the other mode.
    """
    where = f"{path}.mode"
    if pool.mode in _GPU_MEMORY_CLUSTERS:
        allowed = f"must be {MANAGED} or {CLUSTER_NETWORK}: {shape} has no GPU memory cluster"
        yield Problem(where, pool.mode, allowed, "GPU memory clusters are for GB200 and GB300 hosts")
    elif pool.mode not in MODES:
        yield Problem.not_one_of(where, pool.mode, MODES)
    elif pool.mode == CLUSTER_NETWORK:
        yield from _self_managed_problems(pool, path)


def _self_managed_problems(pool: ModeSettings, path: str) -> Iterator[Problem]:
    only = f"Use mode {MANAGED} for it"
    if (pool.size_owner or FIXED) != FIXED:
        why = "OKE's cluster autoscaler does not support self-managed nodes"
        allowed = f"must be {FIXED} in a {CLUSTER_NETWORK}: {why}"
        yield Problem(f"{path}.sizeOwner", pool.size_owner, allowed, only)
    else:
        for key, bound in (("minNodes", pool.min_nodes), ("maxNodes", pool.max_nodes)):
            if bound is not None:
                yield Problem(
                    f"{path}.{key}",
                    bound,
                    f"must not be set in a {CLUSTER_NETWORK}: only nodes is used",
                    only,
                )
    if pool.rdma is False:
        yield Problem(f"{path}.rdma", False, f"must be true: a {CLUSTER_NETWORK} is an RDMA network", only)
    if pool.preemptible:
        yield Problem(f"{path}.preemptible", True, f"must be false in a {CLUSTER_NETWORK}", only)
    if pool.node_cycling:
        allowed = f"must be false in a {CLUSTER_NETWORK}: OKE does not cycle self-managed nodes"
        yield Problem(f"{path}.nodeCycling", True, allowed, "Replace the nodes by hand (docs/pools.md)")
    if pool.eviction_minutes is not None:
        allowed = f"must not be set in a {CLUSTER_NETWORK}: OKE does not drain self-managed nodes"
        yield Problem(
            f"{path}.evictionMinutes", pool.eviction_minutes, allowed, "Drain them by hand (docs/pools.md)"
        )
