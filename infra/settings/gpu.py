"""The GPU pools."""

from typing import Literal

from pydantic import Field

from .base import Name, Section


class GpuPool(Section):
    """A pool of GPU nodes joined by RDMA in one compute cluster, in one availability domain."""

    name: Name
    """Name of the pool, unique among the pools of the cluster. Models name it."""

    shape: str = "BM.GPU.MI300X.8"
    """Shape of a node."""

    nodes: int
    """Nodes at the start. One node has as many GPUs as its shape; limits count GPUs."""

    min_nodes: int | None = None
    """Fewest nodes an autoscaler may leave. Set together with `maxNodes`."""

    max_nodes: int | None = None
    """Most nodes an autoscaler may reach. With it set the program leaves the pool's size alone."""

    availability_domain: int = Field(default=1, ge=1, le=3)
    """Number of the availability domain. Instances of a compute cluster share one."""

    image_id: str
    """OCID of the imported node image in the region (Ubuntu with amdgpu and OFED drivers)."""

    max_pods: int | None = None
    """Pods a node, 110 at most. Default: 64."""

    boot_volume_gib: int = Field(default=512, ge=50, le=32768)
    """Size of a node's boot volume in GiB."""

    boot_volume_vpus: int = Field(default=10, ge=0, le=120, multiple_of=10)
    """Performance of the boot volume in VPU a GB: a multiple of 10."""

    nvme_raid: Literal[0, 10] = 10
    """RAID level of the local NVMe drives: 10 survives a drive, 0 has twice the space."""

    rdma: bool = True
    """Whether nodes join a compute cluster. Without it they have no RDMA network between them."""

    capacity_reservation_id: str | None = None
    """OCID of a capacity reservation that nodes come from. Unused capacity in it is billed at 85 %."""

    preemptible: bool = False
    """Whether nodes are preemptible capacity. OCI has none of bare-metal shapes."""

    ssh_public_key: str | None = None
    """SSH public key of the nodes' `ubuntu` user. Default: none."""

    labels: dict[str, str] = Field(default_factory=dict[str, str])
    """Kubernetes labels of the nodes, beside those that the pool sets itself."""


class Gpu(Section):
    """The GPU pools of one environment."""

    pools: tuple[GpuPool, ...] = ()
    """GPU pools."""
