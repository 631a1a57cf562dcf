"""The cluster: OKE, its CPU pools, and the add-ons that run on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.cluster.cluster_access import cluster_kubeconfig
from components.cluster.cluster_addons import ClusterAddons, ClusterAddonsArgs
from components.cluster.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs, ScaledPoolArgs
from components.cluster.credential_provider import CredentialProviderArgs
from components.cluster.oke_cluster import OkeCluster, OkeClusterArgs
from components.cluster.pool_rules import AUTOSCALER
from components.cluster.system_pool import SystemPool, SystemPoolArgs
from infra.existing.found import FoundCluster
from infra.program.context import Context
from infra.program.outputs import ClusterLayer, GpuLayer, NetworkLayer, VaultLayer
from infra.settings import Settings
from infra.settings.cluster import CpuPool
from infra.settings.cluster.pool_rules import cluster_addons
from infra.settings.serving.model_rules import spans_nodes


@dataclass(frozen=True, kw_only=True)
class _Access:
    """A cluster, created or existing."""

    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]


def create_cluster(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    vault: VaultLayer,
    existing: FoundCluster | None = None,
) -> ClusterLayer:
    """Creates the cluster and its CPU pools. Add-ons wait for the pools, because some fail without a node. Onto an
    existing cluster it puts only the pools and the add-ons that the cluster lacks."""
    cluster = (
        _existing(settings, context, existing) if existing else _cluster(settings, context, network, vault)
    )
    pools = {
        pool.name: _pool(settings, context, network, vault, cluster_id=cluster.cluster_id, pool=pool)
        for pool in settings.cluster.pools
    }
    kept = settings.cluster.existing.addons if settings.cluster.existing else ()
    chosen = cluster_addons(settings.cluster, settings.gpu, virtual_rdma=spans_nodes(settings.serving))
    addons = ClusterAddons(
        context.name("addons"),
        ClusterAddonsArgs(
            cluster_id=cluster.cluster_id,
            addons={name: each for name, each in chosen.items() if name not in kept},
            override_existing=existing is None,
        ),
        pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=[*pools.values()])),
    )
    return ClusterLayer(
        cluster_id=cluster.cluster_id,
        endpoint=cluster.endpoint,
        kubeconfig=cluster.kubeconfig,
        pools=pools,
        ready=[*pools.values(), addons],
    )


def create_autoscaler(
    settings: Settings, context: Context, cluster: ClusterLayer, gpu: GpuLayer, granted: list[pulumi.Resource]
) -> None:
    """Installs the autoscaler for the pools whose size it owns. `granted`: the policies that it needs.

    Objects in the cluster wait for it, because their pods may wait for its nodes.
    """
    every = {**cluster.pools, **gpu.pools}
    pools = {
        pool.name: ScaledPoolArgs(
            pool_id=every[pool.name].pool_id, min_nodes=pool.min_nodes or 0, max_nodes=pool.max_nodes or 0
        )
        for pool in (*settings.cluster.pools, *settings.gpu.pools)
        if pool.size_owner == AUTOSCALER
    }
    if not pools:
        return
    made = ClusterAutoscaler(
        context.name("autoscaler"),
        ClusterAutoscalerArgs(
            cluster_id=cluster.cluster_id, pools=pools, **settings.cluster.autoscaler.component_args
        ),
        pulumi.ResourceOptions.merge(
            context.in_region, pulumi.ResourceOptions(depends_on=[*cluster.ready, *granted])
        ),
    )
    cluster.ready.append(made)


def _existing(settings: Settings, context: Context, found: FoundCluster) -> _Access:
    deployer = settings.tenancy.deployer
    public = settings.cluster.endpoint.access == "public" and deployer.access != "inside"
    kubeconfig = cluster_kubeconfig(
        found.cluster_id,
        public=public,
        tunnel_port=_tunnel_port(settings, context),
        auth=None if context.own_kubeconfig else settings.tenancy.auth,
        config_file_profile=settings.tenancy.config_file_profile,
        opts=pulumi.InvokeOutputOptions(provider=context.regional),
    )
    return _Access(
        cluster_id=pulumi.Output.from_input(found.cluster_id),
        endpoint=pulumi.Output.from_input(found.public_endpoint if public else found.private_endpoint),
        kubeconfig=kubeconfig,
    )


def _tunnel_port(settings: Settings, context: Context) -> int | None:
    """Local port of the tunnel, if the deployer uses one.

    With the user's own kubeconfig, objects go to the cluster that the file names.
    """
    deployer, private = settings.tenancy.deployer, settings.cluster.endpoint.access == "private"
    through_tunnel = deployer.access == "tunnel" and private and not context.own_kubeconfig
    return deployer.tunnel_port if through_tunnel else None


def _cluster(settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer) -> _Access:
    wanted, deployer = settings.cluster, settings.tenancy.deployer
    public = wanted.endpoint.access == "public"
    args = OkeClusterArgs(
        compartment_id=context.compartment_id,
        vcn_id=network.vcn_id,
        kubernetes_version=wanted.kubernetes_version,
        endpoint_subnet_id=network.subnet_ids["api"],
        endpoint_nsg_ids=network.groups("api"),
        public_endpoint=public,
        inside=deployer.access == "inside",
        load_balancer_subnet_ids=[network.subnet_ids["loadbalancers"]],
        services_cidr=wanted.services_cidr,
        secrets_key_id=wanted.secrets_key_id or vault.key_ids["secrets"],
        image_signing_key_ids=wanted.image_signing_key_ids,
        auth=None if context.own_kubeconfig else settings.tenancy.auth,
        config_file_profile=settings.tenancy.config_file_profile,
        tunnel_port=_tunnel_port(settings, context),
        protect=context.protect,
        tags=context.tags,
    )
    # Volumes of the pools need the same grants as the cluster's secrets. The pools wait for the cluster.
    granted = pulumi.ResourceOptions(depends_on=vault.ready)
    made = OkeCluster(context.name("cluster"), args, pulumi.ResourceOptions.merge(context.in_region, granted))
    return _Access(cluster_id=made.cluster_id, endpoint=made.endpoint, kubeconfig=made.kubeconfig)


def _pool(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    vault: VaultLayer,
    *,
    cluster_id: pulumi.Output[str],
    pool: CpuPool,
) -> SystemPool:
    provider = settings.cluster.credential_provider
    args = SystemPoolArgs(
        compartment_id=context.compartment_id,
        cluster_id=cluster_id,
        kubernetes_version=pool.kubernetes_version or settings.cluster.kubernetes_version,
        availability_domains=_domains(context, pool),
        subnet_id=network.subnet_ids["private"],
        pod_subnet_ids=[network.subnet_ids["pods"]],
        nsg_ids=network.groups("worker"),
        pod_nsg_ids=network.groups("pod"),
        boot_volume_key_id=pool.boot_volume_key_id or vault.key_ids.get("volumes"),
        scheduled=pool.name in settings.cluster.scheduled,
        credential_provider=provider and CredentialProviderArgs(**provider.model_dump()),
        tags=context.tags,
        **pool.component_args,
    )
    return SystemPool(context.name(pool.name), args, pool_options(settings, context, vault))


def pool_options(settings: Settings, context: Context, vault: VaultLayer) -> pulumi.ResourceOptions:
    """Options of a pool. Its volumes need the grants for their key, for which a created cluster waits."""
    after = vault.ready if settings.cluster.existing else None
    return pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=after))


def _domains(context: Context, pool: CpuPool) -> Sequence[pulumi.Input[str]]:
    domains = context.availability_domains
    return domains if pool.availability_domain is None else [domains[pool.availability_domain - 1]]
