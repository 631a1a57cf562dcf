"""Rules for nodes that stay free for engines: `warm` of a GPU pool."""

from collections.abc import Iterator

from components.cluster.pool_rules import AUTOSCALER
from facts.problem import Problem
from infra.settings.gpu import Gpu, WarmNodes
from infra.settings.serving import Serving
from infra.settings.values.images import pinned_problems
from serving.platform.priority_classes import AUTOSCALED_FROM
from serving.platform.warm_nodes import NODES


def warm_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Free nodes of a pool that nobody grows, more than the pool may have, and pods that would not leave."""
    for index, pool in enumerate(gpu.pools):
        warm, path = pool.warm, f"gpu.pools[{index}].warm"
        if warm is None:
            continue
        if pool.size_owner != AUTOSCALER:
            allowed = (
                f"must not be set without sizeOwner {AUTOSCALER}: nothing would add a node for an engine"
            )
            yield Problem(path, warm.nodes, allowed)
        elif pool.max_nodes is not None and warm.nodes >= pool.max_nodes:
            yield Problem(f"{path}.nodes", warm.nodes, f"must be below maxNodes, {pool.max_nodes}")
        low, high = NODES
        if not low <= warm.nodes <= high:
            yield Problem(f"{path}.nodes", warm.nodes, f"must be {low} to {high}")
        yield from pinned_problems(warm.image, warm.image_digest, f"{path}.image")
        yield from _class_problems(warm, serving, f"{path}.priorityClass")
        if all(model.team for model in serving.models):
            allowed = "must not be set: its pods run in the namespace of the models without a team, and there are none"
            yield Problem(path, warm.nodes, allowed)


def _class_problems(warm: WarmNodes, serving: Serving, path: str) -> Iterator[Problem]:
    found = serving.priorities.get(warm.priority_class)
    if found is None:
        allowed = "is not in serving.priorities"
        yield Problem.not_one_of(
            path,
            warm.priority_class,
            [*serving.priorities],
            allowed,
            otherwise="Add it to serving.priorities",
        )
    elif not AUTOSCALED_FROM <= found.value < 0:
        fix = f"From 0, it would not leave for an engine; below {AUTOSCALED_FROM}, the autoscaler ignores its pods"
        yield Problem(
            path,
            warm.priority_class,
            f"must have a value from {AUTOSCALED_FROM} to -1, not {found.value}",
            fix,
        )
