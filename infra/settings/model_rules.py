"""What must hold between the models and the GPU pools that they run on."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from facts.ocids import is_placeholder
from facts.problem import Problem, nearest
from facts.shapes import Shape, find_shape
from serving.catalogue.loader import catalogue, find_model
from serving.catalogue.model import Model
from serving.engine.fit import memory_problems
from serving.engine.memory import plan_memory

from .gpu import Gpu, GpuPool
from .serving import ModelSettings, Serving
from .wording import MISSING

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def serving_problems(serving: Serving) -> Iterator[Problem]:
    """What is wrong with the models whatever they run on."""
    if not _DIGEST.fullmatch(serving.image_digest) and not is_placeholder(serving.image_digest):
        yield Problem(
            "serving.imageDigest", serving.image_digest, "must be sha256: and 64 hexadecimal digits"
        )
    for index, settings in enumerate(serving.models):
        path = f"serving.models[{index}]"
        model = find_model(settings.model)
        if model is None:
            guess = nearest(settings.model, catalogue())
            fix = f"Did you mean `{guess}`?" if guess else f"The catalogue has {', '.join(catalogue())}"
            yield Problem(f"{path}.model", settings.model, "is not in the catalogue", fix)
        else:
            yield from _source_problems(settings, model, serving, path)


def _source_problems(settings: ModelSettings, model: Model, serving: Serving, path: str) -> Iterator[Problem]:
    if settings.revision is None and is_placeholder(model.revision):
        fix = f"The commit of {model.repository} that you have checked"
        yield Problem(
            f"{path}.revision", MISSING, f"is required: the catalogue knows none of {model.name}", fix
        )
    if model.gated and serving.hugging_face_token is None:
        allowed = f"is required: {model.repository} is gated"
        yield Problem("serving.huggingFaceToken", MISSING, allowed, f"{path} needs it")


def placement_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Models on pools that are not there, that do not fit a GPU, or that are more than a pool has GPUs for."""
    pools = {pool.name: pool for pool in gpu.pools}
    wanted: defaultdict[str, int] = defaultdict(int)
    for index, settings in enumerate(serving.models):
        path = f"serving.models[{index}]"
        pool = pools.get(settings.pool)
        if pool is None:
            allowed = f"must be a GPU pool: {', '.join(pools) or 'there is none'}"
            yield Problem(f"{path}.pool", settings.pool, allowed)
            continue
        model, shape = find_model(settings.model), find_shape(pool.shape)
        if model is None or shape is None or not shape.gpus:
            continue
        found = list(_fit_problems(settings, model, shape, path))
        yield from found
        if not found:
            wanted[pool.name] += settings.replicas * _gpus(settings, model, shape)
    yield from _room_problems(pools, wanted)


def _fit_problems(settings: ModelSettings, model: Model, shape: Shape, path: str) -> Iterator[Problem]:
    yield from memory_problems(
        model,
        shape,
        gpus=settings.gpus,
        context_tokens=settings.context_tokens,
        kv_type=settings.kv_cache_type,
        path=path,
    )


def _gpus(settings: ModelSettings, model: Model, shape: Shape) -> int:
    plan = plan_memory(
        model,
        shape,
        gpus=settings.gpus,
        context_tokens=settings.context_tokens,
        kv_type=settings.kv_cache_type,
    )
    return plan.layout.gpus


def _room_problems(pools: Mapping[str, GpuPool], wanted: Mapping[str, int]) -> Iterator[Problem]:
    for name, gpus in wanted.items():
        pool = pools[name]
        shape = find_shape(pool.shape)
        has = max(pool.nodes, pool.max_nodes or 0) * (shape.gpus if shape else 0)
        if gpus > has:
            allowed = f"must fit pool {name}, which has {has} GPUs at most; its models take {gpus}"
            yield Problem("serving.models", f"{gpus} GPUs", allowed, "Fewer replicas, or more nodes")
