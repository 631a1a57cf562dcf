"""The autoscalers of the models."""

from collections.abc import Mapping, Sequence

import pulumi

from components.cluster.pool_rules import AUTOSCALER
from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.settings import Settings
from infra.settings.serving import ModelSettings
from infra.settings.traffic.metric_rules import metric_prefix
from infra.settings.traffic.scaled import EngineBounds, engine_bounds
from infra.settings.traffic.watching_rules import start_seconds
from serving.engine.model_server import ModelServer
from serving.routing.target import server_name
from serving.scaling.engine_scaling import EngineScaling, EngineScalingArgs, OwnQueryArgs

from .home import Home


def create_scaling(
    settings: Settings,
    context: Context,
    inside: InCluster,
    *,
    homes: Sequence[Home],
    servers: Mapping[str, ModelServer],
) -> None:
    """Creates the autoscaler of each model in `traffic.scaling`, after the model's engines."""
    bounds = engine_bounds(settings.gpu, settings.serving, settings.traffic)
    starts = start_seconds(settings.gpu, settings.serving)
    for home in homes:
        for model in home.models:
            if model.name in bounds:
                # KEDA reports a Deployment that does not exist as a failure.
                namespace = pulumi.Output.all(home.namespace, servers[model.name].service_name).apply(
                    lambda both: both[0]
                )
                start = starts[model.name] + _node_seconds(settings, model)
                args = _args(settings, model, namespace, bounds[model.name], start)
                EngineScaling(context.name(f"{model.name}-scaling"), args, inside.options)


def _node_seconds(settings: Settings, model: ModelSettings) -> int:
    """Seconds that an engine may wait for a new node."""
    pool = next(pool for pool in settings.gpu.pools if pool.name == model.pool)
    return settings.cluster.autoscaler.provision_minutes * 60 if pool.size_owner == AUTOSCALER else 0


def _args(
    settings: Settings,
    model: ModelSettings,
    namespace: pulumi.Input[str],
    bounds: EngineBounds,
    start: int,
) -> EngineScalingArgs:
    scaling = settings.traffic.scaling[model.name]
    return EngineScalingArgs(
        namespace=namespace,
        deployment=server_name(model.name),
        model=model.name,
        start_seconds=start,
        min_engines=bounds.least,
        max_engines=bounds.most,
        queries={name: OwnQueryArgs(**query.model_dump()) for name, query in scaling.queries.items()},
        metric_prefix=metric_prefix(settings.serving),
        **scaling.model_dump(exclude={"min_engines", "max_engines", "queries"}),
    )
