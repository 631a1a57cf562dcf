"""The GPU pools."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.gpu.gpu_pool import GpuPool, GpuPoolArgs
from infra.context import Context, Ids
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class GpuLayer:
    """What other layers need of the GPU pools."""

    pools: Mapping[str, GpuPool]
    """The pools by their names in the settings."""


def create_gpu(
    settings: Settings,
    context: Context,
    *,
    cluster_id: pulumi.Output[str],
    subnet_ids: Ids,
    group_ids: Ids,
    key_ids: Mapping[str, pulumi.Output[str]],
) -> GpuLayer:
    """One pool for each of the settings, each in its availability domain."""
    pools = {
        pool.name: GpuPool(
            context.name(pool.name),
            GpuPoolArgs(
                compartment_id=context.compartment_id,
                cluster_id=cluster_id,
                kubernetes_version=settings.cluster.kubernetes_version,
                availability_domains=[context.availability_domains[pool.availability_domain - 1]],
                subnet_id=subnet_ids["gpu"],
                pod_subnet_ids=[subnet_ids["pods"]],
                nsg_ids=[group_ids["worker"], group_ids["gpu"]],
                pod_nsg_ids=[group_ids["pod"]],
                image_name=pool.image_import.name if pool.image_import else None,
                image_url=pool.image_import.url if pool.image_import else None,
                boot_volume_key_id=pool.boot_volume_key_id or key_ids.get("storage"),
                tags=context.tags,
                **pool.component_args,
            ),
            context.in_region,
        )
        for pool in settings.gpu.pools
    }
    return GpuLayer(pools=pools)
