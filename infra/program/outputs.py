"""What layers hand to one another: each is made by the layer of its name and asked for by those after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.gpu.gpu_pool import GpuPool
from facts.policies import DynamicGroup, Group

from .context import Ids


@dataclass(frozen=True, kw_only=True)
class IdentityLayer:
    """Who may act; without groups if somebody else grants."""

    groups: Mapping[str, Group]
    """Groups of people by role."""

    principals: Mapping[str, DynamicGroup]
    """Dynamic groups by name."""

    ready: list[pulumi.Resource]
    """What must stand before a service or principal does what it needs a grant for."""


@dataclass(frozen=True, kw_only=True)
class VaultLayer:
    """Keys and secrets; empty without a vault."""

    vault_id: pulumi.Output[str] | None
    key_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the keys by purpose: storage, volumes, databases, secrets; of several, the newest."""

    secret_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the secrets that the vault generated, by their names in the settings."""

    ready: list[pulumi.Resource]
    """What must stand before a key is used."""


@dataclass(frozen=True, kw_only=True)
class NetworkLayer:
    """Where things stand, and what opens the way to them."""

    vcn_id: pulumi.Output[str]
    subnet_ids: Ids
    api_cidr: str
    """Of the subnet of the Kubernetes API endpoint, where OKE's workload identity answers too."""

    group_ids: Ids
    bastion_id: pulumi.Output[str] | None
    ready: list[pulumi.Resource]
    """What must stand before the API endpoint is reached: rules that change in the same run, too."""


@dataclass(frozen=True, kw_only=True)
class Backends:
    """Where the cluster's own balancers take over from the edge's."""

    addresses: pulumi.Output[Mapping[str, str]]
    """Reserved private addresses by backend set, or their OCIDs, as the settings say."""

    subnet_id: pulumi.Output[str]
    """Of the addresses."""

    group_ids: Sequence[pulumi.Output[str]]
    """What lets the edge's balancer in, and lets the cluster's reach nodes and pods."""


@dataclass(frozen=True, kw_only=True)
class NetworkEdgeLayer:
    """What users need of the edge, and what stands behind it."""

    outputs: Mapping[str, pulumi.Output[object]]
    """`address`, `loadBalancerId`, `backendAddresses`, `firewallPolicyId`, `nameServers`; what the settings leave
    out is missing."""

    backends: Backends | None
    """None without a balancer."""


@dataclass(frozen=True, kw_only=True)
class StorageLayer:
    """Buckets and file systems."""

    bucket_names: Mapping[str, pulumi.Output[str]]
    """Full names of the buckets by their names in the settings."""

    outputs: Mapping[str, object]
    """`copies`, `volumeIds`, `lustre`, `fileStorage`: what the settings leave out is missing."""


@dataclass(frozen=True, kw_only=True)
class ClusterLayer:
    """The cluster, and the way to its API."""

    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    ready: list[pulumi.Resource]
    """What must stand before pods can run."""


@dataclass(frozen=True, kw_only=True)
class GpuLayer:
    """The GPU pools."""

    pools: Mapping[str, GpuPool]
    """The pools by their names in the settings."""


@dataclass(frozen=True, kw_only=True)
class PlatformLayer:
    """What stands in the cluster before models do."""

    charts: Mapping[str, pulumi.Output[str]]
    """Namespaces of the charts that are on, by key; known once the release is ready."""

    before_models: Sequence[pulumi.Output[object]]
    """Known once the kinds and classes are there that the models' objects use."""

    teams: Mapping[str, pulumi.Output[str]]
    """The teams' namespaces, known once their quotas stand."""

    vault_store: pulumi.Output[str] | None
    """Name of the store that reads the vault, known once it stands; None without external-secrets."""


@dataclass(frozen=True, kw_only=True)
class ServingLayer:
    """The models."""

    endpoints: Mapping[str, pulumi.Output[str]]
    """Where the cluster reaches each model; the OpenAI-compatible API begins at /v1."""
