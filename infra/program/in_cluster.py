"""Access to the cluster for the objects in it."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from infra.settings import Settings
from infra.settings.platform.rules import uses_cluster

from .outputs import ClusterLayer, GpuLayer, NetworkLayer


@dataclass(frozen=True, kw_only=True)
class InCluster:
    """What objects in the cluster need."""

    options: pulumi.ResourceOptions
    """Options with the cluster's provider. Resources with these options wait until pods can run."""

    api_cidr: str
    """CIDR of the subnet of the Kubernetes API endpoint."""


def reach_cluster(
    settings: Settings, network: NetworkLayer, cluster: ClusterLayer, gpu: GpuLayer
) -> InCluster | None:
    """Access to the cluster; None if the program creates nothing in it."""
    if not uses_cluster(settings.serving):
        return None
    provider = kubernetes.Provider(
        "kubernetes",
        # With the identifier, another address of the same cluster, e.g. a tunnel, does not replace its objects.
        kubernetes.ProviderArgs(kubeconfig=cluster.kubeconfig, cluster_identifier=cluster.cluster_id),
        # Every object depends on its provider, so all of them wait. A component's own depends_on would not do that.
        pulumi.ResourceOptions(depends_on=[*network.ready, *cluster.ready, *gpu.pools.values()]),
    )
    return InCluster(options=pulumi.ResourceOptions(providers=[provider]), api_cidr=network.api_cidr)
