"""What a pool of GPU nodes needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class GpuPoolArgs:
    """GPU nodes in a managed node pool, joined by RDMA in a compute cluster."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment of both the pool and its compute cluster."""

    cluster_id: pulumi.Input[str]
    """OCID of an enhanced cluster. Changing it replaces the pool."""

    kubernetes_version: str
    """Version of new nodes, e.g. `v1.36.1`; it may trail the control plane by three minors."""

    nodes: int
    """Nodes, 1 or more. A node has all GPUs of its shape, and limits count GPUs: 8 for each MI300X node."""

    availability_domains: Sequence[pulumi.Input[str]]
    """Names of the availability domains. One only with `rdma` or a capacity reservation."""

    subnet_id: pulumi.Input[str]
    """OCID of the nodes' regional subnet."""

    pod_subnet_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the subnets that pods get their addresses from."""

    nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the nodes' security groups; pods on the host network carry these too. Default: none."""

    pod_nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the security groups of pods with an address of their own. Default: none."""

    pool_name: str | None = None
    """Name of the pool in OCI, and value of its nodes' label genai-playground/pool. Default: the component's name."""

    shape: str | None = None
    """GPU shape of a node. Default: BM.GPU.MI300X.8."""

    image_id: pulumi.Input[str] | None = None
    """OCID of an imported Ubuntu image with the GPU's and the RDMA cards' drivers. Either this or `image_url`."""

    image_url: pulumi.Input[str] | None = None
    """Object storage address to import the image from, which takes up to an hour. Needs `image_name`."""

    image_name: str | None = None
    """Name of the image's file: decides when to import another one, and tells an unfit operating system."""

    rdma: bool | None = None
    """Whether nodes join a compute cluster, and so one RDMA network. Default: yes. The node pool needs the policy
    `{COMPUTE_CLUSTER_LAUNCH_INSTANCE}` for principals of type `nodepool`."""

    placement_constraint: str | None = None
    """SINGLE_TIER, SINGLE_BLOCK or PACKED_DISTRIBUTION_MULTI_BLOCK of the compute cluster. Default: none."""

    capacity_reservation_id: pulumi.Input[str] | None = None
    """OCID of a capacity reservation in the same availability domain. Default: on-demand capacity."""

    host_group_id: pulumi.Input[str] | None = None
    """OCID of a host group; needs the policy `{HOST_GROUP_LAUNCH_INSTANCE}`. Default: none."""

    fault_domains: Sequence[str] | None = None
    """FAULT-DOMAIN-1 to FAULT-DOMAIN-3. Default: any."""

    preemptible: bool | None = None
    """Whether nodes are capacity that OCI may take back. Default: no; bare metal cannot be."""

    size_owner: str | None = None
    """Who says how many nodes there are. `fixed`: `nodes` does, always. `external`: `nodes` does as the pool is made;
    from then on the program leaves the size to an autoscaler of yours, within the bounds. Default: fixed."""

    min_nodes: int | None = None
    """Fewest nodes; with size_owner external only, and then required."""

    max_nodes: int | None = None
    """Most nodes; with size_owner external only, and then required."""

    max_pods: int | None = None
    """Pods of a node, 1 to 110. Default: 64."""

    boot_volume_gib: int | None = None
    """Boot volume in GiB, 50 to 32,768. Default: 512. Its performance is no field of node pools: 10 VPU a GB."""

    boot_volume_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key of boot volumes. Default: Oracle's own key."""

    nvme_raid: int | None = None
    """RAID level of the local drives at /mnt/nvme: 10 survives a drive, 0 has twice the space. Default: 10."""

    node_packages_url: str | None = None
    """Https address of an apt repository with OKE's node packages. Default: those in the image, and none else."""

    labels: Mapping[str, str] | None = None
    """Labels of new nodes, beside the pool's own."""

    taints: Sequence[str] | None = None
    """Further taints of new nodes, as `key=value:Effect`; OKE itself sets `amd.com/gpu`. Default: none."""

    kubelet_arguments: Mapping[str, str] | None = None
    """Kubelet arguments of new nodes, by name without dashes. Default: OKE's own."""

    node_cycling: bool | None = None
    """Whether a change of image, version or boot script renews the boot volumes of nodes that are there, one node at
    a time and without a spare. Default: yes; with no, it reaches new nodes only."""

    eviction_minutes: int | None = None
    """How long a node is drained, 0 to 60 minutes. Default: 60. Then deletion goes on, and renewal stops and fails."""

    ssh_public_key: pulumi.Input[str] | None = None
    """SSH public key of the nodes. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the pool, its nodes and its compute cluster."""
