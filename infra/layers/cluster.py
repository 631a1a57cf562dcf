"""The cluster: OKE, its CPU pools, and the add-ons that run on them."""

import pulumi

from components.cluster.cluster_addons import ClusterAddons, ClusterAddonsArgs
from components.cluster.oke_cluster import OkeCluster, OkeClusterArgs
from components.cluster.system_pool import SystemPool, SystemPoolArgs
from infra.program.context import Context
from infra.program.outputs import ClusterLayer, NetworkLayer, VaultLayer
from infra.settings import Settings
from infra.settings.cluster import CpuPool
from infra.settings.cluster.pool_rules import cluster_addons
from infra.settings.serving.model_rules import spans_nodes


def create_cluster(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer
) -> ClusterLayer:
    """Creates the cluster and its CPU pools. Add-ons wait for the pools, because some fail without a node."""
    cluster = _cluster(settings, context, network, vault)
    pools = [
        _pool(settings, context, network, vault, cluster=cluster, pool=pool)
        for pool in settings.cluster.pools
    ]
    chosen = cluster_addons(settings.cluster, settings.gpu, virtual_rdma=spans_nodes(settings.serving))
    addons = ClusterAddons(
        context.name("addons"),
        ClusterAddonsArgs(cluster_id=cluster.cluster_id, addons=chosen),
        pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=pools)),
    )
    return ClusterLayer(
        cluster_id=cluster.cluster_id,
        endpoint=cluster.endpoint,
        kubeconfig=cluster.kubeconfig,
        ready=[*pools, addons],
    )


def _cluster(settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer) -> OkeCluster:
    wanted, deployer = settings.cluster, settings.tenancy.deployer
    public = wanted.endpoint.access == "public"
    # With the user's own kubeconfig, objects go to the cluster that the file names.
    through_tunnel = deployer.access == "tunnel" and not public and not context.own_kubeconfig
    args = OkeClusterArgs(
        compartment_id=context.compartment_id,
        vcn_id=network.vcn_id,
        kubernetes_version=wanted.kubernetes_version,
        endpoint_subnet_id=network.subnet_ids["api"],
        endpoint_nsg_ids=[network.group_ids["api"]],
        public_endpoint=public,
        inside=deployer.access == "inside",
        load_balancer_subnet_ids=[network.subnet_ids["loadbalancers"]],
        services_cidr=wanted.services_cidr,
        secrets_key_id=wanted.secrets_key_id or vault.key_ids["secrets"],
        image_signing_key_ids=wanted.image_signing_key_ids,
        auth=None if context.own_kubeconfig else settings.tenancy.auth,
        config_file_profile=settings.tenancy.config_file_profile,
        tunnel_port=deployer.tunnel_port if through_tunnel else None,
        protect=context.protect,
        tags=context.tags,
    )
    # Volumes of the pools need the same grants as the cluster's secrets. The pools wait for the cluster.
    granted = pulumi.ResourceOptions(depends_on=vault.ready)
    return OkeCluster(context.name("cluster"), args, pulumi.ResourceOptions.merge(context.in_region, granted))


def _pool(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    vault: VaultLayer,
    *,
    cluster: OkeCluster,
    pool: CpuPool,
) -> SystemPool:
    args = SystemPoolArgs(
        compartment_id=context.compartment_id,
        cluster_id=cluster.cluster_id,
        kubernetes_version=settings.cluster.kubernetes_version,
        availability_domains=context.availability_domains,
        subnet_id=network.subnet_ids["private"],
        pod_subnet_ids=[network.subnet_ids["pods"]],
        nsg_ids=[network.group_ids["worker"]],
        pod_nsg_ids=[network.group_ids["pod"]],
        boot_volume_key_id=vault.key_ids.get("volumes"),
        tags=context.tags,
        **pool.component_args,
    )
    return SystemPool(context.name(pool.name), args, context.in_region)
