"""Rules for candidates: what a release needs beside the model that it may replace."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from facts.problem import Problem
from facts.shapes import Shape, find_shape
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import engine_image, serving_problems
from infra.settings.serving.placement_rules import pool_placement, sure_nodes
from infra.settings.serving.team_models import engine_plan
from infra.settings.weights.rules import disk_gb
from serving.catalogue.loader import find_model
from serving.routing.target import CANDIDATE, server_name

from . import Traffic
from .candidates import CHANGEABLE, CandidateModel, candidate_models, with_candidates
from .served import PRIORITY_OPTION, USAGE_OPTION, context_of, most_running

PATH = "traffic.candidates"
STEPS = (0, 25, 50, 75, 100)
"""Shares of the requests in percent: blue-green is 0 and then 100, a rolling release takes all of them."""

SAME_OPTIONS: Mapping[str, str] = {
    PRIORITY_OPTION: "the gateway sets the priority in every request of the model",
    USAGE_OPTION: "the gateway counts the tokens of every stream of the model",
}
"""Options that must be those of the model, with the reason."""


def candidate_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Candidates of unknown models, that users would notice, or that have no room beside the model."""
    names = [model.name for model in serving.models]
    for name, wanted in traffic.candidates.items():
        path = f"{PATH}.{name}"
        if wanted.weight not in STEPS:
            allowed = f"must be a step of a release: {', '.join(map(str, STEPS))} percent"
            yield Problem(f"{path}.weight", wanted.weight, allowed)
        if name not in names:
            allowed = f"is not a model of this stack: {', '.join(names) or 'there are none'}"
            yield Problem.not_one_of(path, name, names, allowed)
        elif (taken := server_name(name, CANDIDATE)) in names:
            allowed = f"would have the names of model {taken}: its Deployment and its Service"
            yield Problem(path, name, allowed, f"Rename model {taken}")
    for candidate in candidate_models(serving, traffic.candidates):
        path = f"{PATH}.{candidate.served_name}"
        yield from _release_problems(serving, candidate, path)
        yield from _traffic_problems(candidate, traffic, path)
    yield from _room_problems(gpu, serving, traffic)


def _release_problems(serving: Serving, candidate: CandidateModel, path: str) -> Iterator[Problem]:
    """What makes it no release of the model, or one that a client would notice."""
    stable = candidate.stable
    changed = [key for key in CHANGEABLE if _value(serving, candidate, key) != _value(serving, stable, key)]
    if not {*changed} - {"replicas"}:
        allowed = f"is the same release as model {stable.name}: it must differ in more than `replicas`"
        yield Problem(path, candidate.weight, allowed, "Change a key, e.g. revision, or remove it")
    context, least = context_of(candidate), context_of(stable)
    if find_model(candidate.model) is not None and context < least:
        allowed = f"must be {least:,} or more, the context of the model: longer prompts would fail by chance"
        yield Problem(f"{path}.contextTokens", context, allowed)
    served, wanted = (sorted(each.name for each in model.adapters) for model in (candidate, stable))
    if served != wanted:
        allowed = f"must serve the names of the model's adapters: {', '.join(wanted) or 'it has none'}"
        yield Problem(f"{path}.adapters", served, allowed)
    for option, reason in SAME_OPTIONS.items():
        own, needed = candidate.engine_options.get(option), stable.engine_options.get(option)
        if own != needed:
            allowed = f"must be the model's, {needed or 'none'}: {reason}"
            yield Problem(f"{path}.engineOptions.{option}", own, allowed)


def _value(serving: Serving, model: ModelSettings, key: str) -> object:
    """The value in use, for keys whose default is another setting."""
    if key in ("image", "image_digest"):
        return engine_image(serving, model)
    if key == "revision" and model.revision is None:
        entry = find_model(model.model)
        return entry.revision if entry else None
    return getattr(model, key)


