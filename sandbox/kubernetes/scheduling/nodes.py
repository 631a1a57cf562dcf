"""The nodes of a cluster, as the scheduler sees them: those of node pools, and those that join by themselves.

Reserved CPU and memory follow Oracle's page on OKE node resources. Labels, taints and GPU resources follow
oci-hpc-oke.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from facts.autoscaler import ADDON as AUTOSCALER
from facts.kubernetes import (
    DISABLE_GPU_PLUGIN_LABEL,
    GPU_RESOURCE,
    MAX_PODS,
    SHAPE_LABEL,
    flexible_max_pods,
)
from facts.shapes import Shape, find_shape
from sandbox.kubernetes.api.values import at
from sandbox.kubernetes.scheduling.self_managed import self_managed_pools
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, POOL

ADDON = "oci:ContainerEngine/addon:Addon"
GIB = 2**30
_OTHER_GPU = "nvidia.com/gpu"


@dataclass(frozen=True)
class Taint:
    """A taint of a node: it keeps away pods that do not tolerate it."""

    key: str
    value: str
    effect: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"


@dataclass(frozen=True)
class Node:
    """One node. `allocatable` gives CPU in cores, memory in bytes, and counts of pods and extended resources."""

    name: str
    pool: str
    shape: str
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Taint, ...] = ()
    allocatable: Mapping[str, float] = field(default_factory=dict)


BOOTING = "booting-nodes"
"""Kind of the store's documents, by cluster: `{"pools": {OCID: nodes that the autoscaler requested and that still
boot}}`."""


def nodes_of(cloud: Cloud, cluster_id: str, more: Mapping[str, int] | None = None) -> tuple[Node, ...]:
    """The ready nodes of all live pools of a cluster, oldest pool first.

    `more` adds nodes to pools, or removes the last ones, by the pool's OCID.
    """
    booting = (cloud.store.get(BOOTING, cluster_id) or {}).get("pools", {})
    addons = {
        str(entry.inputs.get("addonName"))
        for entry in cloud.all(ADDON)
        if entry.inputs.get("clusterId") == cluster_id
    }
    pools = [
        (entry, entry.inputs) for entry in cloud.all(POOL) if entry.inputs.get("clusterId") == cluster_id
    ]
    cluster = cloud.find(cluster_id)
    pools += self_managed_pools(cloud, cluster) if cluster else ()
    return tuple(
        node
        for pool, inputs in sorted(pools, key=lambda each: each[0].created_at)
        for node in _nodes(pool, inputs, addons, (more or {}).get(pool.id, 0) - int(booting.get(pool.id, 0)))
    )


def autoscaled_clusters(cloud: Cloud) -> set[str]:
    """The OCIDs of the clusters that have the ClusterAutoscaler add-on."""
    return {
        str(entry.inputs.get("clusterId"))
        for entry in cloud.all(ADDON)
        if entry.inputs.get("addonName") == AUTOSCALER
    }


def _nodes(pool: Entry, inputs: Mapping[str, Any], addons: set[str], more: int) -> list[Node]:
    size = at(inputs, "nodeConfigDetails", "size")
    count = int(size if size is not None else inputs.get("quantityPerSubnet") or 0) + more
    name = str(inputs.get("name") or pool.outputs.get("name") or pool.id[-8:])
    shape_name = str(inputs.get("nodeShape", ""))
    shape = find_shape(shape_name)
    domains = [
        str(each.get("availabilityDomain", ""))
        for each in at(inputs, "nodeConfigDetails", "placementConfigs") or ()
    ]
    labels, taints = _declared(inputs)
    if shape is not None and shape.gpus:
        key = GPU_RESOURCE if shape.vendor == "amd" else _OTHER_GPU
        taints = (Taint(key, "present", "NoSchedule"), *taints)
    allocatable = _allocatable(inputs, shape, labels, addons)
    made: list[Node] = []
    for index in range(count):
        domain = domains[index % len(domains)] if domains else ""
        own = {
            SHAPE_LABEL: shape_name,
            "kubernetes.io/hostname": f"{name}-{index}",
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "arm64" if ".A1." in shape_name or ".A2." in shape_name else "amd64",
            "topology.kubernetes.io/region": pool.region,
            "topology.kubernetes.io/zone": domain.rpartition(":")[2],
        }
        own |= _place_in_rdma(pool, inputs, index)
        made.append(Node(f"{name}-{index}", name, shape_name, own | labels, taints, allocatable))
    return made


def _place_in_rdma(pool: Entry, inputs: Mapping[str, Any], index: int) -> dict[str, str]:
    """OKE's labels of a node in an RDMA network: hashes of what its metadata says. Here, a pool is in one network
    block, and a local block has two hosts.

    Source: oci-hpc-oke, docs/using-rdma-network-locality-when-running-workloads-on-oke.md.
    """
    network = at(dict(inputs), "nodeConfigDetails", "computeClusterId")
    network = pool.id if pool.token == CLUSTER_NETWORK else network
    if not network:
        return {}
    parts = {"hpc_island_id": "", "network_block_id": "", "local_block_id": index // 2, "host_id": index}
    return {
        f"oci.oraclecloud.com/rdma.{part}": sha256(f"{part} {network} {which}".encode()).hexdigest()[:11]
        for part, which in parts.items()
    }


def _declared(inputs: Mapping[str, Any]) -> tuple[dict[str, str], tuple[Taint, ...]]:
    labels = {str(each["key"]): str(each.get("value", "")) for each in inputs.get("initialNodeLabels") or ()}
    arguments = str(at(dict(inputs), "nodeMetadata", "kubelet-extra-args") or "")
    taints: list[Taint] = []
    for text in re.findall(r"--register-with-taints[= ](\S+)", arguments):
        for each in text.strip("\"'").split(","):
            pair, _, effect = each.partition(":")
            key, _, value = pair.partition("=")
            taints.append(Taint(key, value, effect or "NoSchedule"))
    for text in re.findall(r"--node-labels[= ](\S+)", arguments):
        labels |= dict(each.split("=", 1) for each in text.strip("\"'").split(",") if "=" in each)
    return labels, tuple(taints)


def _allocatable(
    inputs: Mapping[str, Any], shape: Shape | None, labels: Mapping[str, str], addons: set[str]
) -> dict[str, float]:
    config = inputs.get("nodeShapeConfig") or {}
    ocpus = float(config.get("ocpus") or (shape.cores if shape else None) or 1)
    memory = float(config.get("memoryInGbs") or (shape.memory_gib if shape else None) or ocpus * 16)
    vcpus = ocpus if shape is not None and shape.vendor == "ampere" else ocpus * 2
    asked = at(dict(inputs), "nodeConfigDetails", "nodePoolPodNetworkOptionDetails", "maxPodsPerNode")
    most = flexible_max_pods(ocpus) if shape is not None and shape.flexible else MAX_PODS
    found = {
        "cpu": round(vcpus - _reserved_cpu(vcpus), 3),
        "memory": float(int((memory - _reserved_memory(memory)) * GIB)),
        "ephemeral-storage": float("inf"),
        "pods": float(min(int(asked or most), most)),
    }
    if shape is not None and shape.gpus and labels.get(DISABLE_GPU_PLUGIN_LABEL) != "true":
        found[GPU_RESOURCE if shape.vendor == "amd" else _OTHER_GPU] = float(shape.gpus)
    if shape is not None and shape.rdma_nics and "NvidiaNetworkOperator" in addons:
        found["nvidia.com/rdma-vf"] = float(len(shape.rdma_nics))
    return found


def _tiers(amount: float, tiers: tuple[tuple[float, float], ...]) -> float:
    total = 0.0
    for width, share in tiers:
        total += min(amount, width) * share
        amount = max(0.0, amount - width)
    return total


def _reserved_cpu(cores: float) -> float:
    return _tiers(cores, ((1, 0.06), (1, 0.01), (2, 0.005), (float("inf"), 0.0025)))


def _reserved_memory(gib: float) -> float:
    """Memory that is reserved for the system, and the 100 MiB eviction threshold."""
    return _tiers(gib, ((4, 0.25), (4, 0.2), (8, 0.1), (112, 0.06), (float("inf"), 0.02))) + 0.1
