"""The routers of the models, each in its model's namespace."""

from collections.abc import Mapping, Sequence

import pulumi

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.settings import Settings
from infra.settings.serving import ModelSettings
from infra.settings.traffic import Router
from serving.catalogue import find_model
from serving.engine.deadlines import engine_drain, longest_answer_seconds
from serving.engine.model_server import ModelServer
from serving.routing.model_router import ModelRouter, ModelRouterArgs
from serving.routing.target import STABLE, router_name

from .home import Home


def create_routers(
    settings: Settings,
    context: Context,
    inside: InCluster,
    *,
    homes: Sequence[Home],
    servers: Mapping[str, ModelServer],
) -> Mapping[str, pulumi.Output[str]]:
    """Creates a router for each model, in the model's namespace, if the settings have routers. Returns their
    addresses."""
    wanted = settings.traffic.router
    if wanted is None:
        return {}
    return {
        model.name: ModelRouter(
            context.name(router_name(model.served_name, model.track)),
            _args(wanted, model, home, servers[model.name], inside.api_cidr),
            inside.options,
        ).url
        for home in homes
        for model in home.models
    }


def _args(
    wanted: Router, model: ModelSettings, home: Home, server: ModelServer, api_cidr: str
) -> ModelRouterArgs:
    known = find_model(model.model)
    return ModelRouterArgs(
        # A router is ready only when its engines are.
        namespace=pulumi.Output.all(home.namespace, server.service_name).apply(lambda both: both[0]),
        model=model.served_name,
        track=None if model.track == STABLE else model.track,
        image=f"{wanted.image}@{wanted.image_digest}",
        longest_answer_seconds=longest_answer_seconds(model.engine, known),
        longest_stream_seconds=engine_drain(model.engine, known).longest_stream_seconds,
        spans_nodes=(model.nodes or 1) > 1 or None,
        has_engines=None if model.replicas else False,
        api_cidr=api_cidr,
        priority_class=model.priority_class,
        **wanted.model_dump(exclude={"image", "image_digest"}),
    )
