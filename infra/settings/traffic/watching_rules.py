"""Rules for what watches the traffic path."""

from collections.abc import Iterator, Mapping, Sequence

from facts.prices import load_prices
from facts.problem import Problem
from facts.shapes import find_shape
from infra.settings.edge.gateway_rules import gateway_sets
from infra.settings.gpu import Gpu
from infra.settings.network import Network
from infra.settings.serving import Serving
from infra.settings.serving.team_models import engine_needs, engine_plan
from serving.watching.rendering import all_series
from serving.watching.watch_rules import watch_problems

from . import Traffic
from .candidates import CandidateSettings, candidate_models
from .metric_rules import absent_metric_problems, metric_prefix

PATH = "traffic.watching"


def watching_problems(traffic: Traffic, serving: Serving | None) -> Iterator[Problem]:
    """Objectives, thresholds and rules that Prometheus could not evaluate, and no Prometheus."""
    watching = traffic.watching
    if watching is None:
        return
    yield from watch_problems(watching, all_series(metric_prefix(serving)), path=PATH)
    queries = {f"{PATH}.rules.{name}.expr": rule.expr for name, rule in watching.rules.items()}
    yield from absent_metric_problems(queries, traffic, serving)
    if serving is not None and serving.platform.prometheus is None:
        fix = "Add serving.platform.prometheus: {}"
        yield Problem(PATH, "on", "needs serving.platform.prometheus, which evaluates the rules", fix)


def watched_features(network: Network, serving: Serving, traffic: Traffic) -> Sequence[str]:
    """The parts of this environment that have alerts: keys of serving.watching.catalogue.FEATURES."""
    platform = serving.platform
    has = {
        "engines": bool(serving.models),
        "smg": _routed(serving, traffic, "smg"),
        "vllm-router": _routed(serving, traffic, "vllm-router"),
        "gateway": _has_gateway(network, serving, traffic),
        "aiGateway": platform.ai_gateway is not None,
        "gpu": platform.metrics_exporter is not None,
        "weights": bool(serving.weights and serving.models),
        "keda": platform.keda is not None,
        "certManager": platform.cert_manager is not None,
    }
    return [feature for feature, there in has.items() if there]


def _has_gateway(network: Network, serving: Serving, traffic: Traffic) -> bool:
    """Whether there are Envoys: those of the models, or those behind the edge's load balancer."""
    edge = network.edge
    return bool(traffic.tenants) or bool(edge.load_balancer and gateway_sets(edge, serving.platform))


def _routed(serving: Serving, traffic: Traffic, implementation: str) -> bool:
    router = traffic.router
    return bool(serving.models) and router is not None and router.implementation == implementation


def model_namespaces(serving: Serving) -> Sequence[str]:
    """The namespaces of the models."""
    return sorted({model.team or serving.namespace for model in serving.models})


def hour_prices(gpu: Gpu, serving: Serving) -> Mapping[str, float]:
    """Price of one engine in an hour, by model: that of its GPUs. Models on GPUs without a price are left out."""
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    prices = load_prices()
    found: dict[str, float] = {}
    for model in serving.models:
        shape = shapes.get(model.pool)
        price = prices.gpu_hour(shape.name) if shape else None
        if shape is not None and price is not None:
            found[model.name] = price * engine_needs(model, shape).gpus
    return found


SERVED_EMPTY_SECONDS = 180
"""How long a candidate with a share of the requests may have no engine: as the model itself (EngineNoneReady)."""


def empty_seconds(
    gpu: Gpu, serving: Serving, candidates: Mapping[str, CandidateSettings]
) -> Mapping[str, int]:
    """Seconds that each candidate may have no engine, by its model. One that gets no requests may start first."""
    found: dict[str, int] = {}
    for each in candidate_models(serving, candidates):
        starting = start_seconds(gpu, serving.model_copy(update={"models": (each,)}))
        found[each.served_name] = (
            SERVED_EMPTY_SECONDS if each.weight else starting.get(each.served_name, SERVED_EMPTY_SECONDS)
        )
    return found


def start_seconds(gpu: Gpu, serving: Serving) -> Mapping[str, int]:
    """Seconds that an engine of each model, or of its candidate, may take to start, after its pod has a node."""
    shapes = {pool.name: find_shape(pool.shape) for pool in gpu.pools}
    found: dict[str, int] = {}
    for model in serving.models:
        shape = shapes.get(model.pool)
        plan = engine_plan(model, shape) if shape is not None else None
        if plan is not None:
            seconds = plan.budget.image_pull_seconds + plan.budget.probe_seconds
            found[model.served_name] = max(seconds, found.get(model.served_name, 0))
    return found
