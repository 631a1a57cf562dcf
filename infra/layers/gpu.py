"""The GPU pools."""

from typing import Any

import pulumi

from components.cluster.credential_provider import CredentialProviderArgs
from components.governance.vulnerability_scanning import PLUGIN
from components.gpu.cluster_network_pool import ClusterNetworkPool
from components.gpu.cluster_network_pool_args import ClusterNetworkPoolArgs
from components.gpu.gpu_pool import GpuPool
from components.gpu.gpu_pool_args import GpuPoolArgs
from infra.program.context import Context
from infra.program.outputs import ClusterLayer, GpuLayer, NetworkLayer, VaultLayer
from infra.settings import Settings
from infra.settings.gpu import GpuPool as PoolSettings


def create_gpu(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer, cluster: ClusterLayer
) -> GpuLayer:
    """Creates each GPU pool in the settings, in its availability domain and mode."""
    # A created cluster waits for the same resources, and pools wait for the cluster.
    after = vault.ready if settings.cluster.existing else None
    options = pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=after))
    every = _of_every_pool(settings, context, network, vault, cluster)
    return GpuLayer(
        pools={pool.name: _create(settings, context, pool, every, options) for pool in settings.gpu.pools}
    )


def _create(
    settings: Settings,
    context: Context,
    pool: PoolSettings,
    every: dict[str, Any],
    options: pulumi.ResourceOptions,
) -> GpuPool | ClusterNetworkPool:
    shared: dict[str, Any] = {
        **every,
        "kubernetes_version": pool.kubernetes_version or settings.cluster.kubernetes_version,
        "image_name": pool.image_import.name if pool.image_import else None,
        "image_url": pool.image_import.url if pool.image_import else None,
        "boot_volume_key_id": pool.boot_volume_key_id or every["boot_volume_key_id"],
        **pool.component_args,
    }
    domain, name = context.availability_domains[pool.availability_domain - 1], context.name(pool.name)
    if pool.self_managed:
        plugins = [PLUGIN] if settings.governance.scanning else None
        entry = ClusterNetworkPoolArgs(availability_domain=domain, agent_plugins=plugins, **shared)
        return ClusterNetworkPool(name, entry, options)
    scheduled = pool.name in settings.cluster.scheduled
    args = GpuPoolArgs(availability_domains=[domain], scheduled=scheduled, **shared)
    return GpuPool(name, args, options)


def _of_every_pool(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer, cluster: ClusterLayer
) -> dict[str, Any]:
    """The arguments that all pools share."""
    provider = settings.cluster.credential_provider
    return {
        "compartment_id": context.compartment_id,
        "cluster_id": cluster.cluster_id,
        "subnet_id": network.subnet_ids["gpu"],
        "pod_subnet_ids": [network.subnet_ids["pods"]],
        "nsg_ids": network.groups("worker", "gpu"),
        "pod_nsg_ids": network.groups("pod"),
        "boot_volume_key_id": vault.key_ids.get("volumes"),
        "protect": context.protect,
        "credential_provider": provider and CredentialProviderArgs(**provider.model_dump()),
        "tags": context.tags,
    }
