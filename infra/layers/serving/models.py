"""The engines of the models, and the folders on the nodes for compiled code."""

from collections.abc import Mapping

import pulumi

from components.cluster.boot_script import ENGINE_CACHE
from components.cluster.pool_parts import POOL_LABEL
from components.cluster.pool_rules import AUTOSCALER
from facts.shapes import find_shape
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.serving import ModelSettings
from infra.settings.serving.model_rules import engine_image
from infra.settings.serving.surge_rules import surge_fits
from serving.engine.model_server import ModelServer, ModelServerArgs
from serving.engine.pod.node_cache import NodeCache, NodeCacheArgs
from serving.platform.warm_nodes import WarmNodes, WarmNodesArgs
from serving.routing.target import STABLE
from serving.weights.weights_mount import MountedWeightsArgs

from .home import Home
from .weights import weights_of


def create_models(
    settings: Settings,
    context: Context,
    home: Home,
    *,
    weights: Mapping[str, MountedWeightsArgs],
    options: pulumi.ResourceOptions,
) -> Mapping[str, ModelServer]:
    """Creates a server for each model of a home, and in the models' own home a cache for each pool."""
    # A team could write code to the folder that other engines run. So its engines do not share the folder.
    claims: Mapping[str, pulumi.Output[str]] = {} if home.team else _caches(context, home, options)
    return {
        model.name: ModelServer(
            context.name(model.name),
            _server(
                settings,
                context,
                model,
                home,
                compile_claim=claims.get(model.pool),
                weights=weights_of(model, settings.serving.models, weights),
            ),
            options,
        )
        for model in home.models
    }


def create_warm_nodes(
    settings: Settings, context: Context, home: Home, options: pulumi.ResourceOptions
) -> None:
    """Creates the pods that keep nodes free, in the models' own namespace."""
    for pool in settings.gpu.pools:
        shape = find_shape(pool.shape)
        if pool.warm is None or shape is None or home.team:
            continue
        WarmNodes(
            context.name(f"{pool.name}-warm"),
            WarmNodesArgs(
                namespace=home.namespace,
                nodes=pool.warm.nodes,
                gpus=shape.gpus,
                image=f"{pool.warm.image}@{pool.warm.image_digest}",
                priority_class=pool.warm.priority_class,
                node_selector={POOL_LABEL: context.name(pool.name)},
            ),
            options,
        )


def _caches(
    context: Context, home: Home, options: pulumi.ResourceOptions
) -> Mapping[str, pulumi.Output[str]]:
    return {
        pool: NodeCache(
            context.name(f"{pool}-engine-cache"),
            NodeCacheArgs(
                namespace=home.namespace,
                claim_name=f"engine-cache-{pool}",
                path=ENGINE_CACHE,
                node_selector={POOL_LABEL: context.name(pool)},
            ),
            options,
        ).claim_name
        for pool in sorted({model.pool for model in home.models})
    }


def _server(
    settings: Settings,
    context: Context,
    model: ModelSettings,
    home: Home,
    *,
    compile_claim: pulumi.Output[str] | None,
    weights: MountedWeightsArgs | None,
) -> ModelServerArgs:
    spare = model.spare_gpus
    pool = next(pool for pool in settings.gpu.pools if pool.name == model.pool)
    scaled = pool.size_owner == AUTOSCALER
    return ModelServerArgs(
        namespace=home.namespace,
        model=model.model,
        image=engine_image(settings.serving, model),
        shape=pool.shape,
        service_name=model.name,
        served_name=None if model.served_name == model.name else model.served_name,
        routed_model=None if model.served_name == model.name else model.served_name,
        track=None if model.track == STABLE else model.track,
        engine=model.engine,
        replicas=model.replicas,
        autoscaled=model.autoscaled or model.name in settings.traffic.scaling,
        hugging_face_secret=home.token,
        compile_claim=compile_claim,
        weights=weights,
        spare_gpus=(
            surge_fits(settings.gpu, settings.serving, settings.traffic, model) if spare is None else spare
        ),
        priority_class=model.priority_class,
        movable=scaled or None,
        nearby=pool.nearby if (model.nodes or 1) > 1 else None,
        node_minutes=settings.cluster.autoscaler.provision_minutes if scaled else None,
        node_selector={POOL_LABEL: context.name(model.pool)},
    )
