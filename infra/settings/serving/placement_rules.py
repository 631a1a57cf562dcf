"""Whether the models of a pool fit on its nodes, node by node, in the size that they are sure to get."""

from collections.abc import Iterator

from components.cluster.pool_rules import AUTOSCALER, MAX_POOL_NODES
from facts.problem import Problem
from facts.shapes import Shape, find_shape
from facts.wording import plural
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network.addresses import gpu_most_nodes, smallest_nodes
from infra.settings.serving import ModelSettings, Serving
from report.placement import Amount, Engines, Placement, place
from serving.engine.server_plan import THREADS_PER_CORE

from .model_rules import engine_layout, serving_problems
from .team_models import engine_needs


def pool_placement(
    pool: GpuPool,
    shape: Shape,
    serving: Serving,
    *,
    nodes: int | None = None,
    one_more: ModelSettings | None = None,
) -> Placement:
    """The placement of a pool's models on `nodes` nodes. Default: the fewest nodes that the pool may have.

    `one_more` is a model with one extra engine, which a rollout has started. The models must have passed their own
    rules. An autoscaled model counts with its initial number of engines.
    """
    node = Amount(
        gpus=shape.gpus, cpus=(shape.cores or 0) * THREADS_PER_CORE, memory_gib=shape.memory_gib or 0
    )
    engines = [
        _engines(model, shape, model.replicas + (model is one_more))
        for model in serving.models
        if model.pool == pool.name
    ]
    # The pool's own rule refuses a larger number. Without the limit a mistyped number would fill the memory first.
    count = min(smallest_nodes(pool) if nodes is None else nodes, MAX_POOL_NODES)
    return place(engines, node, count)


def _engines(model: ModelSettings, shape: Shape, replicas: int) -> Engines:
    layout, needs = engine_layout(model, shape), engine_needs(model, shape)
    pods = layout.nodes if layout else 1
    pod = Amount(gpus=needs.gpus // pods, cpus=needs.cpus // pods, memory_gib=needs.memory_gib // pods)
    return Engines(name=model.name, pod=pod, replicas=replicas, pods=pods)


def placement_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Models that do not fit on the nodes of their pool."""
    # The needs of a model that breaks its own rules are unknown.
    if any(True for _ in serving_problems(gpu, serving)):
        return
    for pool in gpu.pools:
        shape = find_shape(pool.shape)
        if shape is None or not shape.gpus:
            continue
        for misfit in pool_placement(pool, shape, serving, nodes=sure_nodes(pool)).misfits:
            index = next(i for i, model in enumerate(serving.models) if model.name == misfit.name)
            yield _problem(misfit.missing, misfit.reason, pool, serving.models[index], index)


def sure_nodes(pool: GpuPool) -> int:
    """The nodes that a waiting engine is sure to get. The program's own autoscaler adds nodes until all engines run."""
    return gpu_most_nodes(pool) if pool.size_owner == AUTOSCALER else smallest_nodes(pool)


def _problem(missing: int, reason: str, pool: GpuPool, model: ModelSettings, index: int) -> Problem:
    engines = f"{missing} of its {model.replicas} engines" if model.replicas > 1 else "its engine"
    size = plural("node", sure_nodes(pool))
    if pool.size_owner == AUTOSCALER:
        size += " at its largest size (maxNodes)"
    elif pool.min_nodes is not None:
        size += " at its smallest size (minNodes)"
    allowed = (
        f"must fit on pool {pool.name}, which has {size}: {engines} would wait forever, because {reason}"
    )
    return Problem(
        f"serving.models[{index}].replicas", model.replicas, allowed, "Use fewer replicas or more nodes"
    )
