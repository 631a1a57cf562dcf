"""The engines of the models, and the folders on the nodes for compiled code."""

from collections.abc import Mapping

import pulumi

from components.cluster.boot_script import ENGINE_CACHE
from components.cluster.pool_parts import POOL_LABEL
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.serving import ModelSettings
from infra.settings.serving.model_rules import engine_image
from infra.settings.serving.surge_rules import surge_fits
from serving.engine.model_server import ModelServer, ModelServerArgs
from serving.engine.pod.node_cache import NodeCache, NodeCacheArgs
from serving.weights.weights_mount import MountedWeightsArgs

from .home import Home


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
                weights=weights.get(model.pool),
            ),
            options,
        )
        for model in home.models
    }


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
    return ModelServerArgs(
        namespace=home.namespace,
        model=model.model,
        image=engine_image(settings.serving),
        shape=next(pool.shape for pool in settings.gpu.pools if pool.name == model.pool),
        service_name=model.name,
        engine=model.engine,
        replicas=model.replicas,
        autoscaled=model.autoscaled,
        hugging_face_secret=home.token,
        compile_claim=compile_claim,
        weights=weights,
        spare_gpus=surge_fits(settings.gpu, settings.serving, model) if spare is None else spare,
        priority_class=model.priority_class,
        node_selector={POOL_LABEL: context.name(model.pool)},
    )
