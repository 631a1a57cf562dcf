"""Serving: the models on the GPU pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from infra.context import Context
from infra.settings import Settings
from infra.settings.model_rules import needs_privileges
from serving.kubernetes.hub_token import HubToken, HubTokenArgs
from serving.kubernetes.namespace import ServingNamespace, ServingNamespaceArgs

from .serving_models import create_models


@dataclass(frozen=True, kw_only=True)
class ServingLayer:
    """What users need of the models."""

    endpoints: Mapping[str, pulumi.Output[str]]
    """Where the cluster reaches each model; the OpenAI-compatible API begins at /v1."""


def create_serving(
    settings: Settings,
    context: Context,
    *,
    cluster_id: pulumi.Output[str],
    kubeconfig: pulumi.Output[str],
    ready: Sequence[pulumi.Resource],
) -> ServingLayer:
    """The models of the settings, once what is in `ready` stands."""
    wanted = settings.serving
    if not wanted.models:
        return ServingLayer(endpoints={})
    provider = kubernetes.Provider(
        "kubernetes",
        # The identifier keeps another way to the same cluster, such as a tunnel, from replacing all that is in it.
        kubernetes.ProviderArgs(kubeconfig=kubeconfig, cluster_identifier=cluster_id),
        # Every object depends on its provider: so all of them wait, which a component's own depends_on would not do.
        pulumi.ResourceOptions(depends_on=ready),
    )
    in_cluster = pulumi.ResourceOptions(providers=[provider])
    level = "privileged" if any(needs_privileges(model) for model in wanted.models) else None
    args = ServingNamespaceArgs(namespace=wanted.namespace, pod_security=level)
    namespace = ServingNamespace(context.name(wanted.namespace), args, in_cluster).namespace
    token = None
    if wanted.hugging_face_token is not None:
        secret = pulumi.Output.secret(wanted.hugging_face_token.get_secret_value())
        args = HubTokenArgs(namespace=namespace, token=secret, secret_name="hub-token")  # noqa: S106  a name
        token = HubToken(context.name("hub-token"), args, in_cluster).secret_name
    servers = create_models(settings, context, namespace=namespace, token=token, options=in_cluster)
    return ServingLayer(endpoints={name: server.url for name, server in servers.items()})
