"""How many engines the bounds of scaled models allow, and whether the pools have GPUs for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from facts.shapes import Shape, find_shape
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network.addresses import gpu_most_nodes
from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import gpus_of
from infra.settings.serving.placement_rules import pool_placement, sure_nodes
from infra.settings.serving.team_models import team_needs
from serving.scaling.scaling_rules import MOST_ENGINES

from . import Traffic
from .candidates import with_candidates


@dataclass(frozen=True, kw_only=True)
class EngineBounds:
    """The fewest and the most engines of a model."""

    least: int
    most: int


def engine_bounds(gpu: Gpu, serving: Serving, traffic: Traffic) -> Mapping[str, EngineBounds]:
    """The bounds of each scaled model, by name. The models must have passed their own rules."""
    serving = with_candidates(serving, traffic.candidates)
    found: dict[str, EngineBounds] = {}
    for model in serving.models:
        scaling = traffic.scaling.get(model.name)
        if scaling is not None:
            least = least_engines(model, traffic)
            most = scaling.max_engines
            found[model.name] = EngineBounds(
                least=least, most=_most_that_fit(gpu, serving, traffic, model) if most is None else most
            )
    return found


def least_engines(model: ModelSettings, traffic: Traffic) -> int:
    """The fewest engines of a scaled model. Beside a candidate there are at least `replicas`: otherwise too few would
    be left to take the requests back."""
    low = traffic.scaling[model.name].min_engines
    return (
        model.replicas if low is None else max(low, model.replicas if model.name in traffic.candidates else 0)
    )


def at_most(gpu: Gpu, serving: Serving, traffic: Traffic) -> Serving:
    """The models and candidates, each with the most engines that it may have."""
    serving = with_candidates(serving, traffic.candidates)
    bounds = engine_bounds(gpu, serving, traffic)
    return _with(serving, {name: each.most for name, each in bounds.items()})


def room_problem(gpu: Gpu, serving: Serving, traffic: Traffic, model: ModelSettings) -> str | None:
    """Why the engines of a model, as many as its `replicas`, are not sure to get GPUs. None if they are."""
    pool = next((each for each in gpu.pools if each.name == model.pool), None)
    shape = find_shape(pool.shape) if pool else None
    if pool is None or shape is None:
        return None
    misfit = next(iter(pool_placement(pool, shape, serving, nodes=sure_nodes(pool)).misfits), None)
    if misfit is not None:
        return f"{misfit.name} does not fit on pool {pool.name}: {misfit.reason}"
    team = next((each for each in serving.teams if each.name == model.team), None)
    if team is not None:
        beyond = team_needs(gpu, serving, traffic, team.name).beyond(team)
        wrong = next(iter(beyond.items()), None)
        return wrong and f"team {team.name} has a quota of {wrong[1][1]} {wrong[0]}, but needs {wrong[1][0]}"
    promised, has = sum(each.gpus for each in serving.teams), _gpus_of_pools(gpu)
    used = _gpus_of_models(gpu, serving)
    if promised and promised + used > has:
        return f"the quotas of teams keep {promised} of the {has} GPUs, but the models without a team need {used}"
    return None


def _most_that_fit(gpu: Gpu, serving: Serving, traffic: Traffic, model: ModelSettings) -> int:
    """As many engines as fit while the other scaled models have the most that they name, or their fewest. One more must
    fit if the model has spare GPUs for a rollout."""
    others = {
        each.name: traffic.scaling[each.name].max_engines or least_engines(each, traffic)
        for each in serving.models
        if each.name in traffic.scaling and each is not model
    }
    least = least_engines(model, traffic)
    pool = next((each for each in gpu.pools if each.name == model.pool), None)
    shape = find_shape(pool.shape) if pool else None
    if pool is None or shape is None:
        return least
    count = _free_engines(pool, shape, _with(serving, others), model)
    spare = 1 if model.spare_gpus else 0
    while count > least:
        trial = _with(serving, {**others, model.name: count + spare})
        if room_problem(gpu, trial, traffic, next(m for m in trial.models if m.name == model.name)) is None:
            return count
        count -= 1
    return least


def _free_engines(pool: GpuPool, shape: Shape, serving: Serving, model: ModelSettings) -> int:
    """Engines of the model for which the pool has GPUs, wherever these are."""
    beside = [each for each in serving.models if each.pool == pool.name and each.name != model.name]
    free = sure_nodes(pool) * shape.gpus - sum(each.replicas * gpus_of(each, shape) for each in beside)
    return min(MOST_ENGINES, free // max(1, gpus_of(model, shape)))


def _with(serving: Serving, replicas: Mapping[str, int]) -> Serving:
    models = tuple(
        model.model_copy(update={"replicas": replicas[model.name]}) if model.name in replicas else model
        for model in serving.models
    )
    return serving.model_copy(update={"models": models})


def _gpus_of_pools(gpu: Gpu) -> int:
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    return sum(
        gpu_most_nodes(pool) * shape.gpus for pool in gpu.pools if (shape := shapes[pool.name]) is not None
    )


def _gpus_of_models(gpu: Gpu, serving: Serving) -> int:
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    return sum(
        model.replicas * gpus_of(model, shape)
        for model in serving.models
        if model.team is None and (shape := shapes.get(model.pool)) is not None
    )
