"""What must hold between the models and the GPU pools that they run on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.shapes import Shape, find_shape
from serving.catalogue.loader import find_model
from serving.engine.memory import default_assumptions, plan_memory
from serving.kubernetes.server_plan import ServerChoices
from serving.kubernetes.server_rules import image_problems, model_server_problems

from .addresses import gpu_most_nodes
from .gpu import Gpu, GpuPool
from .serving import ModelSettings, Serving
from .wording import MISSING


def engine_image(serving: Serving) -> str:
    """The engine's image, pinned by its digest."""
    return f"{serving.image}@{serving.image_digest}"


def serving_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Models that are none, on pools that are not there, that do not fit, or that are more than a pool holds."""
    yield from image_problems(engine_image(serving), "serving.imageDigest")
    pools = {pool.name: pool for pool in gpu.pools}
    wanted: defaultdict[str, int] = defaultdict(int)
    for index, settings in enumerate(serving.models):
        path = f"serving.models[{index}]"
        pool = pools.get(settings.pool)
        if pool is None:
            allowed = f"must be a GPU pool: {', '.join(pools) or 'there is none'}"
            yield Problem(f"{path}.pool", settings.pool, allowed)
            continue
        shape = find_shape(pool.shape)
        if shape is None:
            continue
        found = [*_model_problems(settings, serving, shape, path)]
        yield from found
        if not found:
            wanted[pool.name] += settings.replicas * _gpus(settings, shape)
    yield from _room_problems(pools, wanted)


def _model_problems(settings: ModelSettings, serving: Serving, shape: Shape, path: str) -> Iterator[Problem]:
    model = find_model(settings.model)
    if model is not None and settings.revision is None and is_placeholder(model.revision):
        fix = f"The commit of {model.repository} that you have tested"
        yield Problem(
            f"{path}.revision", MISSING, f"is required: the catalogue knows none of {model.name}", fix
        )
    yield from model_server_problems(
        ServerChoices(
            served_name=settings.name,
            revision=settings.revision,
            gpus=settings.gpus,
            context_tokens=settings.context_tokens,
            kv_cache_type=settings.kv_cache_type,
            memory_utilization=settings.memory_utilization,
            longest_stream_seconds=settings.longest_stream_seconds,
            engine_options=settings.engine_options,
            environment=settings.environment,
        ),
        model=settings.model,
        shape=shape.name,
        service_name=settings.name,
        replicas=settings.replicas,
        has_token=serving.hugging_face_token is not None,
        path=path,
    )


def _gpus(settings: ModelSettings, shape: Shape) -> int:
    """GPUs of one engine of a model that is known to fit."""
    model = find_model(settings.model)
    if model is None:
        return 0
    plan = plan_memory(
        model,
        shape,
        gpus=settings.gpus,
        context_tokens=settings.context_tokens,
        kv_type=settings.kv_cache_type,
        assumptions=default_assumptions(model, settings.memory_utilization),
    )
    return plan.layout.gpus


def _room_problems(pools: Mapping[str, GpuPool], wanted: Mapping[str, int]) -> Iterator[Problem]:
    for name, gpus in wanted.items():
        shape = find_shape(pools[name].shape)
        has = gpu_most_nodes(pools[name]) * (shape.gpus if shape else 0)
        if gpus > has:
            allowed = f"must fit pool {name}, which has {has} GPUs at most; its models take {gpus}"
            yield Problem("serving.models", f"{gpus} GPUs", allowed, "Fewer replicas, or more nodes")
