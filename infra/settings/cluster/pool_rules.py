"""Rules for the cluster and its pools: the components' rules, with the paths of the settings."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from components.cluster.autoscaler_rules import autoscaler_problems, configuration_problems
from components.cluster.cluster_addons import AddonArgs, addon_problems
from components.cluster.credential_provider import provider_problems
from components.cluster.default_addons import gpu_addons, merged_addons
from components.cluster.oke_cluster import cluster_problems
from components.cluster.pool_rules import AUTOSCALER, EXTERNAL, FIXED, pool_version_problems, program_sizes
from components.cluster.system_pool_rules import system_pool_problems
from components.gpu.node_image import image_address_problems, node_image_problems
from components.gpu.pool_choices import choice_problems, network_choice_problems
from components.gpu.pool_modes import mode_problems
from facts.autoscaler import ADDON
from facts.kubernetes import DEFAULT_VERSION
from facts.problem import Problem, moved
from facts.pydantic_words import MISSING
from facts.shapes import MI300X
from infra.settings.cluster import Cluster
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network import Network
from infra.settings.sections import autoscaled
from infra.settings.values.secrets import ENCRYPTED
from infra.settings.vault import Vault


def own_cluster_problems(cluster: Cluster, network: Network | None) -> Iterator[Problem]:
    """What is wrong with the cluster and its CPU pools."""
    yield from cluster_problems(
        cluster,
        public_endpoint=cluster.endpoint.access == "public",
        vcn_cidr=_valid_cidr(network),
        path="cluster",
    )
    scaler = cluster.autoscaler
    yield from autoscaler_problems(scaler, path="cluster.autoscaler")
    yield from configuration_problems(scaler.configurations, path="cluster.autoscaler")
    yield from provider_problems(cluster.credential_provider, path="cluster.credentialProvider")
    for index, pool in enumerate(cluster.pools):
        # cluster_problems above checks the cluster's own version.
        version, path = DEFAULT_VERSION, f"cluster.pools[{index}]"
        yield from system_pool_problems(pool, kubernetes_version=version, path=path)
        yield from pool_version_problems(pool.kubernetes_version, cluster.kubernetes_version, path=path)


def _valid_cidr(network: Network | None) -> str | None:
    try:
        return str(IPv4Network(network.cidr)) if network and network.existing is None else None
    except ValueError:
        return None


def own_gpu_problems(gpu: Gpu) -> Iterator[Problem]:
    """What is wrong with the GPU pools."""
    for index, pool in enumerate(gpu.pools):
        path = f"gpu.pools[{index}]"
        imported = pool.image_import
        yield from mode_problems(pool, pool.shape, path=path)
        choose = network_choice_problems if pool.self_managed else choice_problems
        found = choose(
            pool,
            kubernetes_version=DEFAULT_VERSION,
            image_name=imported.name if imported else None,
            path=path,
        )
        yield from moved(found, f"{path}.imageName", f"{path}.imageImport.name")
        yield from _image_problems(pool, path)


def gpu_version_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """Versions of GPU nodes that do not fit the control plane."""
    for index, pool in enumerate(gpu.pools):
        path = f"gpu.pools[{index}]"
        yield from pool_version_problems(pool.kubernetes_version, cluster.kubernetes_version, path=path)


def _image_problems(pool: GpuPool, path: str) -> Iterator[Problem]:
    if pool.image_id is None and pool.image_import is None:
        fix = "Or set imageImport, to import it from an address"
        yield Problem(f"{path}.imageId", MISSING, "is required: Oracle has no platform image with ROCm", fix)
    if pool.image_import is not None:
        yield from moved(
            node_image_problems(pool.image_import.name, [MI300X.name], path=path),
            f"{path}.imageName",
            f"{path}.imageImport.name",
        )
        if pool.image_import.url != ENCRYPTED:
            yield from image_address_problems(pool.image_import.url, path=f"{path}.imageImport.url")
    if pool.image_id is not None and pool.image_import is not None:
        yield Problem(f"{path}.imageImport", pool.image_import.name, "must not be set with imageId")


def cluster_addons(cluster: Cluster, gpu: Gpu, *, virtual_rdma: bool = False) -> dict[str, AddonArgs]:
    """The add-ons of the settings and those that GPU pools need. `virtual_rdma` is for engines that span nodes."""
    given = {
        name: AddonArgs(version=addon.version, configurations=addon.configurations or None)
        for name, addon in cluster.addons.items()
    }
    nodes = sum(pool.nodes for pool in cluster.pools) + sum(pool.nodes for pool in gpu.pools)
    return merged_addons(gpu_addons(nodes=nodes, virtual_rdma=virtual_rdma), given) if gpu.pools else given


def own_addon_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """What is wrong with the add-ons, including those for GPU pools."""
    yield from addon_problems(cluster_addons(cluster, gpu), path="cluster")


def autoscaler_pool_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """A second owner beside the autoscaler, and no pool in which it can run itself."""
    if not autoscaled(cluster, gpu):
        return
    places = {f"cluster.pools[{index}]": pool for index, pool in enumerate(cluster.pools)}
    places |= {f"gpu.pools[{index}]": pool for index, pool in enumerate(gpu.pools)}
    for place, pool in places.items():
        if pool.size_owner == EXTERNAL:
            allowed = f"must not be beside a pool with {AUTOSCALER}: both would answer the same pending pods"
            yield Problem(
                f"{place}.sizeOwner", EXTERNAL, allowed, f"Use {AUTOSCALER} for all pools, or for none"
            )
    if cluster.existing and ADDON in cluster.existing.addons:
        allowed = (
            f"must not be here with sizeOwner {AUTOSCALER}: the program would install a second autoscaler"
        )
        fix = f"Use sizeOwner {EXTERNAL}, and let the cluster's own autoscaler size the pools"
        yield Problem("cluster.existing.addons", ADDON, allowed, fix)
    if not any(program_sizes(pool.size_owner) for pool in cluster.pools):
        yield Problem(
            "cluster.pools",
            [pool.name for pool in cluster.pools],
            f"must contain a CPU pool with sizeOwner {FIXED}: the autoscaler's own pods run there",
        )
    for index, cpu in enumerate(cluster.pools):
        if cpu.size_owner == AUTOSCALER and cpu.availability_domain is None:
            allowed = "must be set: the autoscaler needs a pool for each availability domain"
            yield Problem(f"cluster.pools[{index}].availabilityDomain", MISSING, allowed)


def secrets_key_problems(vault: Vault, cluster: Cluster) -> Iterator[Problem]:
    """A cluster without a key. A key cannot be added later without replacing the cluster."""
    if vault.kind == "none" and cluster.secrets_key_id is None and cluster.existing is None:
        fix = "Set the OCID of a key, or set vault.kind to `shared` or `private`"
        yield Problem("cluster.secretsKeyId", MISSING, "must be set when there is no vault", fix)


def cpu_pool_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """GPU pools without a CPU node. GPU nodes are tainted, so the cluster's own pods would stay pending."""
    if gpu.pools and not any(pool.nodes > 0 for pool in cluster.pools):
        yield Problem(
            "cluster.pools",
            [pool.name for pool in cluster.pools],
            "must contain a CPU pool, in addition to the GPU pools",
            "GPU nodes are tainted, so the cluster's own pods need somewhere else to run",
        )
