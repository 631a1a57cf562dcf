"""Values of charts that take away what the traffic path, its limits, its scaling or its alerts rest on."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.edge.gateway_rules import gateway_sets
from infra.settings.network import Network
from infra.settings.serving import Serving
from serving.platform.chart_needs import GATEWAYS, ISSUER, LIMITS, NEEDS, TENANTS
from serving.platform.needed_values import needed_problems
from serving.platform.prometheus_needs import HEARTBEATS, METRICS, RECEIVERS, SCALING, WATCHING
from serving.watching.receivers import HEARTBEAT

from . import Traffic
from .receiver_rules import receivers_of
from .served import has_counted_limits


def chart_value_problems(serving: Serving, traffic: Traffic, network: Network | None) -> Iterator[Problem]:
    """Values of each chart against what of these settings rests on it."""
    uses = _uses(serving, traffic, network)
    for key, chart in serving.platform.chosen().items():
        needs, path = NEEDS.get(key, ()), f"serving.platform.{key}"
        yield from needed_problems(chart.values, needs, chart=key, uses=uses, path=path)


def _uses(serving: Serving, traffic: Traffic, network: Network | None) -> frozenset[str]:
    tenants, given = bool(traffic.tenants), traffic.certificate
    behind_edge = network is not None and bool(gateway_sets(network.edge, serving.platform))
    has = {
        GATEWAYS: tenants or behind_edge,
        TENANTS: tenants,
        LIMITS: has_counted_limits(traffic),
        ISSUER: tenants and given is not None and given.issuer is not None,
        SCALING: bool(traffic.scaling),
        WATCHING: traffic.watching is not None,
        RECEIVERS: bool(receivers_of(traffic)),
        HEARTBEATS: any(each.kind == HEARTBEAT for each in receivers_of(traffic)),
        METRICS: bool(traffic.scaling) or traffic.watching is not None,
    }
    return frozenset(use for use, there in has.items() if there)
