"""Rules for the routers of the models."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.serving import Serving
from infra.settings.values.images import pinned_problems
from serving.routing.router_rules import router_problems
from serving.routing.target import TRACKS, router_name

from . import Traffic


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
        for other in serving.models:
            if model.name in [router_name(other.name, track) for track in TRACKS]:
                allowed = f"is the name of the router of model {other.name}"
                yield Problem(f"serving.models[{index}].name", model.name, allowed, "Rename the model")
