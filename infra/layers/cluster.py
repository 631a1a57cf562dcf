"""The cluster: OKE, its CPU pools, and the add-ons that run on them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.cluster.cluster_addons import ClusterAddons, ClusterAddonsArgs
from components.cluster.oke_cluster import OkeCluster, OkeClusterArgs
from components.cluster.system_pool import SystemPool, SystemPoolArgs
from infra.context import Context, Ids
from infra.settings import Settings
from infra.settings.model_rules import spans_nodes
from infra.settings.pool_rules import cluster_addons


@dataclass(frozen=True, kw_only=True)
class ClusterLayer:
    """What other layers need of the cluster."""

    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    ready: list[pulumi.Resource]
    """What must stand before pods can run."""


def create_cluster(
    settings: Settings,
    context: Context,
    *,
    vcn_id: pulumi.Output[str],
    subnet_ids: Ids,
    group_ids: Ids,
    key_ids: Mapping[str, pulumi.Output[str]],
    ready: list[pulumi.Resource],
) -> ClusterLayer:
    """The cluster with its CPU pools; add-ons wait for those pools, for some fail without a node to run on.

    `ready` is what must stand before the keys are used, also by the pools, which wait for the cluster.
    """
    wanted = settings.cluster
    public = wanted.endpoint.access == "public"
    through_tunnel = settings.tenancy.deployer.access == "tunnel" and not public
    cluster = OkeCluster(
        context.name("cluster"),
        OkeClusterArgs(
            compartment_id=context.compartment_id,
            vcn_id=vcn_id,
            kubernetes_version=wanted.kubernetes_version,
            endpoint_subnet_id=subnet_ids["api"],
            endpoint_nsg_ids=[group_ids["api"]],
            public_endpoint=public,
            load_balancer_subnet_ids=[subnet_ids["loadbalancers"]],
            services_cidr=wanted.services_cidr,
            secrets_key_id=wanted.secrets_key_id or key_ids["secrets"],
            image_signing_key_ids=wanted.image_signing_key_ids,
            tunnel_port=settings.tenancy.deployer.tunnel_port if through_tunnel else None,
            protect=context.protect,
            tags=context.tags,
        ),
        pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=ready)),
    )
    pools = [
        SystemPool(
            context.name(pool.name),
            SystemPoolArgs(
                compartment_id=context.compartment_id,
                cluster_id=cluster.cluster_id,
                kubernetes_version=wanted.kubernetes_version,
                availability_domains=context.availability_domains,
                subnet_id=subnet_ids["private"],
                pod_subnet_ids=[subnet_ids["pods"]],
                nsg_ids=[group_ids["worker"]],
                pod_nsg_ids=[group_ids["pod"]],
                boot_volume_key_id=key_ids.get("storage"),
                tags=context.tags,
                **pool.component_args,
            ),
            context.in_region,
        )
        for pool in wanted.pools
    ]
    addons = ClusterAddons(
        context.name("addons"),
        ClusterAddonsArgs(
            cluster_id=cluster.cluster_id,
            addons=cluster_addons(wanted, settings.gpu, virtual_rdma=spans_nodes(settings.serving)),
        ),
        pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=pools)),
    )
    return ClusterLayer(
        cluster_id=cluster.cluster_id,
        endpoint=cluster.endpoint,
        kubeconfig=cluster.kubeconfig,
        ready=[*pools, addons],
    )
