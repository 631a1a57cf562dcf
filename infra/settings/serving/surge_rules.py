"""Whether there are GPUs for one more engine during a rollout: in the pool, and in the team's quota."""

import math
from collections.abc import Iterator

from facts.problem import Problem
from facts.shapes import find_shape
from infra.settings.gpu import Gpu
from infra.settings.network.addresses import gpu_most_nodes, smallest_nodes
from infra.settings.serving import ModelSettings, Serving
from infra.settings.traffic import Traffic
from infra.settings.traffic.candidates import with_candidates
from infra.settings.traffic.scaled import at_most

from .model_rules import engine_layout, gpus_of, serving_problems
from .placement_rules import pool_placement
from .team_models import engine_needs, team_needs


def surge_fits(gpu: Gpu, serving: Serving, traffic: Traffic, settings: ModelSettings) -> bool:
    """Whether there is certainly space for one more engine of the model while the others keep running.

    The scheduler may have placed the engines in any way, so only the average of the free GPUs is certain on some node.
    For engines that span nodes and for pools with autoscaled engines, nothing is certain. A model of
    `traffic.scaling` counts with the most engines that it may have.
    """
    pool = next((each for each in gpu.pools if each.name == settings.pool), None)
    shape = find_shape(pool.shape) if pool else None
    if pool is None or shape is None:
        return False
    largest = at_most(gpu, serving, traffic)
    beside = [model for model in largest.models if model.pool == pool.name]
    layout = engine_layout(settings, shape)
    if layout is None or layout.nodes > 1 or pool.nodes < 1 or any(model.autoscaled for model in beside):
        return False
    nodes = smallest_nodes(pool)
    free = nodes * shape.gpus - sum(model.replicas * gpus_of(model, shape) for model in beside)
    in_pool = nodes > 0 and math.ceil(free / nodes) >= layout.gpus
    return in_pool and not _beyond_quota(gpu, largest, traffic, settings)


def spare_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Models with `spareGpus` when the GPUs do not exist."""
    both = with_candidates(serving, traffic.candidates)
    # The needs of a model that breaks its own rules are unknown.
    if any(True for _ in serving_problems(gpu, both)):
        return
    largest = at_most(gpu, serving, traffic)
    for index, settings in enumerate(largest.models):
        pool = next((each for each in gpu.pools if each.name == settings.pool), None)
        shape = find_shape(pool.shape) if pool else None
        if not settings.spare_gpus or pool is None or shape is None:
            continue
        path = f"serving.models[{index}].spareGpus"
        most = gpu_most_nodes(pool)
        rollout = pool_placement(pool, shape, largest, nodes=most, one_more=settings)
        misfit = next((each for each in rollout.misfits if each.name == settings.name), None)
        if misfit is not None:
            allowed = f"one more engine does not fit pool {pool.name} at its largest size: {misfit.reason}"
            yield Problem(path, True, allowed, "Remove it")
        elif _beyond_quota(gpu, largest, traffic, settings):
            allowed = f"one more engine does not fit the quota of team {settings.team}"
            yield Problem(path, True, allowed, "Remove it, or raise the quota")


def _beyond_quota(gpu: Gpu, serving: Serving, traffic: Traffic, settings: ModelSettings) -> bool:
    """Whether one more engine of the model would exceed the quota of its team, which would refuse the pod."""
    team = next((each for each in serving.teams if each.name == settings.team), None)
    pool = next((each for each in gpu.pools if each.name == settings.pool), None)
    shape = find_shape(pool.shape) if pool else None
    if team is None or shape is None:
        return False
    needs = team_needs(gpu, serving, traffic, team.name) + engine_needs(settings, shape)
    return bool(needs.beyond(team))
