"""A pool of GPU nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import containerengine, core

from components.cluster.pool_parts import eviction, node_labels, placements, pod_network, size_options
from components.options import child
from facts.kubernetes import GPU_MAX_PODS
from facts.problem import refuse

from .gpu_pool_plan import PoolPlan, plan_pool
from .node_image import NodeImage, NodeImageArgs

BOOT_VOLUME_GIB = 512
EVICTION_MINUTES = 60
CYCLE_MODE = "BOOT_VOLUME_REPLACE"


@dataclass(frozen=True, kw_only=True)
class GpuPoolArgs:
    """GPU nodes in a managed node pool, joined by RDMA in a compute cluster."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment, of the pool and its compute cluster alike."""

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


class GpuPool(pulumi.ComponentResource):
    """A managed pool of bare-metal GPU nodes in one RDMA network.

    Replacing anything deletes first: there is never a spare MI300X. Node pools have no field for plugins of the
    cloud agent, which give the RDMA interfaces their addresses; that the image enables them is unverified.
    """

    pool_id: pulumi.Output[str]
    """OCID of the node pool."""

    compute_cluster_id: pulumi.Output[str | None]
    """OCID of the compute cluster; None without RDMA."""

    def __init__(self, name: str, args: GpuPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        plan = plan_pool(args, name)
        refuse(plan.problems, f"the GPU pool {name}")
        super().__init__("genai:index:GpuPool", name, {}, opts)
        compute_cluster_id = self._compute_cluster(name, args) if plan.rdma else None
        pool = containerengine.NodePool(
            f"{name}-pool",
            _pool(name, args, plan, self._image(name, args, plan.shape), compute_cluster_id),
            opts=child(self, _pool_options(args)),
        )
        self.pool_id = pool.id
        self.compute_cluster_id = pulumi.Output.from_input(compute_cluster_id)
        self.register_outputs({"poolId": self.pool_id, "computeClusterId": self.compute_cluster_id})

    def _compute_cluster(self, name: str, args: GpuPoolArgs) -> pulumi.Output[str]:
        constraint = args.placement_constraint
        cluster = core.ComputeCluster(
            f"{name}-rdma",
            core.ComputeClusterArgs(
                compartment_id=args.compartment_id,
                availability_domain=args.availability_domains[0],
                display_name=f"{name}-rdma",
                placement_constraint_details=core.ComputeClusterPlacementConstraintDetailsArgs(
                    type="COMPUTE_CLUSTER", logical_placement_constraint=constraint
                )
                if constraint
                else None,
                freeform_tags=args.tags,
            ),
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        return cluster.id

    def _image(self, name: str, args: GpuPoolArgs, shape: str) -> pulumi.Input[str]:
        if args.image_id is not None:
            return args.image_id
        imported = NodeImage(
            f"{name}-image",
            NodeImageArgs(
                compartment_id=args.compartment_id,
                image_name=args.image_name or "",
                url=args.image_url or "",
                shapes=[shape],
                tags=args.tags,
            ),
            opts=child(self),
        )
        return imported.image_id


def _pool(
    name: str,
    args: GpuPoolArgs,
    plan: PoolPlan,
    image_id: pulumi.Input[str],
    compute_cluster_id: pulumi.Output[str] | None,
) -> "containerengine.NodePoolArgs":
    minutes = EVICTION_MINUTES if args.eviction_minutes is None else args.eviction_minutes
    return containerengine.NodePoolArgs(
        name=args.pool_name or name,
        compartment_id=args.compartment_id,
        cluster_id=args.cluster_id,
        kubernetes_version=args.kubernetes_version,
        node_shape=plan.shape,
        node_source_details=containerengine.NodePoolNodeSourceDetailsArgs(
            source_type="IMAGE",
            image_id=image_id,
            boot_volume_size_in_gbs=str(args.boot_volume_gib or BOOT_VOLUME_GIB),
        ),
        node_config_details=_nodes(args, compute_cluster_id),
        initial_node_labels=node_labels(args.pool_name or name, args.labels),
        node_metadata=plan.metadata,
        node_eviction_node_pool_settings=eviction(minutes, force_delete=True, force_action=False),
        node_pool_cycling_details=containerengine.NodePoolNodePoolCyclingDetailsArgs(
            is_node_cycling_enabled=args.node_cycling is not False,
            cycle_modes=[CYCLE_MODE],
            maximum_surge="0",
            maximum_unavailable="1",
        ),
        ssh_public_key=args.ssh_public_key,
        freeform_tags=args.tags,
    )


def _nodes(
    args: GpuPoolArgs, compute_cluster_id: pulumi.Output[str] | None
) -> "containerengine.NodePoolNodeConfigDetailsArgs":
    return containerengine.NodePoolNodeConfigDetailsArgs(
        size=args.nodes,
        nsg_ids=args.nsg_ids,
        kms_key_id=args.boot_volume_key_id,
        compute_cluster_id=compute_cluster_id,
        freeform_tags=args.tags,
        placement_configs=placements(
            args.availability_domains,
            args.subnet_id,
            fault_domains=args.fault_domains,
            capacity_reservation_id=args.capacity_reservation_id,
            host_group_id=args.host_group_id,
            preemptible=args.preemptible,
        ),
        node_pool_pod_network_option_details=pod_network(
            args.pod_subnet_ids, args.pod_nsg_ids, args.max_pods or GPU_MAX_PODS
        ),
    )


def _pool_options(args: GpuPoolArgs) -> pulumi.ResourceOptions:
    # A bare-metal node takes half an hour to boot, and up to an hour to drain; renewal goes node by node.
    renewal = 120 + 90 * (args.max_nodes or args.nodes)
    return pulumi.ResourceOptions.merge(
        size_options(args.size_owner),
        pulumi.ResourceOptions(
            delete_before_replace=True,
            custom_timeouts=pulumi.CustomTimeouts(create="3h", update=f"{renewal}m", delete="3h"),
        ),
    )
