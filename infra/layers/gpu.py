"""The GPU pools."""

import pulumi

from components.cluster.credential_provider import CredentialProviderArgs
from components.gpu.gpu_pool import GpuPool
from components.gpu.gpu_pool_args import GpuPoolArgs
from infra.program.context import Context
from infra.program.outputs import ClusterLayer, GpuLayer, NetworkLayer, VaultLayer
from infra.settings import Settings


def create_gpu(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer, cluster: ClusterLayer
) -> GpuLayer:
    """Creates each GPU pool in the settings, in its availability domain."""
    after = vault.ready if settings.cluster.existing else None
    provider = settings.cluster.credential_provider
    pools = {
        pool.name: GpuPool(
            context.name(pool.name),
            GpuPoolArgs(
                compartment_id=context.compartment_id,
                cluster_id=cluster.cluster_id,
                kubernetes_version=pool.kubernetes_version or settings.cluster.kubernetes_version,
                availability_domains=[context.availability_domains[pool.availability_domain - 1]],
                subnet_id=network.subnet_ids["gpu"],
                pod_subnet_ids=[network.subnet_ids["pods"]],
                nsg_ids=network.groups("worker", "gpu"),
                pod_nsg_ids=network.groups("pod"),
                image_name=pool.image_import.name if pool.image_import else None,
                image_url=pool.image_import.url if pool.image_import else None,
                boot_volume_key_id=pool.boot_volume_key_id or vault.key_ids.get("volumes"),
                protect=context.protect,
                credential_provider=provider and CredentialProviderArgs(**provider.model_dump()),
                scheduled=pool.name in settings.cluster.scheduled,
                tags=context.tags,
                **pool.component_args,
            ),
            pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=after)),
        )
        for pool in settings.gpu.pools
    }
    return GpuLayer(pools=pools)
