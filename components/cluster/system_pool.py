"""A node pool without GPUs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import containerengine

from components.options import child
from facts.checked_args import CheckedArgs
from facts.kubernetes import flexible_max_pods
from facts.problem import Problem, refuse

from .boot_script import BootSettings, boot_metadata, metadata_problems
from .credential_provider import CredentialProviderArgs, provider_arguments, provider_problems
from .pool_parts import (
    HARDENED_METADATA,
    eviction,
    kubelet_metadata,
    node_labels,
    placements,
    pod_network,
    size_options,
)
from .pool_rules import label_problems, placement_problems, taint_problems
from .system_pool_rules import SHAPE, drain_minutes_of, memory_gib_of, ocpus_of, system_pool_problems

BOOT_VOLUME_GIB = 100


@dataclass(frozen=True, kw_only=True)
class SystemPoolArgs:
    """CPU nodes for the cluster's own pods, gateways and routers, which do not run on GPU nodes."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    cluster_id: pulumi.Input[str]
    """OCID of the cluster. A change replaces the pool."""

    kubernetes_version: str
    """Version of new nodes, e.g. `v1.36.1`. It may be up to three minor versions behind the control plane."""

    image_id: pulumi.Input[str]
    """OCID of the node image in the region: OKE's Oracle Linux image of the same Kubernetes version, or an Ubuntu image
    with OKE's packages of that version. Nodes with another system cannot join."""

    nodes: int
    """Nodes in the pool, 1 or more, distributed over the availability domains."""

    availability_domains: Sequence[pulumi.Input[str]]
    """Names of one or more availability domains, e.g. `Uocm:PHX-AD-1`."""

    subnet_id: pulumi.Input[str]
    """OCID of the nodes' regional subnet."""

    pod_subnet_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the subnets from which pods get their addresses."""

    nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the nodes' security groups. Default: none."""

    pod_nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the pods' security groups. Default: none."""

    pool_name: str | None = None
    """Name of the pool in OCI, and value of the nodes' label genai-playground/pool. Default: the component's name."""

    shape: str | None = None
    """Flexible shape of a node. Default: VM.Standard.E5.Flex."""

    ocpus: int | None = None
    """OCPUs of a node. Default: 4."""

    memory_gib: int | None = None
    """Memory of a node in GiB. Default: 16."""

    size_owner: str | None = None
    """Who sets the number of nodes. `fixed`: always `nodes`. `autoscaler`, `external`: `nodes` is the number at
    creation; after that, the component ClusterAutoscaler or your own autoscaler sets the number within the bounds, and
    the program does not change it. Default: fixed."""

    credential_provider: CredentialProviderArgs | None = None
    """The program with which new nodes log in to OCI's registry as themselves. Default: none."""

    scheduled: bool | None = None
    """Whether a PoolSchedule stops and starts the pool. `nodes` is then the number at creation, and the program does
    not change it later: the schedule does. Only with size_owner fixed. Default: no."""

    min_nodes: int | None = None
    """Fewest nodes. Required with size_owner autoscaler and external, not allowed otherwise."""

    max_nodes: int | None = None
    """Most nodes. Required with size_owner autoscaler and external, not allowed otherwise."""

    fault_domains: Sequence[str] | None = None
    """FAULT-DOMAIN-1 to FAULT-DOMAIN-3. Default: OKE distributes the nodes over all of them."""

    max_pods: int | None = None
    """Most pods of a node. Default: the limit of the shape, 31 for each network card except the node's own; 110 at
    most."""

    boot_volume_gib: int | None = None
    """Boot volume in GiB, 50 to 32,768. Default: 100."""

    boot_volume_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key of boot volumes. Default: Oracle's own key."""

    preemptible: bool | None = None
    """Whether nodes are preemptible: OCI may terminate them, and they cost less. Default: no."""

    encrypt_in_transit: bool | None = None
    """Whether data is encrypted on its way between a node and its boot volume. The image must support paravirtualized
    volumes. A change concerns new nodes. Default: yes."""

    eviction_minutes: int | None = None
    """Longest time to drain a node, 0 to 60 minutes. Streams through a router on the node may run so long. Default:
    15."""

    labels: Mapping[str, str] | None = None
    """Labels of new nodes, in addition to the pool's own."""

    taints: Sequence[str] | None = None
    """Taints of new nodes, as `key=value:Effect`. Default: none."""

    ssh_public_key: pulumi.Input[str] | None = None
    """SSH public key of the nodes. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the pool and its nodes."""


