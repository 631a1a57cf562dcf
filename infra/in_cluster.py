"""The way into the cluster, for whatever is put there."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.network.cidr_plan import plan_subnets

from .settings import Settings
from .settings.addresses import address_needs, explicit_subnets
from .settings.platform_rules import uses_cluster


def cluster_options(
    settings: Settings,
    *,
    cluster_id: pulumi.Output[str],
    kubeconfig: pulumi.Output[str],
    ready: Sequence[pulumi.Resource],
) -> pulumi.ResourceOptions | None:
    """Options with the cluster's provider, once what is in `ready` stands; None if nothing is put into it."""
    if not uses_cluster(settings.serving):
        return None
    provider = kubernetes.Provider(
        "kubernetes",
        # The identifier keeps another way to the same cluster, such as a tunnel, from replacing all that is in it.
        kubernetes.ProviderArgs(kubeconfig=kubeconfig, cluster_identifier=cluster_id),
        # Every object depends on its provider: so all of them wait, which a component's own depends_on would not do.
        pulumi.ResourceOptions(depends_on=ready),
    )
    return pulumi.ResourceOptions(providers=[provider])


def api_cidr(settings: Settings) -> str:
    """Network of the Kubernetes API endpoint, where OKE's workload identity answers too."""
    needs = address_needs(settings.cluster, settings.gpu, settings.storage, settings.network.edge)
    return plan_subnets(settings.network.cidr, explicit_subnets(settings.network), needs)["api"]
