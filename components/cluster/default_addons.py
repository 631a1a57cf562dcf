"""The add-ons that clusters with AMD GPU nodes need. Sources: oci-hpc-oke and Oracle's pages on add-ons."""

import json
from collections.abc import Mapping

from facts.kubernetes import COREDNS_OVERRIDE_ABOVE_NODES, GPU_TAINT_KEY

from .cluster_addons import TOLERATIONS, AddonArgs

_TOLERATE_GPU = json.dumps([{"key": GPU_TAINT_KEY, "operator": "Exists"}])

GPU_PLUGIN: Mapping[str, AddonArgs] = {"AmdGpuPlugin": AddonArgs()}
"""Offers `amd.com/gpu`. Oracle recommends a fixed version, because an update by OKE can interrupt GPU workloads."""

NODE_FEATURES: Mapping[str, AddonArgs] = {"NodeFeatureDiscovery": AddonArgs()}

RDMA_DEVICES: Mapping[str, AddonArgs] = {
    "NvidiaNetworkOperator": AddonArgs(configurations={TOLERATIONS: _TOLERATE_GPU}),
}
"""Virtual RDMA functions for pods (AMD nodes have ConnectX cards too). Pods on the host network do not need them."""

CORE_DNS: Mapping[str, AddonArgs] = {
    "CoreDNS": AddonArgs(configurations={"nodesPerReplica": "8", "tolerations": _TOLERATE_GPU}),
}
"""For large clusters, in which the CPU nodes are too few for the name service."""


def gpu_addons(*, nodes: int, virtual_rdma: bool | None = None) -> dict[str, AddonArgs]:
    """Add-ons of a cluster with AMD GPU nodes.

    `nodes`: all nodes of the cluster. `virtual_rdma`: adds SR-IOV devices for pods that do not use the host network.
    """
    addons = {**GPU_PLUGIN, **NODE_FEATURES}
    if virtual_rdma:
        addons |= RDMA_DEVICES
    if nodes > COREDNS_OVERRIDE_ABOVE_NODES:
        addons |= CORE_DNS
    return addons


def merged_addons(defaults: Mapping[str, AddonArgs], given: Mapping[str, AddonArgs]) -> dict[str, AddonArgs]:
    """`defaults` and `given`. If both have an add-on, the keys of `given` override the keys of `defaults`."""
    merged = {**defaults, **given}
    for name in defaults.keys() & given.keys():
        default, own = defaults[name], given[name]
        configurations = {**(default.configurations or {}), **(own.configurations or {})}
        merged[name] = AddonArgs(
            version=own.version or default.version,
            configurations=configurations or None,
            remove_on_delete=default.remove_on_delete
            if own.remove_on_delete is None
            else own.remove_on_delete,
        )
    return merged
