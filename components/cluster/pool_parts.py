"""The parts of every managed node pool."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_oci import containerengine

from .pool_rules import program_sizes

POOL_LABEL = "genai-playground/pool"
"""Label of every node of a pool. Its value is the pool's name. Workloads select nodes by it."""

HARDENED_METADATA: Mapping[str, str] = {"areLegacyImdsEndpointsDisabled": "true"}
"""Version 1 of the metadata service answers every request from a pod. Version 2 requires a header."""


def placements(
    availability_domains: Sequence[pulumi.Input[str]],
    subnet_id: pulumi.Input[str],
    *,
    fault_domains: Sequence[str] | None = None,
    capacity_reservation_id: pulumi.Input[str] | None = None,
    host_group_id: pulumi.Input[str] | None = None,
    preemptible: bool | None = None,
) -> "list[containerengine.NodePoolNodeConfigDetailsPlacementConfigArgs]":
    """The placements, one for each availability domain."""
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
    """Pods with addresses of the VCN. They have their own security groups, not the node's."""
    return containerengine.NodePoolNodeConfigDetailsNodePoolPodNetworkOptionDetailsArgs(
        cni_type="OCI_VCN_IP_NATIVE",
        pod_subnet_ids=subnet_ids,
        pod_nsg_ids=nsg_ids,
        max_pods_per_node=max_pods,
    )


def pool_labels(pool: str, labels: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """The pool's own label and the given labels, in a fixed order."""
    return sorted({**(labels or {}), POOL_LABEL: pool}.items())


def node_labels(
    pool: str, labels: Mapping[str, str] | None
) -> "list[containerengine.NodePoolInitialNodeLabelArgs]":
    """The labels of the nodes of a managed pool."""
    return [
        containerengine.NodePoolInitialNodeLabelArgs(key=key, value=value)
        for key, value in pool_labels(pool, labels)
    ]


def kubelet_metadata(taints: Sequence[str] | None, arguments: Mapping[str, str] | None) -> dict[str, str]:
    """Kubelet arguments and taints as instance metadata: node pools have no field for them."""
    words = [f"--{name}={value}" for name, value in sorted((arguments or {}).items())]
    if taints:
        words.append(f"--register-with-taints={','.join(taints)}")
    return {"kubelet-extra-args": " ".join(words)} if words else {}


def eviction(
    minutes: int, *, force_delete: bool, force_action: bool
) -> "containerengine.NodePoolNodeEvictionNodePoolSettingsArgs":
    """How long a node is drained, and what happens if pods remain."""
    return containerengine.NodePoolNodeEvictionNodePoolSettingsArgs(
        eviction_grace_duration=f"PT{minutes}M",
        is_force_delete_after_grace_duration=force_delete,
        is_force_action_after_grace_duration=force_action,
    )


def size_options(owner: str | None, *, scheduled: bool | None = None) -> pulumi.ResourceOptions:
    """Options that ignore changes of a pool's size if the program does not own it. None means FIXED. A schedule owns
    the size of a `scheduled` pool after its creation."""
    ignored = None if program_sizes(owner) and not scheduled else ["nodeConfigDetails.size"]
    return pulumi.ResourceOptions(ignore_changes=ignored)
