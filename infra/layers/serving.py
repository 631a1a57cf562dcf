"""Serving: the models on the GPU pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from infra.context import Context
from infra.settings import Settings
from infra.settings.model_rules import needs_privileges
from serving.kubernetes.hub_token import HubToken, HubTokenArgs
from serving.kubernetes.namespace import ServingNamespace, ServingNamespaceArgs
from serving.kubernetes.network_isolation import NetworkIsolation, NetworkIsolationArgs

from .serving_models import create_models
from .serving_weights import create_weights


@dataclass(frozen=True, kw_only=True)
class ServingLayer:
    """What users need of the models."""

    endpoints: Mapping[str, pulumi.Output[str]]
    """Where the cluster reaches each model; the OpenAI-compatible API begins at /v1."""

    namespace: pulumi.Output[str] | None = None
    token: pulumi.Output[str] | None = None
    """Name of the Secret with the hub's token."""

    answering: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    """The endpoints, known once the engines behind them are ready."""


def create_serving(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions | None,
    *,
    after: Sequence[pulumi.Output[object]],
    api_cidr: str,
    bucket_names: Mapping[str, pulumi.Output[str]],
) -> ServingLayer:
    """The models of the settings, once what is in `after` is known."""
    wanted = settings.serving
    if not wanted.models or options is None:
        return ServingLayer(endpoints={})
    in_cluster = options
    level = "privileged" if any(needs_privileges(model) for model in wanted.models) else None
    args = ServingNamespaceArgs(namespace=wanted.namespace, pod_security=level)
    made = ServingNamespace(context.name(wanted.namespace), args, in_cluster).namespace
    if wanted.isolated:
        walls = NetworkIsolationArgs(namespace=made, api_cidr=api_cidr)
        NetworkIsolation(context.name("models-isolation"), walls, in_cluster)
    namespace = pulumi.Output.all(made, *after).apply(lambda known: known[0]) if after else made
    token = None
    if wanted.hugging_face_token is not None:
        secret = pulumi.Output.secret(wanted.hugging_face_token.get_secret_value())
        args = HubTokenArgs(namespace=namespace, token=secret, secret_name="hub-token")  # noqa: S106  a name
        token = HubToken(context.name("hub-token"), args, in_cluster).secret_name
    weights = create_weights(settings, context, in_cluster, namespace=namespace, bucket_names=bucket_names)
    servers = create_models(
        settings, context, namespace=namespace, token=token, weights=weights, options=in_cluster
    )
    return ServingLayer(
        endpoints={name: server.url for name, server in servers.items()},
        namespace=namespace,
        token=token,
        answering={
            # The Service comes after its engines are ready.
            name: pulumi.Output.all(server.url, server.service_name).apply(lambda both: both[0])
            for name, server in servers.items()
        },
    )