def _traffic_problems(candidate: CandidateModel, traffic: Traffic, path: str) -> Iterator[Problem]:
    """A share of the requests that it cannot get or cannot answer, and tenants' promises."""
    weight, name = candidate.weight, candidate.served_name
    if weight and not traffic.tenants:
        allowed = "has no effect: without tenants there is no gateway that divides requests"
        yield Problem(f"{path}.weight", weight, allowed, "Add traffic.tenants, or set it to 0")
    if 0 < weight < 100 and not candidate.stable.replicas:
        allowed = f"must be 100, because the model has no engines: the other {100 - weight} % would fail"
        yield Problem(f"{path}.weight", weight, allowed, "Or raise the model's replicas")
    least = max(math.ceil(candidate.stable.replicas * weight / 100), 1 if weight else 0)
    if candidate.replicas < 0:
        return  # The rule of the engines says so.
    if candidate.replicas < least:
        allowed = (
            f"must be {least} or more for {weight} % of the requests, which {candidate.stable.replicas} engines of the "
            "model answer now"
        )
        yield Problem(f"{path}.replicas", candidate.replicas, allowed, "Raise it, or lower the weight")
    running, context = most_running(candidate, traffic), context_of(candidate)
    for index, tenant in enumerate(traffic.tenants):
        if name not in tenant.models:
            continue
        prompt, many = tenant.prompt_tokens, tenant.concurrent_requests
        if prompt is not None and context and prompt >= context:
            allowed = f"must be below {context:,}, the context of the candidate of {name}"
            yield Problem(f"traffic.tenants[{index}].promptTokens", prompt, allowed)
        share = math.ceil((many or 0) * weight / 100)
        if running is not None and share > running:
            allowed = (
                f"sends {share:,} requests of {tenant.name} at the same time to engines that run {running:,}"
            )
            yield Problem(f"{path}.weight", weight, allowed, "Raise the candidate's replicas")


def _room_problems(gpu: Gpu, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Engines that break their own rules, GPUs and disks."""
    # What the other engines need is unknown, or which model is meant.
    if any(True for _ in serving_problems(gpu, serving)):
        return
    both = with_candidates(serving, traffic.candidates)
    broken = [*_own_problems(gpu, serving, both)]
    yield from broken
    if broken:
        return
    for pool in gpu.pools:
        shape = find_shape(pool.shape)
        if shape is not None and shape.gpus:
            yield from _gpu_problems(pool, shape, serving, both)
            yield from _disk_problems(pool, shape, both)


def _own_problems(gpu: Gpu, serving: Serving, both: Serving) -> Iterator[Problem]:
    """The problems of engines, at the candidate's path."""
    for index, model in enumerate(both.models[len(serving.models) :], len(serving.models)):
        start = f"serving.models[{index}]"
        for problem in serving_problems(gpu, both):
            if problem.path.startswith((f"{start}.", f"{start}:")) or problem.path == start:
                yield replace(problem, path=f"{PATH}.{model.served_name}{problem.path[len(start) :]}")


def _gpu_problems(pool: GpuPool, shape: Shape, serving: Serving, both: Serving) -> Iterator[Problem]:
    nodes = sure_nodes(pool)
    if pool_placement(pool, shape, serving, nodes=nodes).misfits:
        return  # The model's own rule says so.
    misfits = pool_placement(pool, shape, both, nodes=nodes).misfits
    for candidate in _candidates_on(pool, both) if misfits else ():
        allowed = (
            f"must fit on pool {pool.name} beside the engines of the models: engines would wait forever, because "
            f"{misfits[0].reason}"
        )
        fix = "Use fewer replicas, more nodes, or another pool"
        yield Problem(f"{PATH}.{candidate.served_name}.replicas", candidate.replicas, allowed, fix)


def _disk_problems(pool: GpuPool, shape: Shape, both: Serving) -> Iterator[Problem]:
    """Engines without staging download to their node's disk. (weights_room_problems judges staged weights.)"""
    if both.weights is not None or not disk_gb(shape, pool):
        return
    plans = [(model, engine_plan(model, shape)) for model in both.models if model.pool == pool.name]
    needed = sum(model.replicas * plan.nodes * plan.disk_gib * 1.074 for model, plan in plans if plan)
    has = sure_nodes(pool) * disk_gb(shape, pool)
    for candidate in _candidates_on(pool, both) if needed > has else ():
        allowed = f"needs disks of {needed:,.0f} GB with the other engines of pool {pool.name}, which has {has:,.0f}"
        yield Problem(f"{PATH}.{candidate.served_name}.replicas", candidate.replicas, allowed)


def _candidates_on(pool: GpuPool, both: Serving) -> list[CandidateModel]:
    return [each for each in both.models if isinstance(each, CandidateModel) and each.pool == pool.name]
