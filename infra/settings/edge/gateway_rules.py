"""The backend sets of the edge's balancer that a gateway in the cluster serves, and the rules for them."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem
from infra.settings.edge import BackendSet, Edge
from infra.settings.network import Network
from infra.settings.platform import Platform
from infra.settings.serving import Serving
from serving.edge.edge_gateways import envoy_problems, gateway_problems

PATH = "serving.platform.gateway"
SETS_PATH = "network.edge.loadBalancer.backendSets"


def gateway_sets(edge: Edge, platform: Platform) -> Mapping[str, BackendSet]:
    """The sets that a gateway serves, by name."""
    known, chart = _sets(edge), platform.gateway
    if chart is None:
        return {}
    if chart.backend_sets is not None:
        return {name: known[name] for name in chart.backend_sets if name in known}
    return {} if _passes_through(edge) else {name: each for name, each in known.items() if not each.addresses}


def edge_gateway_problems(network: Network, serving: Serving) -> Iterator[Problem]:
    """Sets that do not exist, have their own addresses, or get encrypted requests that the gateway could not read."""
    edge, platform = network.edge, serving.platform
    chart = platform.gateway
    if chart is None:
        return
    yield from envoy_problems(chart.envoys, f"{PATH}.envoys")
    yield from gateway_problems(tuple(gateway_sets(edge, platform)), path=SETS_PATH)
    known = _sets(edge)
    for index, name in enumerate(chart.backend_sets or ()):
        path = f"{PATH}.backendSets[{index}]"
        if name not in known:
            yield Problem.not_one_of(
                path, name, known, f"must be one of {SETS_PATH}: {', '.join(known) or 'there are none'}"
            )
        elif known[name].addresses:
            fix = "Remove the addresses: one is then reserved for the gateway"
            yield Problem(path, name, "must be a set without `addresses`", fix)
        elif _passes_through(edge):
            fix = "Write the Gateway with cert-manager's certificate yourself, see docs/load-balancing.md"
            yield Problem(path, name, "must not be set with certManager: TLS ends in the gateway", fix)


def _sets(edge: Edge) -> Mapping[str, BackendSet]:
    return edge.load_balancer.backend_sets if edge.load_balancer else {}


def _passes_through(edge: Edge) -> bool:
    return bool(edge.certificate and edge.certificate.cert_manager)
