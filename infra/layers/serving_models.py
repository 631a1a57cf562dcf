"""The engines of the models, and the folders of the nodes that they keep what they compiled in."""

from collections.abc import Mapping

import pulumi

from components.cluster.pool_parts import POOL_LABEL
from components.gpu.boot_script import ENGINE_CACHE
from infra.context import Context
from infra.settings import Settings
from infra.settings.model_rules import adapters_of, engine_image, surge_fits
from infra.settings.serving import ModelSettings
from serving.kubernetes.model_server import ModelServer, ModelServerArgs
from serving.kubernetes.node_cache import NodeCache, NodeCacheArgs
from serving.kubernetes.weights_mount import MountedWeightsArgs


def create_models(
    settings: Settings,
    context: Context,
    *,
    namespace: pulumi.Output[str],
    token: pulumi.Output[str] | None,
    weights: Mapping[str, MountedWeightsArgs],
    options: pulumi.ResourceOptions,
) -> Mapping[str, ModelServer]:
    """A server a model, and a cache a pool."""
    wanted = settings.serving.models
    claims = {
        pool: NodeCache(
            context.name(f"{pool}-engine-cache"),
            NodeCacheArgs(
                namespace=namespace,
                claim_name=f"engine-cache-{pool}",
                path=ENGINE_CACHE,
                node_selector={POOL_LABEL: context.name(pool)},
            ),
            options,
        ).claim_name
        for pool in sorted({model.pool for model in wanted})
    }
    return {
        model.name: ModelServer(
            context.name(model.name),
            _server(
                settings,
                context,
                model,
                namespace=namespace,
                token=token,
                compile_claim=claims[model.pool],
                weights=weights.get(model.pool),
            ),
            options,
        )
        for model in wanted
    }


def _server(
    settings: Settings,
    context: Context,
    model: ModelSettings,
    *,
    namespace: pulumi.Output[str],
    token: pulumi.Output[str] | None,
    compile_claim: pulumi.Output[str],
    weights: MountedWeightsArgs | None,
) -> ModelServerArgs:
    spare = model.spare_gpus
    return ModelServerArgs(
        namespace=namespace,
        model=model.model,
        image=engine_image(settings.serving),
        shape=next(pool.shape for pool in settings.gpu.pools if pool.name == model.pool),
        service_name=model.name,
        revision=model.revision,
        replicas=model.replicas,
        autoscaled=model.autoscaled,
        gpus=model.gpus,
        nodes=model.nodes,
        context_tokens=model.context_tokens,
        kv_cache_type=model.kv_cache_type,
        memory_utilization=model.memory_utilization,
        numa_bind=model.numa_bind,
        reasoning_parser=model.reasoning_parser,
        tool_parser=model.tool_parser,
        adapters=adapters_of(model),
        engine_options=model.engine_options,
        environment=model.environment,
        hugging_face_secret=token,
        compile_claim=compile_claim,
        weights=weights,
        longest_stream_seconds=model.longest_stream_seconds,
        spare_gpus=surge_fits(settings.gpu, settings.serving, model) if spare is None else spare,
        priority_class=model.priority_class,
        node_selector={POOL_LABEL: context.name(model.pool)},
    )
