"""Arguments of a managed pool of GPU nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from .gpu_nodes_args import GpuNodesArgs


@dataclass(frozen=True, kw_only=True)
class GpuPoolArgs(GpuNodesArgs):
    """GPU nodes in a managed node pool, connected by RDMA in a compute cluster."""

    availability_domains: Sequence[pulumi.Input[str]]
    """Names of the availability domains. Only one is allowed with `rdma` or a capacity reservation."""

    rdma: bool | None = None
    """Whether nodes join a compute cluster, which is one RDMA network. Principals of type `nodepool` then need the
    permission `{COMPUTE_CLUSTER_LAUNCH_INSTANCE}`. Default: yes."""

    host_group_id: pulumi.Input[str] | None = None
    """OCID of a host group. It needs the permission `{HOST_GROUP_LAUNCH_INSTANCE}`. Default: none."""

    fault_domains: Sequence[str] | None = None
    """FAULT-DOMAIN-1 to FAULT-DOMAIN-3. Default: any."""

    preemptible: bool | None = None
    """Whether nodes are preemptible: OCI may terminate them. Bare-metal nodes cannot be preemptible. Default: no."""

    size_owner: str | None = None
    """Who sets the number of nodes. `fixed`: always `nodes`. `autoscaler`, `external`: `nodes` is the number at
    creation; after that, the component ClusterAutoscaler or your own autoscaler sets the number within the bounds, and
    the program does not change it. Default: fixed."""

    scheduled: bool | None = None
    """Whether a PoolSchedule stops and starts the pool. `nodes` is then the number at creation, and the program does
    not change it later: the schedule does. Only with size_owner fixed. Default: no."""

    min_nodes: int | None = None
    """Fewest nodes. Required with size_owner autoscaler and external, not allowed otherwise."""

    max_nodes: int | None = None
    """Most nodes. Required with size_owner autoscaler and external, not allowed otherwise."""

    node_cycling: bool | None = None
    """Whether a change of image, version or boot script replaces the boot volumes of existing nodes, one node at a time
    and without a spare node. With no, it applies only to new nodes. Default: yes."""

    eviction_minutes: int | None = None
    """How long a node is drained, 0 to 60 minutes. After that, a deletion continues, and a renewal stops with an error.
    Default: 60."""
