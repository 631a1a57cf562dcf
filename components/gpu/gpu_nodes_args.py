"""The arguments that all pools of GPU nodes share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.cluster.credential_provider import CredentialProviderArgs

BOOT_VOLUME_GIB = 512


@dataclass(frozen=True, kw_only=True)
class GpuNodesArgs:
    """GPU nodes: their network, image, boot script and labels."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment of the pool and its RDMA network."""

    cluster_id: pulumi.Input[str]
    """OCID of an enhanced cluster. A change replaces the nodes."""

    kubernetes_version: str
    """Version of new nodes, e.g. `v1.36.1`. It may be up to three minor versions behind the control plane."""

    nodes: int
    """Nodes, 1 or more. A node has all GPUs of its shape. Service limits count GPUs: 8 for each MI300X node."""

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

    placement_constraint: str | None = None
    """Placement in the RDMA network: SINGLE_TIER, SINGLE_BLOCK or PACKED_DISTRIBUTION_MULTI_BLOCK. Default: none."""

    capacity_reservation_id: pulumi.Input[str] | None = None
    """OCID of a capacity reservation in the same availability domain. Default: on-demand capacity."""

    max_pods: int | None = None
    """Most pods of a node, 1 to 110. Default: 64."""

    boot_volume_gib: int | None = None
    """Boot volume in GiB, 50 to 32,768. Default: 512. Its performance is 10 VPU per GB."""

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

    protect: bool | None = None
    """Whether the pool and its RDMA network are protected from deletion. Default: no."""

    ssh_public_key: pulumi.Input[str] | None = None
    """SSH public key of the nodes. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the pool, its nodes and its RDMA network."""
