"""The OKE cluster."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Protocol

import pulumi
from pulumi_oci import containerengine

from components.network.cidr_plan import cidr_problems
from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.kubernetes import SERVICES_CIDR
from facts.oci_cli import CLI_AUTH_OF
from facts.ocids import parse_ocid
from facts.private_networks import not_private
from facts.problem import Problem, refuse

from .cluster_access import cluster_kubeconfig
from .cluster_addons import AddonArgs, addon_problems, create_addons
from .pool_rules import version_problems

MOST_ENDPOINT_NSGS = 5
MOST_LOAD_BALANCER_SUBNETS = 2
SERVICES_PREFIXES = (12, 27)
"""Prefix lengths with enough addresses for services that still fit beside a VCN."""


@dataclass(frozen=True, kw_only=True)
class OkeClusterArgs:
    """An enhanced cluster whose pods have addresses of the VCN."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment."""

    vcn_id: pulumi.Input[str]
    """OCID of the VCN. A change replaces the cluster."""

    kubernetes_version: str
    """Version of the control plane, e.g. `v1.36.1`. It upgrades one minor version at a time."""

    endpoint_subnet_id: pulumi.Input[str]
    """OCID of the regional subnet of the API endpoint. A public endpoint needs a public subnet. A change replaces the
    cluster."""

    secrets_key_id: pulumi.Input[str]
    """OCID of the vault key (AES) that encrypts Kubernetes secrets. A change replaces the cluster."""

    load_balancer_subnet_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the subnets of load balancers for services, usually one regional subnet. A change replaces the
    cluster."""

    endpoint_nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the API endpoint's security groups, 5 at most. Default: none."""

    public_endpoint: bool | None = None
    """Whether the API endpoint has a public address besides its private address. Default: no."""

    inside: bool | None = None
    """Whether kubeconfig and endpoint use the private address even if there is a public one, for a host in the VCN.
    Default: no."""

    services_cidr: str | None = None
    """Addresses of Kubernetes services, outside the VCN. Default: 10.96.0.0/16. A change replaces the cluster."""

    image_signing_key_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the keys with which images must be signed. Default: unsigned images may run."""

    addons: Mapping[str, AddonArgs] | None = None
    """Add-ons by their OKE name that do not need an existing node, such as settings for CoreDNS. Default: OKE's own.
    Use ClusterAddons for add-ons that run on nodes."""

    tunnel_port: int | None = None
    """Local port of a bastion's tunnel: the kubeconfig's server becomes `https://127.0.0.1:PORT`. Default: none."""

    auth: str | None = None
    """How the kubeconfig's user logs in: the OCI provider's `auth`, e.g. `InstancePrincipal`. If the `oci` CLI does not
    know the value, OKE's login stays. Default: OKE's login, with the CLI's own defaults."""

    config_file_profile: str | None = None
    """Profile of `~/.oci/config` for `auth` ApiKey or SecurityToken. Default: the `oci` CLI's own."""

    protect: bool | None = None
    """Whether the cluster is protected from deletion, and kept when it is removed from the program. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the cluster, and of the volumes and load balancers that Kubernetes creates."""


