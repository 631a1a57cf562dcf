"""A pool of GPU nodes in a cluster network."""

from collections.abc import Sequence

import pulumi
from pulumi_oci import core

from components.cluster.cluster_access import ClusterEntry, cluster_entry
from components.options import child
from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_MAX_PODS
from facts.problem import refuse

from .cluster_network_pool_args import ClusterNetworkPoolArgs
from .gpu_nodes_args import BOOT_VOLUME_GIB
from .gpu_pool_plan import PoolPlan, plan_network_pool
from .node_image import pool_image
from .self_managed import AGENT_PLUGINS, join_metadata


class ClusterNetworkPool(CheckedArgs, pulumi.ComponentResource):
    """A pool of bare-metal GPU nodes in a cluster network. The nodes are self-managed: they join the cluster by
    themselves, and OKE does not know them as a pool.

    Oracle documents as unsupported there: OKE's cluster autoscaler, node cycling, an upgrade in place, and images other
    than OKE's and Ubuntu. A change of image, version, labels, taints or boot script makes a new instance configuration,
    and applies only to new nodes: replace the existing nodes by hand (docs/pools.md). The nodes outlive their cluster,
    so they are deleted before it. The members of a dynamic group with the instances need the permission
    `{CLUSTER_JOIN}`.
    """

    pool_id: pulumi.Output[str]
    """OCID of the instance pool of the cluster network."""

    cluster_network_id: pulumi.Output[str]
    """OCID of the cluster network."""

    instance_configuration_id: pulumi.Output[str]
    """OCID of the instance configuration of new nodes."""

    def __init__(
        self, name: str, args: ClusterNetworkPoolArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        plan = plan_network_pool(args, name)
        refuse(plan.problems, f"the cluster network {name}")
        super().__init__("genai:index:ClusterNetworkPool", name, {}, opts)
        entry = cluster_entry(
            args.cluster_id, path=f"{name}.clusterId", opts=pulumi.InvokeOutputOptions(parent=self)
        )
        image_id = pool_image(self, name, args, plan.shape)
        # The new configuration is created first, because the pool still uses the old one.
        configuration = core.InstanceConfiguration(
            f"{name}-nodes",
            core.InstanceConfigurationArgs(
                compartment_id=args.compartment_id,
                display_name=args.pool_name or name,
                instance_details=core.InstanceConfigurationInstanceDetailsArgs(
                    instance_type="compute", launch_details=_launch(name, args, plan, image_id, entry)
                ),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        network = core.ClusterNetwork(
            f"{name}-network",
            _network(name, args, configuration.id),
            opts=child(self, _network_options(args)),
        )
        self.pool_id = network.instance_pools.apply(lambda pools: pools[0].id or "")
        self.cluster_network_id = network.id
        self.instance_configuration_id = configuration.id
        self.register_outputs(
            {
                "poolId": self.pool_id,
                "clusterNetworkId": self.cluster_network_id,
                "instanceConfigurationId": self.instance_configuration_id,
            }
        )


def _launch(
    name: str,
    args: ClusterNetworkPoolArgs,
    plan: PoolPlan,
    image_id: pulumi.Input[str],
    entry: ClusterEntry,
) -> "core.InstanceConfigurationInstanceDetailsLaunchDetailsArgs":
    return core.InstanceConfigurationInstanceDetailsLaunchDetailsArgs(
        compartment_id=args.compartment_id,
        shape=plan.shape,
        capacity_reservation_id=args.capacity_reservation_id,
        source_details=core.InstanceConfigurationInstanceDetailsLaunchDetailsSourceDetailsArgs(
            source_type="image",
            image_id=image_id,
            boot_volume_size_in_gbs=str(args.boot_volume_gib or BOOT_VOLUME_GIB),
            kms_key_id=args.boot_volume_key_id,
        ),
        create_vnic_details=core.InstanceConfigurationInstanceDetailsLaunchDetailsCreateVnicDetailsArgs(
            subnet_id=args.subnet_id, nsg_ids=args.nsg_ids, assign_public_ip=False
        ),
        agent_config=_agent([*AGENT_PLUGINS, *(args.agent_plugins or ())]),
        instance_options=core.InstanceConfigurationInstanceDetailsLaunchDetailsInstanceOptionsArgs(
            are_legacy_imds_endpoints_disabled=True
        ),
        metadata={
            **plan.metadata,
            **join_metadata(
                entry,
                pool=args.pool_name or name,
                labels=args.labels,
                max_pods=args.max_pods or GPU_MAX_PODS,
                pod_subnet_ids=args.pod_subnet_ids,
                pod_nsg_ids=args.pod_nsg_ids,
                ssh_public_key=args.ssh_public_key,
            ),
        },
        freeform_tags=args.tags,
    )


def _agent(plugins: Sequence[str]) -> "core.InstanceConfigurationInstanceDetailsLaunchDetailsAgentConfigArgs":
    return core.InstanceConfigurationInstanceDetailsLaunchDetailsAgentConfigArgs(
        are_all_plugins_disabled=False,
        is_management_disabled=False,
        is_monitoring_disabled=False,
        plugins_configs=[
            core.InstanceConfigurationInstanceDetailsLaunchDetailsAgentConfigPluginsConfigArgs(
                name=each, desired_state="ENABLED"
            )
            for each in plugins
        ],
    )


def _network(
    name: str, args: ClusterNetworkPoolArgs, configuration_id: pulumi.Output[str]
) -> "core.ClusterNetworkArgs":
    return core.ClusterNetworkArgs(
        compartment_id=args.compartment_id,
        display_name=args.pool_name or name,
        instance_pools=[
            core.ClusterNetworkInstancePoolArgs(
                display_name=args.pool_name or name,
                instance_configuration_id=configuration_id,
                size=args.nodes,
                freeform_tags=args.tags,
            )
        ],
        placement_configuration=core.ClusterNetworkPlacementConfigurationArgs(
            availability_domain=args.availability_domain,
            placement_constraint=args.placement_constraint,
            primary_vnic_subnets=core.ClusterNetworkPlacementConfigurationPrimaryVnicSubnetsArgs(
                subnet_id=args.subnet_id
            ),
        ),
        freeform_tags=args.tags,
    )


def _network_options(args: ClusterNetworkPoolArgs) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        delete_before_replace=True,
        # A node that is deleted by mistake may not come back: its capacity goes to someone else.
        protect=bool(args.protect),
        custom_timeouts=pulumi.CustomTimeouts(create="3h", update="3h", delete="3h"),
    )
