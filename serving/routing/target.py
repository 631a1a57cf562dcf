"""The object that requests for a model go to, and the labels by which its engines are found.

Routes, rules and weights read this module and nothing else, so another kind of object can take a Service's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from serving.engine.options.arguments import PORT

STABLE, CANDIDATE = "stable", "candidate"
TRACKS = (STABLE, CANDIDATE)
"""A model's engines of the release that users have, and those of the release that is being tried."""

ROUTERS = ("smg", "vllm-router")
"""Programs of routers, which name the files of their metrics too (facts/data/metrics)."""

MODEL_LABEL = "genai-playground/model"
TRACK_LABEL = "genai-playground/track"
"""Labels of engine pods. Selectors of Deployments cannot change, so they do not contain these labels."""


@dataclass(frozen=True, kw_only=True)
class RouteTarget:
    """A Kubernetes object that requests can be sent to."""

    kind: str
    """`Service`."""

    name: str
    namespace: pulumi.Input[str]
    port: int


def track_labels(model: str, track: str = STABLE) -> Mapping[str, str]:
    """The labels of the engine pods of a model and track. `model` is the model's name in the settings."""
    return {MODEL_LABEL: model, TRACK_LABEL: track}


def server_name(model: str, track: str = STABLE) -> str:
    """Name of the engines' Deployment and Service."""
    return model if track == STABLE else f"{model}-{track}"


def router_name(model: str, track: str = STABLE) -> str:
    """Name of the router's Deployment and Service."""
    return f"{server_name(model, track)}-router"


def route_target(
    model: str, track: str = STABLE, *, namespace: pulumi.Input[str], routed: bool
) -> RouteTarget:
    """The object that requests for a model and track go to: its router's Service if `routed`, else its engines'."""
    name = router_name(model, track) if routed else server_name(model, track)
    return RouteTarget(kind="Service", name=name, namespace=namespace, port=PORT)