class SystemPool(CheckedArgs, pulumi.ComponentResource):
    """A managed pool of virtual machines. Renewal replaces one node at a time and first adds a spare node."""

    pool_id: pulumi.Output[str]
    """OCID of the node pool."""

    def __init__(self, name: str, args: SystemPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the pool {name}")
        super().__init__("genai:index:SystemPool", name, {}, opts)
        timeouts = pulumi.CustomTimeouts(create="60m", update="4h", delete="2h")
        pool = containerengine.NodePool(
            f"{name}-pool",
            _pool(name, args),
            opts=child(
                self,
                pulumi.ResourceOptions.merge(
                    size_options(args.size_owner, scheduled=args.scheduled),
                    pulumi.ResourceOptions(custom_timeouts=timeouts),
                ),
            ),
        )
        self.pool_id = pool.id
        self.register_outputs({"poolId": self.pool_id})


def _pool(name: str, args: SystemPoolArgs) -> "containerengine.NodePoolArgs":
    return containerengine.NodePoolArgs(
        name=args.pool_name or name,
        compartment_id=args.compartment_id,
        cluster_id=args.cluster_id,
        kubernetes_version=args.kubernetes_version,
        node_shape=args.shape or SHAPE,
        node_shape_config=containerengine.NodePoolNodeShapeConfigArgs(
            ocpus=float(ocpus_of(args)), memory_in_gbs=float(memory_gib_of(args))
        ),
        node_source_details=containerengine.NodePoolNodeSourceDetailsArgs(
            source_type="IMAGE",
            image_id=args.image_id,
            boot_volume_size_in_gbs=str(args.boot_volume_gib or BOOT_VOLUME_GIB),
        ),
        node_config_details=_nodes(args),
        initial_node_labels=node_labels(args.pool_name or name, args.labels),
        node_metadata=_metadata(args),
        node_eviction_node_pool_settings=eviction(
            drain_minutes_of(args), force_delete=True, force_action=True
        ),
        node_pool_cycling_details=containerengine.NodePoolNodePoolCyclingDetailsArgs(
            is_node_cycling_enabled=True,
            cycle_modes=["INSTANCE_REPLACE"],
            maximum_surge="1",
            maximum_unavailable="0",
        ),
        ssh_public_key=args.ssh_public_key,
        freeform_tags=args.tags,
    )


def _metadata(args: SystemPoolArgs) -> dict[str, str]:
    provider = args.credential_provider
    others = {**HARDENED_METADATA, **kubelet_metadata(args.taints, provider_arguments(provider))}
    settings = BootSettings(kubernetes_version=args.kubernetes_version, credential_provider=provider)
    return boot_metadata(settings, others)


def _nodes(args: SystemPoolArgs) -> "containerengine.NodePoolNodeConfigDetailsArgs":
    most_pods = flexible_max_pods(ocpus_of(args))
    return containerengine.NodePoolNodeConfigDetailsArgs(
        size=args.nodes,
        nsg_ids=args.nsg_ids,
        kms_key_id=args.boot_volume_key_id,
        is_pv_encryption_in_transit_enabled=args.encrypt_in_transit is not False,
        freeform_tags=args.tags,
        placement_configs=placements(
            args.availability_domains,
            args.subnet_id,
            fault_domains=args.fault_domains,
            preemptible=args.preemptible,
        ),
        node_pool_pod_network_option_details=pod_network(
            args.pod_subnet_ids, args.pod_nsg_ids, args.max_pods or most_pods
        ),
    )


def _problems(args: SystemPoolArgs, name: str) -> Iterator[Problem]:
    found = [*_plain_problems(args, name)]
    yield from found
    if not found:  # Invalid values cannot form a script.
        yield from metadata_problems(_metadata(args), path=f"{name}.taints")


def _plain_problems(args: SystemPoolArgs, name: str) -> Iterator[Problem]:
    yield from placement_problems(
        len(args.availability_domains), args.fault_domains or (), size_owner=args.size_owner, path=name
    )
    yield from provider_problems(args.credential_provider, path=f"{name}.credentialProvider")
    yield from label_problems(args.labels or {}, path=name)
    yield from taint_problems(args.taints or (), path=name)
    yield from system_pool_problems(args, kubernetes_version=args.kubernetes_version, path=name)
