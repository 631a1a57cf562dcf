"""The way into the cluster, for whatever is put there."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from infra.settings import Settings
from infra.settings.platform.rules import uses_cluster

from .outputs import ClusterLayer, GpuLayer, NetworkLayer


@dataclass(frozen=True, kw_only=True)
class InCluster:
    """What objects of the cluster need."""

    options: pulumi.ResourceOptions
    """With the cluster's provider; what is made with them waits until pods can run."""

    api_cidr: str
    """Of the subnet of the Kubernetes API endpoint."""


def reach_cluster(
    settings: Settings, network: NetworkLayer, cluster: ClusterLayer, gpu: GpuLayer
) -> InCluster | None:
    """The way into the cluster; None if nothing is put into it."""
    if not uses_cluster(settings.serving):
        return None
    provider = kubernetes.Provider(
        "kubernetes",
        # The identifier keeps another way to the same cluster, such as a tunnel, from replacing all that is in it.
        kubernetes.ProviderArgs(kubeconfig=cluster.kubeconfig, cluster_identifier=cluster.cluster_id),
        # Every object depends on its provider: so all of them wait, which a component's own depends_on would not do.
        pulumi.ResourceOptions(depends_on=[*network.ready, *cluster.ready, *gpu.pools.values()]),
    )
    return InCluster(options=pulumi.ResourceOptions(providers=[provider]), api_cidr=network.api_cidr)
