"""The parts that every managed node pool is made of."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_oci import containerengine

from .pool_rules import EXTERNAL

POOL_LABEL = "genai-playground/pool"
"""Label of every node of a pool; its value is the pool's name. Workloads select nodes by it."""

HARDENED_METADATA: Mapping[str, str] = {"areLegacyImdsEndpointsDisabled": "true"}
"""Version 1 of the metadata service answers any request from a pod; version 2 wants a header."""


def placements(
    availability_domains: Sequence[pulumi.Input[str]],
    subnet_id: pulumi.Input[str],
    *,
    fault_domains: Sequence[str] | None = None,
    capacity_reservation_id: pulumi.Input[str] | None = None,
    host_group_id: pulumi.Input[str] | None = None,
    preemptible: bool | None = None,
) -> "list[containerengine.NodePoolNodeConfigDetailsPlacementConfigArgs]":
    """One placement for each availability domain."""
    return [
        containerengine.NodePoolNodeConfigDetailsPlacementConfigArgs(
            availability_domain=availability_domain,
            subnet_id=subnet_id,
            fault_domains=list(fault_domains) if fault_domains else None,
            capacity_reservation_id=capacity_reservation_id,
            host_group_id=host_group_id,
            preemptible_node_config=_preemptible() if preemptible else None,
        )
        for availability_domain in availability_domains
    ]


def _preemptible() -> "containerengine.NodePoolNodeConfigDetailsPlacementConfigPreemptibleNodeConfigArgs":
    action = (
        containerengine.NodePoolNodeConfigDetailsPlacementConfigPreemptibleNodeConfigPreemptionActionArgs(
            type="TERMINATE", is_preserve_boot_volume=False
        )
    )
    return containerengine.NodePoolNodeConfigDetailsPlacementConfigPreemptibleNodeConfigArgs(
        preemption_action=action
    )


def pod_network(
    subnet_ids: Sequence[pulumi.Input[str]],
    nsg_ids: Sequence[pulumi.Input[str]] | None,
    max_pods: int,
) -> "containerengine.NodePoolNodeConfigDetailsNodePoolPodNetworkOptionDetailsArgs":
    """Pods with addresses of the VCN; they carry security groups of their own, not the node's."""
    return containerengine.NodePoolNodeConfigDetailsNodePoolPodNetworkOptionDetailsArgs(
        cni_type="OCI_VCN_IP_NATIVE",
        pod_subnet_ids=subnet_ids,
        pod_nsg_ids=nsg_ids,
        max_pods_per_node=max_pods,
    )


def node_labels(
    pool: str, labels: Mapping[str, str] | None
) -> "list[containerengine.NodePoolInitialNodeLabelArgs]":
    """The pool's own label beside those given, in one order whatever the map's."""
    every = {**(labels or {}), POOL_LABEL: pool}
    return [
        containerengine.NodePoolInitialNodeLabelArgs(key=key, value=value)
        for key, value in sorted(every.items())
    ]


def kubelet_metadata(taints: Sequence[str] | None, arguments: Mapping[str, str] | None) -> dict[str, str]:
    """Kubelet arguments as instance metadata: node pools have no field for them, nor for taints."""
    words = [f"--{name}={value}" for name, value in sorted((arguments or {}).items())]
    if taints:
        words.append(f"--register-with-taints={','.join(taints)}")
    return {"kubelet-extra-args": " ".join(words)} if words else {}


def eviction(
    minutes: int, *, force_delete: bool, force_action: bool
) -> "containerengine.NodePoolNodeEvictionNodePoolSettingsArgs":
    """How long a node is drained, and what follows if pods remain."""
    return containerengine.NodePoolNodeEvictionNodePoolSettingsArgs(
        eviction_grace_duration=f"PT{minutes}M",
        is_force_delete_after_grace_duration=force_delete,
        is_force_action_after_grace_duration=force_action,
    )


def size_options(owner: str | None) -> pulumi.ResourceOptions:
    """Options that leave a pool's size alone where somebody else owns it. None stands for FIXED."""
    return pulumi.ResourceOptions(ignore_changes=["nodeConfigDetails.size"] if owner == EXTERNAL else None)
