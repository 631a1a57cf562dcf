"""Arguments of a pool of GPU nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.cluster.credential_provider import CredentialProviderArgs


@dataclass(frozen=True, kw_only=True)
class GpuPoolArgs:
    """GPU nodes in a managed node pool, connected by RDMA in a compute cluster."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment of the pool and its compute cluster."""

    cluster_id: pulumi.Input[str]
    """OCID of an enhanced cluster. A change replaces the pool."""

    kubernetes_version: str
    """Version of new nodes, e.g. `v1.36.1`. It may be up to three minor versions behind the control plane."""

    nodes: int
    """Nodes, 1 or more. A node has all GPUs of its shape. Service limits count GPUs: 8 for each MI300X node."""

    availability_domains: Sequence[pulumi.Input[str]]
    """Names of the availability domains. Only one is allowed with `rdma` or a capacity reservation."""

    subnet_id: pulumi.Input[str]
    """OCID of the nodes' regional subnet."""

    pod_subnet_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the subnets from which pods get their addresses."""

    nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the nodes' security groups, which also apply to pods on the host network. Default: none."""

    pod_nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the security groups of pods with their own address. Default: none."""

    pool_name: str | None = None
    """Name of the pool in OCI, and value of the nodes' label genai-playground/pool. Default: the component's name."""

    shape: str | None = None
    """GPU shape of a node. Default: BM.GPU.MI300X.8."""

    image_id: pulumi.Input[str] | None = None
    """OCID of an imported Ubuntu image with drivers for the GPUs and the RDMA cards. Give either this or
    `image_url`."""

    image_url: pulumi.Input[str] | None = None
    """Object Storage address from which to import the image. The import takes up to an hour and needs `image_name`."""

    image_name: str | None = None
    """Name of the image file. A new name imports another image. The name also shows whether the operating system is
    supported."""

    rdma: bool | None = None
    """Whether nodes join a compute cluster, which is one RDMA network. Principals of type `nodepool` then need the
    permission `{COMPUTE_CLUSTER_LAUNCH_INSTANCE}`. Default: yes."""

    placement_constraint: str | None = None
    """Placement of the compute cluster: SINGLE_TIER, SINGLE_BLOCK or PACKED_DISTRIBUTION_MULTI_BLOCK. Default: none."""

    capacity_reservation_id: pulumi.Input[str] | None = None
    """OCID of a capacity reservation in the same availability domain. Default: on-demand capacity."""

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

    max_pods: int | None = None
    """Most pods of a node, 1 to 110. Default: 64."""

    boot_volume_gib: int | None = None
    """Boot volume in GiB, 50 to 32,768. Default: 512. Its performance is 10 VPU per GB: node pools have no field
    for it."""

    boot_volume_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key of boot volumes. Default: Oracle's own key."""

    nvme_raid: int | None = None
    """RAID level of the local drives at /mnt/nvme: 10 survives the loss of a drive, 0 has twice the space. Default:
    10."""

    node_packages_url: str | None = None
    """Https address of an apt repository with OKE's node packages. Default: only the packages in the image."""

    labels: Mapping[str, str] | None = None
    """Labels of new nodes, in addition to the pool's own."""

    taints: Sequence[str] | None = None
    """More taints of new nodes, as `key=value:Effect`. OKE itself sets `amd.com/gpu`. Default: none."""

    credential_provider: CredentialProviderArgs | None = None
    """The program with which new nodes log in to OCI's registry as themselves. Default: none."""

    kubelet_arguments: Mapping[str, str] | None = None
    """Kubelet arguments of new nodes, by name without dashes. Default: OKE's own."""

    node_cycling: bool | None = None
    """Whether a change of image, version or boot script replaces the boot volumes of existing nodes, one node at a time
    and without a spare node. With no, it applies only to new nodes. Default: yes."""

    eviction_minutes: int | None = None
    """How long a node is drained, 0 to 60 minutes. After that, a deletion continues, and a renewal stops with an error.
    Default: 60."""

    protect: bool | None = None
    """Whether the pool and its compute cluster are protected from deletion. Default: no."""

    ssh_public_key: pulumi.Input[str] | None = None
    """SSH public key of the nodes. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the pool, its nodes and its compute cluster."""
