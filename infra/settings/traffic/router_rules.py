"""Rules for the routers of the models."""

from collections.abc import Iterator

from components.cluster.system_pool_rules import drain_minutes_of
from facts.problem import Problem
from infra.settings.cluster import Cluster
from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import drain_of
from infra.settings.values.images import pinned_problems
from serving.catalogue.loader import find_model
from serving.engine.deadlines import Drain, router_deadlines
from serving.gateway.sizes import DEFAULT_CONCURRENT, body_bytes
from serving.routing.router_rules import router_problems
from serving.routing.target import CANDIDATE, TRACKS, router_name

from . import Traffic
from .candidates import with_candidates
from .served import served_models

PAYLOAD, CONCURRENT = "max-payload-size", "max-concurrent-requests"
"""Options of both programs."""


def traffic_router_problems(traffic: Traffic) -> Iterator[Problem]:
    """The problems of the router alone."""
    router = traffic.router
    if router is not None:
        yield from pinned_problems(router.image, router.image_digest, "traffic.router.image")
        yield from router_problems(router, path="traffic.router")


def routed_model_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Routers without models, and models whose names their router's objects would have."""
    if traffic.router is None:
        return
    if not serving.models:
        allowed = "must be left out: there are no models"
        yield Problem("traffic.router", traffic.router.implementation, allowed, "Add serving.models")
    for index, model in enumerate(serving.models):
        if model.name.endswith(f"-{CANDIDATE}"):
            # serving/watching/monitors.py reads model and track from the name of a router.
            allowed = f"must not end with -{CANDIDATE}: its routers would be taken for those of a candidate"
            yield Problem(f"serving.models[{index}].name", model.name, allowed, "Rename the model")
        for other in serving.models:
            if model.name in [router_name(other.name, track) for track in TRACKS]:
                allowed = f"is the name of the router of model {other.name}"
                yield Problem(f"serving.models[{index}].name", model.name, allowed, "Rename the model")


def router_drain_problems(cluster: Cluster, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """CPU pools whose nodes end before the streams of a router on them."""
    # Whether a router with problems of its own will exist is unknown.
    if traffic.router is None or not serving.models or any(True for _ in traffic_router_problems(traffic)):
        return
    both = with_candidates(serving, traffic.candidates)
    # A context that the model does not allow is a problem of its own, and no answer is that long.
    possible = [model for model in both.models if _has_possible_context(model)]
    drains = {model.name: _router_seconds(drain_of(model)) for model in possible}
    if not drains:
        return
    slowest = max(drains, key=lambda name: drains[name])
    for index, pool in enumerate(cluster.pools):
        if drains[slowest] > drain_minutes_of(pool) * 60:
            least = -(-drains[slowest] // 60)
            allowed = (
                f"must be {least} or more: a router of {slowest} may take {drains[slowest]:,} s to drain"
            )
            fix = f"Set it to {least}, or longestStreamSeconds of the model lower"
            yield Problem(f"cluster.pools[{index}].evictionMinutes", drain_minutes_of(pool), allowed, fix)


def _has_possible_context(model: ModelSettings) -> bool:
    entry = find_model(model.model)
    return entry is None or model.context_tokens is None or 0 < model.context_tokens <= entry.max_context


def _router_seconds(drain: Drain) -> int:
    stream = drain.longest_stream_seconds
    return router_deadlines(stream, stream).grace_seconds


def router_promise_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Options with which a router refuses what the gateway lets pass."""
    router = traffic.router
    if router is None or not traffic.tenants or any(True for _ in traffic_router_problems(traffic)):
        return
    options, path = router.options, "traffic.router.options"
    longest = traffic.limits.body_limit_bytes or body_bytes(served_models(serving, traffic))
    payload = options.get(PAYLOAD)
    if payload is not None and int(payload) < longest:
        allowed = (
            f"must be {longest:,} or more, the body limit of the gateway: a router refuses longer bodies"
        )
        yield Problem(f"{path}.{PAYLOAD}", payload, allowed, "Leave it out")
    together, most = options.get(CONCURRENT), _most_promised(traffic)
    if together is not None and 0 < int(together) * router.replicas < most:
        least = -(-most // router.replicas)
        allowed = f"must be {least:,} or more: tenants may have {most:,} requests to a model at the same time"
        yield Problem(f"{path}.{CONCURRENT}", together, allowed, "Leave it out, or lower concurrentRequests")


def _most_promised(traffic: Traffic) -> int:
    """Requests at the same time that all tenants together are promised to one model."""
    names = {name for tenant in traffic.tenants for name in tenant.models}
    return max(
        (
            sum(
                each.concurrent_requests or DEFAULT_CONCURRENT
                for each in traffic.tenants
                if name in each.models
            )
            for name in names
        ),
        default=0,
    )
