"""The models behind the gateway, as its rules and its layer see them."""

import re
from dataclasses import replace

from infra.settings.serving import ModelSettings, Serving
from infra.settings.serving.model_rules import drain_of
from serving.catalogue.loader import find_model
from serving.engine.deadlines import longest_answer_seconds
from serving.gateway.model_gateway_args import GatewayModelArgs, GatewayTargetArgs
from serving.routing.router_rules import TRACE, TRACES
from serving.routing.target import route_target

from . import Traffic
from .candidates import candidate_model

PRIORITY_OPTION = "scheduling-policy"
USAGE_OPTION = "enable-force-include-usage"
SEQUENCES_OPTION = "max-num-seqs"
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
DEFAULT_SEQUENCES = 1024
"""Requests that an engine runs at the same time on a GPU of 160 GiB or more (vllm/engine/arg_utils.py of 0.33)."""


def served_models(serving: Serving, traffic: Traffic) -> list[GatewayModelArgs]:
    """Every name that a request can contain: each model's, then its adapters'."""
    return [
        GatewayModelArgs(
            name=name,
            targets=targets_of(serving, traffic, model),
            context_tokens=context_of(model),
            answer_seconds=max(
                longest_answer_seconds(each.engine, find_model(each.model))
                for each in _tracks(model, traffic)
            ),
            stream_seconds=max(drain_of(each).longest_stream_seconds for each in _tracks(model, traffic)),
            by_priority=model.engine_options.get(PRIORITY_OPTION) == "priority",
            counts_tokens=model.engine_options.get(USAGE_OPTION) == "true",
        )
        for model in serving.models
        for name in (model.name, *(adapter.name for adapter in model.adapters))
    ]


def served_names(serving: Serving) -> list[str]:
    """Every name that a request can contain."""
    return [
        name
        for model in serving.models
        for name in (model.name, *(adapter.name for adapter in model.adapters))
    ]


def owner_of(serving: Serving, name: str) -> ModelSettings | None:
    """The model whose engines answer for a name in requests."""
    owned = (
        model
        for model in serving.models
        if name == model.name or name in [adapter.name for adapter in model.adapters]
    )
    return next(owned, None)


def targets_of(serving: Serving, traffic: Traffic, model: ModelSettings) -> list[GatewayTargetArgs]:
    """The Services that get a model's requests, each with its share: of its own engines, and of its candidate's."""
    tracks = _tracks(model, traffic)
    if len(tracks) == 1:
        return [target_of(serving, traffic, model)]
    weight = traffic.candidates[model.name].weight
    return [
        replace(target_of(serving, traffic, each), weight=share)
        for each, share in zip(tracks, (100 - weight, weight), strict=True)
    ]


def target_of(serving: Serving, traffic: Traffic, model: ModelSettings) -> GatewayTargetArgs:
    """The Service that gets the requests of one track of a model: its router's, or its engines'."""
    namespace = model.team or serving.namespace
    target = route_target(
        model.served_name, model.track, namespace=namespace, routed=traffic.router is not None
    )
    return GatewayTargetArgs(service=target.name, namespace=namespace, port=target.port)


def _tracks(model: ModelSettings, traffic: Traffic) -> list[ModelSettings]:
    """The model, and its candidate if it has one."""
    wanted = traffic.candidates.get(model.name)
    return [model] if wanted is None else [model, candidate_model(model, wanted)]


def context_of(model: ModelSettings) -> int:
    """The longest context of a model in tokens. 0 for an unknown model."""
    entry = find_model(model.model)
    return model.context_tokens or (entry.max_context if entry else 0)


def most_running(model: ModelSettings, traffic: Traffic) -> int | None:
    """Requests that the engines of a model run at the same time. None if their number changes, or is not a number."""
    given = model.engine_options.get(SEQUENCES_OPTION, str(DEFAULT_SEQUENCES))
    scaling = traffic.scaling.get(model.name)
    engines = model.replicas if scaling is None else scaling.max_engines
    # Numbers outside their limits are problems of their own.
    if not engines or engines < 0 or model.autoscaled or not _COUNT.fullmatch(given):
        return None
    return engines * int(given)


def collector_of(traffic: Traffic) -> str | None:
    """The collector of the gateway's traces: its own, or the router's, so that both are in one trace."""
    options = traffic.router.options if traffic.router else {}
    return traffic.gateway.traces or (options.get(TRACES) if options.get(TRACE) == "true" else None)


def has_counted_limits(traffic: Traffic) -> bool:
    """Whether any tenant has a limit per minute, which the cache counts."""
    return any(
        limit is not None
        for tenant in traffic.tenants
        for limit in (tenant.requests_per_minute, tenant.tokens_per_minute)
    )
