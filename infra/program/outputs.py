"""The outputs of layers. Each is created by the layer of its name and used by later layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.cluster.system_pool import SystemPool
from components.gpu.cluster_network_pool import ClusterNetworkPool
from components.gpu.gpu_pool import GpuPool
from facts.policies import DynamicGroup, Group

from .context import Ids

Logged = Mapping[str, pulumi.Output[str]]
"""What writes logs, by service of OCI Logging: its OCID."""


@dataclass(frozen=True, kw_only=True)
class TagsLayer:
    """The defined tags of every resource. They are empty without `governance.tags`."""

    values: Mapping[str, str]
    """Values by `NAMESPACE.KEY`."""

    keys: Sequence[pulumi.Resource]
    """What must exist before a resource has the tags; empty for an existing namespace."""

    key_ids: pulumi.Output[Mapping[str, str]] | None
    """OCIDs of the keys that the program created, by name."""


@dataclass(frozen=True, kw_only=True)
class IdentityLayer:
    """Groups and dynamic groups. They are empty if the program does not manage identity."""

    groups: Mapping[str, Group]
    """Groups of people by role."""

    principals: Mapping[str, DynamicGroup]
    """Dynamic groups by name."""

    principal_ids: Ids | None
    """OCIDs of the dynamic groups by name. None if the program does not manage identity."""

    named: Sequence[pulumi.Resource] = ()
    """Both kinds, for `write_policy`: IAM refuses a statement about a group that does not exist yet."""

    ready: list[pulumi.Resource]
    """Resources that must exist before a service or principal uses a grant."""


@dataclass(frozen=True, kw_only=True)
class VaultLayer:
    """Keys and secrets; empty without a vault."""

    vault_id: pulumi.Output[str] | None
    key_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the keys by purpose: storage, volumes, databases, secrets. If there are several, the newest."""

    secret_ids: Mapping[str, pulumi.Output[str]]
    """OCIDs of the generated secrets, by their names in the settings."""

    ready: list[pulumi.Resource]
    """Resources that must exist before a key is used."""


@dataclass(frozen=True, kw_only=True)
class NetworkLayer:
    """The VCN, its subnets and security groups, and the bastion."""

    vcn_id: pulumi.Output[str]
    elsewhere: str
    """OCID of its compartment, if it is an existing network in another compartment than the environment's. Else
    empty."""

    subnet_ids: Ids
    service_cidr: pulumi.Output[str]
    """Label of the region's Oracle services."""

    api_cidr: str
    """CIDR of the subnet of the Kubernetes API endpoint. OKE's workload identity answers there too."""

    cidrs: Sequence[str]
    """CIDRs of the VCN."""

    group_ids: Ids
    """OCIDs of the program's own security groups by name."""

    joined: Mapping[str, Sequence[str]]
    """OCIDs of existing security groups that members join too, by the name of their own group."""

    bastion_id: pulumi.Output[str] | None
    ready: list[pulumi.Resource]
    """Resources that must exist before the API endpoint is used, including rules that change in the same run."""

    def groups(self, *names: str) -> list[pulumi.Input[str]]:
        """OCIDs of the security groups of a member of these groups."""
        own: list[pulumi.Input[str]] = [self.group_ids[name] for name in names]
        return [*own, *dict.fromkeys(each for name in names for each in self.joined.get(name, ()))]


@dataclass(frozen=True, kw_only=True)
class Backends:
    """The addresses where the cluster's own balancers continue from the edge's balancer."""

    addresses: pulumi.Output[Mapping[str, str]]
    """Reserved private addresses by backend set, or their OCIDs, depending on the settings."""

    subnet_id: pulumi.Output[str]
    """Subnet of the addresses."""

    group_ids: Sequence[pulumi.Input[str]]
    """Security groups that let the edge's balancer in, and let the cluster's balancers reach nodes and pods."""


@dataclass(frozen=True, kw_only=True)
class NetworkEdgeLayer:
    """Outputs of the edge for users, and the backends behind it."""

    outputs: Mapping[str, pulumi.Output[object]]
    """`address`, `loadBalancerId`, `backendAddresses`, `firewallPolicyId`, `nameServers`. Parts that are not in the
    settings are missing."""

    backends: Backends | None
    """None without a balancer."""

    logged: Logged
    """The balancer and its firewall."""


@dataclass(frozen=True, kw_only=True)
class StorageLayer:
    """Buckets and file systems."""

    bucket_names: Mapping[str, pulumi.Output[str]]
    """Full names of the buckets, by their names in the settings."""

    namespace: pulumi.Output[str] | None
    """Namespace of Object Storage. None without buckets."""

    logged: Logged
    """The mount target of File Storage."""

    outputs: Mapping[str, object]
    """`copies`, `volumeIds`, `lustre`, `fileStorage`. Parts that are not in the settings are missing."""


@dataclass(frozen=True, kw_only=True)
class ClusterLayer:
    """The cluster, and access to its API."""

    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    pools: Mapping[str, SystemPool]
    """The CPU pools, by their names in the settings."""

    ready: list[pulumi.Resource]
    """Resources that must exist before pods can run."""


@dataclass(frozen=True, kw_only=True)
class GpuLayer:
    """The GPU pools."""

    pools: Mapping[str, GpuPool | ClusterNetworkPool]
    """The pools, by their names in the settings: managed ones and those in cluster networks."""


@dataclass(frozen=True, kw_only=True)
class PlatformLayer:
    """What must exist in the cluster before the models."""

    charts: Mapping[str, pulumi.Output[str]]
    """Namespaces of the installed charts, by key. Known when the release is ready."""

    before_models: Sequence[pulumi.Output[object]]
    """Outputs that are known when the kinds and classes for the models' objects exist."""

    teams: Mapping[str, pulumi.Output[str]]
    """The teams' namespaces. Known when their quotas exist."""

    vault_store: pulumi.Output[str] | None
    """Name of the secret store for the vault. Known when the store exists; None without external-secrets."""


@dataclass(frozen=True, kw_only=True)
class ServingLayer:
    """The models."""

    endpoints: Mapping[str, pulumi.Output[str]]
    """Address of each model in the cluster. The OpenAI-compatible API is at /v1."""

    routes: Mapping[str, pulumi.Output[str]]
    """Address of each model's router in the cluster. Empty without routers."""

    ready: Mapping[str, pulumi.Output[str]]
    """Address of each Service of models and candidates by its name, known when its engines are ready."""
