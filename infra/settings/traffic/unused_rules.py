"""Settings of the traffic path that have no effect, because what reads them is missing."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem
from infra.settings.base import Section
from infra.settings.edge.gateway_rules import PATH as CHART_PATH
from infra.settings.edge.gateway_rules import gateway_sets
from infra.settings.network import Network
from infra.settings.serving import Serving
from serving.watching.catalogue import FEATURES, all_alerts

from . import Traffic
from .served import has_counted_limits
from .watching_rules import watched_features

_NO_GATEWAY = "has no effect: without tenants there is no gateway"


def unused_gateway_problems(traffic: Traffic) -> Iterator[Problem]:
    """Keys of the gateway without tenants, and a fail mode without limits that could fail."""
    if traffic.tenants:
        if traffic.limits.fail_closed and not has_counted_limits(traffic):
            allowed = "has no effect: no tenant has requestsPerMinute or tokensPerMinute"
            yield Problem("traffic.limits.failClosed", True, allowed, "Add a limit, or remove it")
        return
    given: dict[str, object] = {"hostName": traffic.host_name}
    given |= {"certificate": "given"} if traffic.certificate is not None else {}
    given |= {**_given("gateway", traffic.gateway), **_given("limits", traffic.limits)}
    for key, value in given.items():
        if value is not None:
            yield Problem(f"traffic.{key}", value, _NO_GATEWAY, "Add traffic.tenants, or remove it")


def unused_envoys_problems(network: Network, serving: Serving) -> Iterator[Problem]:
    """Envoys of gateways that do not exist."""
    chart = serving.platform.gateway
    if chart and "envoys" in chart.model_fields_set and not gateway_sets(network.edge, serving.platform):
        allowed = "has no effect: no backend set of the edge has a gateway"
        fix = "Remove it. traffic.gateway.envoys is the number for the gateway of the models"
        yield Problem(f"{CHART_PATH}.envoys", chart.envoys, allowed, fix)


def unused_threshold_problems(network: Network, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Thresholds of alerts that this environment does not get, because nothing sends their metrics."""
    features = frozenset(watched_features(network, serving, traffic))
    for name, value in (traffic.watching.thresholds if traffic.watching else {}).items():
        alert = all_alerts().get(name)
        if alert is not None and not alert.wanted(features):
            needed = " or ".join(FEATURES[each] for each in alert.only_with.split(" "))
            allowed = f"has no effect: the alert needs {needed}, which these settings do not have"
            yield Problem(f"traffic.watching.thresholds.{name}", value, allowed, "Remove it")


def _given(key: str, section: Section) -> Mapping[str, object]:
    """The keys of a section that the user set."""
    return {
        f"{key}.{name}": value
        for name, value in section.model_dump(by_alias=True, exclude_unset=True).items()
    }
