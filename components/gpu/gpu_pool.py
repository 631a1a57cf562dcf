"""A pool of GPU nodes."""

import pulumi
from pulumi_oci import containerengine, core

from components.cluster.pool_parts import eviction, node_labels, placements, pod_network, size_options
from components.options import child
from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_MAX_PODS, MAX_EVICTION_MINUTES
from facts.problem import refuse

from .gpu_nodes_args import BOOT_VOLUME_GIB
from .gpu_pool_args import GpuPoolArgs
from .gpu_pool_plan import PoolPlan, plan_pool
from .node_image import pool_image

CYCLE_MODE = "BOOT_VOLUME_REPLACE"


class GpuPool(CheckedArgs, pulumi.ComponentResource):
    """A managed pool of bare-metal GPU nodes in one RDMA network.

    A replacement deletes first, because there is no spare MI300X. Node pools have no field for the plugins of the cloud
    agent, which assign addresses to the RDMA interfaces. It is unverified that the image enables these plugins.
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
            _pool(name, args, plan, pool_image(self, name, args, plan.shape), compute_cluster_id),
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
            # Not deleted first: its pool uses it until the pool itself is replaced.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=False, protect=bool(args.protect))),
        )
        return cluster.id


def _pool(
    name: str,
    args: GpuPoolArgs,
    plan: PoolPlan,
    image_id: pulumi.Input[str],
    compute_cluster_id: pulumi.Output[str] | None,
) -> "containerengine.NodePoolArgs":
    minutes = MAX_EVICTION_MINUTES if args.eviction_minutes is None else args.eviction_minutes
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
    # A bare-metal node boots in half an hour and drains in up to an hour. Renewal replaces one node after the other.
    renewal = 120 + 90 * (args.max_nodes or args.nodes)
    return pulumi.ResourceOptions.merge(
        size_options(args.size_owner, scheduled=args.scheduled),
        pulumi.ResourceOptions(
            delete_before_replace=True,
            # A node that is deleted by mistake may not come back: its capacity goes to someone else.
            protect=bool(args.protect),
            custom_timeouts=pulumi.CustomTimeouts(create="3h", update=f"{renewal}m", delete="3h"),
        ),
    )
