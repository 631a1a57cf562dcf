"""What OKE offers: Kubernetes versions, pods per node, addresses per subnet, GPU labels and taints, add-ons.

Sources: Oracle's pages on supported versions, self-managed nodes and add-on configuration arguments;
oci-hpc-oke and terraform-oci-oke for figures that the pages leave out. Only the
names of CoreDNS and of the add-ons for GPU nodes were read there. The other names are unverified; `getAddonOptions`
lists the real ones.
"""

import re
from dataclasses import dataclass

OFFERED_VERSIONS: tuple[str, ...] = ("v1.34.2", "v1.35.2", "v1.36.1")
"""Oldest first, as listed in November 2026."""

DEFAULT_VERSION = "v1.36.1"

NODE_MINORS_BEHIND = 3
"""How many minor versions a node may be behind its control plane. The control plane upgrades one minor version at a
time."""

MAX_PODS = 110
"""Most pods of one node of any shape."""

GPU_MAX_PODS = 64
"""oci-hpc-oke's default for GPU nodes: one pod per GPU and the system's pods, with room to spare."""

PODS_PER_VNIC = 31

RESERVED_ADDRESSES = 3
"""OCI reserves the first two addresses of a subnet and the last."""

SERVICES_CIDR = "10.96.0.0/16"
"""OKE's usual range for ClusterIP services; it must not overlap the VCN."""

API_PORT = 6443

GPU_RESOURCE = "amd.com/gpu"
GPU_TAINT_KEY = "amd.com/gpu"
SHAPE_LABEL = "node.kubernetes.io/instance-type"
DISABLE_GPU_PLUGIN_LABEL = "oci.oraclecloud.com/disable-gpu-device-plugin"

RDMA_LABELS = {
    "hpc-island": "oci.oraclecloud.com/rdma.hpc_island_id",
    "network-block": "oci.oraclecloud.com/rdma.network_block_id",
    "local-block": "oci.oraclecloud.com/rdma.local_block_id",
    "host": "oci.oraclecloud.com/rdma.host_id",
}
"""Labels that OKE sets when a node joins, from the largest part of the RDMA network to the smallest. The values are
hashes. Only nodes whose metadata has the data get them: on dedicated capacity with a capacity topology.
Source: oci-hpc-oke, docs/using-rdma-network-locality-when-running-workloads-on-oke.md."""

MAX_EVICTION_MINUTES = 60
"""The longest time, and the default, that OKE waits for the eviction of a node's pods (Oracle's API reference,
NodeEvictionNodePoolSettings, evictionGraceDuration: "Default PT60M, Min PT0M, Max: PT60M")."""

INSTANCE_METADATA_BYTES = 32_000
"""Most bytes of all metadata of one instance, including the boot script."""

COREDNS_OVERRIDE_ABOVE_NODES = 50
"""With more nodes than this, CoreDNS must tolerate the GPU taint: the system pool is too small for it."""


@dataclass(frozen=True, kw_only=True)
class Addon:
    """One add-on of an enhanced cluster."""

    name: str
    purpose: str
    essential: bool = False
    """OKE installs it in every cluster. It can be configured but not left out."""


ADDONS: tuple[Addon, ...] = (
    Addon(name="CoreDNS", purpose="name service of the cluster", essential=True),
    Addon(name="KubeProxy", purpose="service addresses on every node", essential=True),
    Addon(name="OciVcnIpNative", purpose="pods with addresses of the VCN", essential=True),
    Addon(name="AmdGpuPlugin", purpose="offers amd.com/gpu on AMD nodes; pin its version"),
    Addon(name="NodeFeatureDiscovery", purpose="labels nodes by their hardware"),
    Addon(
        name="NvidiaNetworkOperator",
        purpose="SR-IOV network devices, for AMD nodes too; tolerate the GPU taint",
    ),
    Addon(name="CertManager", purpose="certificates; several add-ons need it"),
    Addon(name="ClusterAutoscaler", purpose="sizes node pools by pending pods"),
    Addon(name="KubernetesMetricsServer", purpose="pod and node metrics; needs CertManager"),
    Addon(name="KubernetesDashboard", purpose="web console"),
    Addon(name="NativeIngressController", purpose="ingress through OCI load balancers; needs CertManager"),
    Addon(name="NvidiaGpuPlugin", purpose="offers nvidia.com/gpu on NVIDIA nodes"),
)


ADDON_VERSION = re.compile(r"v?\d+(\.\d+)+([-+.][0-9A-Za-z.+-]+)?", re.ASCII)
"""The version of an add-on: numbers with periods, as on Oracle's page "Cluster Add-on Supported Versions". A `v` before
them and a build after them are unverified."""


def minor_of(version: str) -> tuple[int, int]:
    """(1, 36) of "v1.36.1"."""
    major, minor, *_ = version.removeprefix("v").split(".")
    return int(major), int(minor)


def usable_addresses(prefix: int) -> int:
    """Usable addresses of an IPv4 subnet with this prefix length; 0 for a subnet smaller than /30."""
    return max(0, 2 ** (32 - prefix) - RESERVED_ADDRESSES)


def flexible_max_pods(ocpus: float) -> int:
    """Most VCN-native pods of a flexible shape: it has one VNIC per OCPU, and the node itself uses one of them."""
    vnics = 1 if ocpus <= 2 else int(ocpus) - 1
    return min(MAX_PODS, vnics * PODS_PER_VNIC)