class OkeCluster(CheckedArgs, pulumi.ComponentResource):
    """An enhanced OKE cluster with VCN-native pods and encrypted secrets."""

    cluster_id: pulumi.Output[str]
    """OCID of the cluster."""

    endpoint: pulumi.Output[str]
    """Host and port of the API: the public address if there is one, otherwise the private address."""

    kubeconfig: pulumi.Output[str]
    """Kubeconfig, as a secret. Its user gets tokens from the `oci` CLI, which must be installed where the kubeconfig is
    used, and logs in with `auth`."""

    def __init__(self, name: str, args: OkeClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(oke_cluster_problems(args, path=name), f"the cluster {name}")
        super().__init__("genai:index:OkeCluster", name, {}, opts)
        timeouts = pulumi.CustomTimeouts(create="60m", update="90m", delete="60m")
        # The new cluster is created first. The objects in the old cluster are deleted through its API, which must still
        # exist, and the engine (3.259) closes its connection to a cluster that it deletes before the replacement.
        options = pulumi.ResourceOptions(custom_timeouts=timeouts, delete_before_replace=False)
        cluster = containerengine.Cluster(
            f"{name}-cluster", _cluster(name, args), opts=stateful(self, args.protect, options)
        )
        create_addons(self, name, cluster.id, args.addons or {})
        self.cluster_id = cluster.id
        self.endpoint = _endpoint(cluster, public=_uses_public_address(args))
        self.kubeconfig = self._kubeconfig(args)
        self.register_outputs(
            {"clusterId": self.cluster_id, "endpoint": self.endpoint, "kubeconfig": self.kubeconfig}
        )

    def _kubeconfig(self, args: OkeClusterArgs) -> pulumi.Output[str]:
        return cluster_kubeconfig(
            self.cluster_id,
            public=_uses_public_address(args),
            tunnel_port=args.tunnel_port,
            auth=args.auth,
            config_file_profile=args.config_file_profile,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )


def _cluster(name: str, args: OkeClusterArgs) -> "containerengine.ClusterArgs":
    return containerengine.ClusterArgs(
        name=name,
        compartment_id=args.compartment_id,
        vcn_id=args.vcn_id,
        kubernetes_version=args.kubernetes_version,
        type="ENHANCED_CLUSTER",
        kms_key_id=args.secrets_key_id,
        cluster_pod_network_options=[
            containerengine.ClusterClusterPodNetworkOptionArgs(cni_type="OCI_VCN_IP_NATIVE")
        ],
        endpoint_config=containerengine.ClusterEndpointConfigArgs(
            subnet_id=args.endpoint_subnet_id,
            nsg_ids=args.endpoint_nsg_ids,
            is_public_ip_enabled=bool(args.public_endpoint),
        ),
        image_policy_config=_image_policy(args.image_signing_key_ids or ()),
        options=_options(args),
        freeform_tags=args.tags,
    )


def _uses_public_address(args: OkeClusterArgs) -> bool:
    return bool(args.public_endpoint) and not args.inside


def _endpoint(cluster: "containerengine.Cluster", *, public: bool) -> pulumi.Output[str]:
    if public:
        return cluster.endpoints.apply(lambda sides: sides[0].public_endpoint or "")
    return cluster.endpoints.apply(lambda sides: sides[0].private_endpoint or "")


def _image_policy(key_ids: Sequence[pulumi.Input[str]]) -> "containerengine.ClusterImagePolicyConfigArgs":
    # Set even if it is off: the provider keeps omitted fields, so removed keys would stay in force.
    keys = [containerengine.ClusterImagePolicyConfigKeyDetailArgs(kms_key_id=key) for key in key_ids]
    return containerengine.ClusterImagePolicyConfigArgs(
        is_policy_enabled=bool(keys), key_details=keys or None
    )


def _options(args: OkeClusterArgs) -> "containerengine.ClusterOptionsArgs":
    return containerengine.ClusterOptionsArgs(
        service_lb_subnet_ids=args.load_balancer_subnet_ids,
        kubernetes_network_config=containerengine.ClusterOptionsKubernetesNetworkConfigArgs(
            services_cidr=args.services_cidr or SERVICES_CIDR
        ),
        persistent_volume_config=containerengine.ClusterOptionsPersistentVolumeConfigArgs(
            freeform_tags=args.tags
        ),
        service_lb_config=containerengine.ClusterOptionsServiceLbConfigArgs(freeform_tags=args.tags),
    )


def oke_cluster_problems(args: OkeClusterArgs, *, path: str) -> Iterator[Problem]:
    """All problems of a cluster's arguments."""
    yield from cluster_problems(
        args,
        secrets_key_id=args.secrets_key_id if isinstance(args.secrets_key_id, str) else None,
        public_endpoint=bool(args.public_endpoint),
        tunnel_port=args.tunnel_port,
        path=path,
    )
    yield from addon_problems(args.addons or {}, path=path)
    if args.auth is not None and args.auth not in CLI_AUTH_OF:
        yield from login_problems(args.auth, path=f"{path}.auth")
    if len(args.endpoint_nsg_ids or ()) > MOST_ENDPOINT_NSGS:
        allowed = f"must be {MOST_ENDPOINT_NSGS} or fewer"
        yield Problem(f"{path}.endpointNsgIds", len(args.endpoint_nsg_ids or ()), allowed)
    if not 1 <= len(args.load_balancer_subnet_ids) <= MOST_LOAD_BALANCER_SUBNETS:
        allowed = f"must be one regional subnet, or {MOST_LOAD_BALANCER_SUBNETS} at most"
        yield Problem(f"{path}.loadBalancerSubnetIds", len(args.load_balancer_subnet_ids), allowed)


class ClusterChoices(Protocol):
    """The plain values of a cluster, which the component's args and the settings both have."""

    @property
    def kubernetes_version(self) -> str: ...
    @property
    def services_cidr(self) -> str | None: ...


def cluster_problems(
    cluster: ClusterChoices,
    *,
    secrets_key_id: str | None = None,
    public_endpoint: bool = False,
    tunnel_port: int | None = None,
    vcn_cidr: str | None = None,
    path: str,
) -> Iterator[Problem]:
    """Problems of a cluster's plain values. `vcn_cidr` and `secrets_key_id` are given if they are known."""
    yield from version_problems(cluster.kubernetes_version, path=path)
    yield from _services_problems(cluster.services_cidr or SERVICES_CIDR, vcn_cidr, f"{path}.servicesCidr")
    if secrets_key_id is not None:
        found = parse_ocid(secrets_key_id)
        if not found or found.resource_type != "key":
            yield Problem(f"{path}.secretsKeyId", secrets_key_id, "must be the OCID of a vault key")
    if tunnel_port is not None and not 1 <= tunnel_port <= 65_535:
        yield Problem(f"{path}.tunnelPort", tunnel_port, "must be a port, 1 to 65535")
    elif tunnel_port is not None and public_endpoint:
        yield Problem(f"{path}.tunnelPort", tunnel_port, "must not be set: a public endpoint needs no tunnel")


def login_problems(auth: str, *, path: str) -> Iterator[Problem]:
    """A way to authenticate with which the `oci` CLI cannot get a token for the cluster."""
    if CLI_AUTH_OF.get(auth) is None:
        ways = ", ".join(name for name, choice in CLI_AUTH_OF.items() if choice)
        allowed = (
            f"must be one of {ways}: the `oci` CLI gets the tokens for the cluster, and knows only these"
        )
        yield Problem(path, auth, allowed)


def _services_problems(services_cidr: str, vcn_cidr: str | None, path: str) -> Iterator[Problem]:
    malformed = [*cidr_problems(services_cidr, path=path)]
    yield from malformed
    if malformed:
        return
    (low, high), services = SERVICES_PREFIXES, IPv4Network(services_cidr)
    if not low <= services.prefixlen <= high:
        yield Problem(path, services_cidr, f"must be between /{low} and /{high}")
    elif allowed := not_private(services):
        fix = "Pods could not reach the internet hosts with these addresses"
        yield Problem(path, services_cidr, allowed, fix)
    if vcn_cidr and services.overlaps(IPv4Network(vcn_cidr)):
        yield Problem(path, services_cidr, f"must not overlap the VCN, {vcn_cidr}")
