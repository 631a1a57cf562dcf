"""Rules for models whose number of engines follows the load."""

from collections.abc import Iterator

from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.gpu import Gpu
from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import serving_problems
from serving.scaling.scaling_rules import scaling_problems
from serving.watching.rendering import all_series

from . import Traffic
from .metric_rules import absent_metric_problems, metric_prefix
from .scaled import at_most, least_engines, room_problem

PATH = "traffic.scaling"


def own_scaling_problems(traffic: Traffic, serving: Serving | None) -> Iterator[Problem]:
    """Bounds, thresholds, periods and queries that are wrong by themselves."""
    known = all_series(metric_prefix(serving))
    for name, choices in traffic.scaling.items():
        yield from scaling_problems(choices, known, path=f"{PATH}.{name}")
        queries = {f"{PATH}.{name}.queries.{key}.expr": each.expr for key, each in choices.queries.items()}
        yield from absent_metric_problems(queries, traffic, serving)


def scaled_model_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Models that do not exist or cannot be scaled, and what the autoscaler needs."""
    if not traffic.scaling:
        return
    models = {model.name: (index, model) for index, model in enumerate(serving.models)}
    for name in traffic.scaling:
        if name in models:
            yield from _model_problems(traffic, *models[name])
        else:
            allowed = f"must be a model of serving.models: {', '.join(models) or 'there are none'}"
            yield Problem.not_one_of(f"{PATH}.{name}", name, models, allowed)
    count, platform = f"{len(traffic.scaling)} scaled", serving.platform
    for key, chart, what in (
        ("keda", platform.keda, "which sets the number of engines"),
        ("prometheus", platform.prometheus, "which has the metrics of the engines"),
    ):
        if chart is None:
            allowed = f"needs serving.platform.{key}, {what}"
            yield Problem(PATH, count, allowed, f"Add serving.platform.{key}: {{}}")
    if traffic.watching is None:
        allowed = "needs traffic.watching, with which Prometheus scrapes the engines"
        yield Problem(PATH, count, allowed, "Add traffic.watching: {}")


def _model_problems(traffic: Traffic, index: int, model: ModelSettings) -> Iterator[Problem]:
    path, scaling = f"serving.models[{index}]", traffic.scaling[model.name]
    if (model.nodes or 1) > 1:
        allowed = (
            f"must be 1 with {PATH}.{model.name}: nothing measures how many engines over nodes are ready"
        )
        yield Problem(f"{path}.nodes", model.nodes, allowed, "Remove one of them")
    if model.autoscaled:
        allowed = f"must not be set with {PATH}.{model.name}: two autoscalers would fight over the number"
        yield Problem(f"{path}.autoscaled", True, allowed, "Remove one of them")
    if scaling.min_engines is None and least_engines(model, traffic) == 0:
        allowed = (
            "must be 1 or more, because `replicas` is 0: an engine on MI300X takes many minutes to start"
        )
        yield Problem(f"{PATH}.{model.name}.minEngines", MISSING, allowed, "Set it, and raise `replicas`")
    elif allowed := _bounds_broken(model.replicas, scaling.min_engines, scaling.max_engines):
        said = f"{allowed}, the bounds of {PATH}.{model.name}: the autoscaler begins with this number"
        yield Problem(f"{path}.replicas", model.replicas, said)


def _bounds_broken(replicas: int, low: int | None, high: int | None) -> str | None:
    """What a number outside its bounds must be. None if it is inside, or if the bounds themselves are wrong."""
    if high is not None and high < max(1, low or 0):
        return None
    if high is not None and replicas > high:
        return f"must be {high} or less" if low is None else f"must be {low} to {high}"
    if low is not None and replicas < low:
        return f"must be {low} or more" if high is None else f"must be {low} to {high}"
    return None


def scaling_room_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """More engines than the pools have GPUs for."""
    if not traffic.scaling or any(
        True
        for rule in (serving_problems(gpu, serving), own_scaling_problems(traffic, serving))
        for _ in rule
    ):
        return
    scaled = [model for model in serving.models if model.name in traffic.scaling and (model.nodes or 1) == 1]
    for model in scaled:
        rivals = [
            other.name
            for other in scaled
            if other is not model and other.pool == model.pool and not _names_most(traffic, other)
        ]
        if rivals and not _names_most(traffic, model):
            allowed = f"is required: {rivals[0]} also takes all free GPUs of pool {model.pool}"
            yield Problem(f"{PATH}.{model.name}.maxEngines", MISSING, allowed)
            return
    largest = at_most(gpu, serving, traffic)
    for model in largest.models:
        path = f"{PATH}.{model.name}.maxEngines"
        given = traffic.scaling[model.name].max_engines if model.name in traffic.scaling else None
        if given is None or (model.nodes or 1) > 1:
            continue
        why = room_problem(gpu, largest, traffic, model)
        if why is not None:
            yield Problem(
                path, given, f"must fit the GPUs that the pools are sure to have: {why}", "Lower it"
            )


def _names_most(traffic: Traffic, model: ModelSettings) -> bool:
    return traffic.scaling[model.name].max_engines is not None
