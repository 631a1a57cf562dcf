"""Serving: the models on the GPU pools."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from infra.context import Context
from infra.model_home import Home
from infra.settings import Settings

from .serving_homes import create_homes
from .serving_models import create_models
from .serving_weights import create_weights


@dataclass(frozen=True, kw_only=True)
class ServingLayer:
    """What users need of the models."""

    endpoints: Mapping[str, pulumi.Output[str]]
    """Where the cluster reaches each model; the OpenAI-compatible API begins at /v1."""

    homes: Sequence[Home] = ()
    """The namespaces with models."""

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
    teams: Mapping[str, pulumi.Output[str]],
) -> ServingLayer:
    """The models of the settings, once what is in `after` is known, each in its team's namespace or the models'."""
    if not settings.serving.models or options is None:
        return ServingLayer(endpoints={})
    homes = create_homes(settings, context, options, after=after, api_cidr=api_cidr, teams=teams)
    staged = create_weights(settings, context, options, homes=homes, bucket_names=bucket_names)
    made = [
        create_models(settings, context, home, weights=weights, options=options)
        for home, weights in zip(homes, staged, strict=True)
    ]
    servers = {name: server for each in made for name, server in each.items()}
    return ServingLayer(
        endpoints={model.name: servers[model.name].url for model in settings.serving.models},
        homes=homes,
        answering={
            # The Service comes after its engines are ready.
            name: pulumi.Output.all(server.url, server.service_name).apply(lambda both: both[0])
            for name, server in servers.items()
        },
    )
