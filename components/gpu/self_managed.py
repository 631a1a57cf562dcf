"""What a self-managed node needs to join its cluster, as instance metadata.

Sources: Oracle's pages "Creating Cloud-init Scripts for Self-managed Nodes" (the private endpoint without its port, and
the CA) and "Creating Self-Managed Nodes" (the keys for VCN-native pods); terraform-oci-oke for the names of the other
keys (modules/workers/instanceconfig.tf); oci-hpc-oke for the plugins.
"""

from collections.abc import Mapping, Sequence

import pulumi

from components.cluster.cluster_access import ClusterEntry
from components.cluster.pool_parts import pool_labels

AGENT_PLUGINS = (
    "Compute HPC RDMA Authentication",
    "Compute HPC RDMA Auto-Configuration",
    "Compute RDMA GPU Monitoring",
)
"""Plugins of the cloud agent that a node switches on: they authenticate the RDMA interfaces, give them addresses and
watch them. A managed node pool has no field for them."""


def join_metadata(
    entry: ClusterEntry,
    *,
    pool: str,
    labels: Mapping[str, str] | None,
    max_pods: int,
    pod_subnet_ids: Sequence[pulumi.Input[str]],
    pod_nsg_ids: Sequence[pulumi.Input[str]] | None,
    ssh_public_key: pulumi.Input[str] | None,
) -> dict[str, pulumi.Input[str]]:
    """The address and CA of the cluster, the labels of the node, and the subnets and groups of its pods."""
    found: dict[str, pulumi.Input[str]] = {
        "apiserver_host": entry.host,
        "cluster_ca_cert": entry.authority,
        "oke-initial-node-labels": ",".join(f"{key}={value}" for key, value in pool_labels(pool, labels)),
        "oke-native-pod-networking": "true",
        "oke-max-pods": str(max_pods),
        "pod-subnets": _listed(pod_subnet_ids),
    }
    if pod_nsg_ids:
        found["pod-nsgids"] = _listed(pod_nsg_ids)
    if ssh_public_key is not None:
        found["ssh_authorized_keys"] = ssh_public_key
    return found


def _listed(ids: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*ids).apply(",".join)
