"""Rules for the gateway of the models and for its tenants."""

from collections.abc import Iterator, Mapping

from facts.problem import Problem
from facts.pydantic_words import MISSING
from facts.web_addresses import shown_address
from facts.wording import plural
from infra.settings.database import Database
from infra.settings.edge import BackendSet, Edge
from infra.settings.edge.gateway_rules import SETS_PATH, gateway_sets
from infra.settings.network import Network
from infra.settings.serving import Serving
from serving.gateway.entry_script import PATHS
from serving.gateway.gateway_rules import (
    COLLECTOR,
    gateway_problems,
    host_problems,
    is_collector,
    name_problems,
    size_problems,
    target_problems,
)
from serving.gateway.sizes import silent_seconds
from serving.gateway.tenants import MOST_CONCURRENT, tenant_model_problems, tenant_problems
from serving.traces import find_collector

from . import Traffic
from .served import collector_of, most_running, owner_of, served_models, target_of

PATH = "traffic"
NEEDED = {"gateway": "gateway", "ai_gateway": "aiGateway", "external_secrets": "externalSecrets"}
"""Charts of a gateway with tenants, by their keys in Python and in the stack file."""


def traffic_problems(traffic: Traffic) -> Iterator[Problem]:
    """Problems of the gateway and of its tenants alone."""
    if not traffic.tenants:
        return
    if traffic.host_name is not None:
        yield from host_problems(traffic.host_name, f"{PATH}.hostName")
    else:
        yield Problem(
            f"{PATH}.hostName", MISSING, "is required with tenants: the gateway answers for one host"
        )
    yield from tenant_problems(traffic.tenants, path=f"{PATH}.tenants")
    yield from gateway_problems(traffic.gateway, path=f"{PATH}.gateway")
    collector = collector_of(traffic) if traffic.gateway.traces is None else None
    # An address that the router cannot use either is a problem of the router's own.
    if collector and find_collector(collector) and not is_collector(collector):
        allowed = f"is required: the gateway cannot send its traces to {shown_address(collector)} as the router does"
        yield Problem(f"{PATH}.gateway.traces", MISSING, f"{allowed}. It {COLLECTOR}")


def served_tenant_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """Problems of the gateway with the models behind it, and with the charts that it needs."""
    if not traffic.tenants:
        return
    models = served_models(serving, traffic)
    yield from size_problems(traffic.limits, models, path=f"{PATH}.limits")
    yield from tenant_model_problems(traffic.tenants, models, path=f"{PATH}.tenants")
    yield from _name_problems(serving)
    yield from target_problems(
        {
            f"serving.models[{index}].name": target_of(serving, traffic, model)
            for index, model in enumerate(serving.models)
        }
    )
    yield from _capacity_problems(serving, traffic)
    for attribute, key in NEEDED.items():
        if getattr(serving.platform, attribute) is None:
            allowed = f"needs the chart {key}, which serving.platform does not have"
            yield Problem(
                f"{PATH}.tenants", f"{len(traffic.tenants)} tenants", allowed, f"Add {key}: {{}} to it"
            )
    if not serving.isolated:
        allowed = (
            "must be true with traffic.tenants: other pods would reach the engines without a key or a limit"
        )
        yield Problem(
            "serving.isolated", False, allowed, "Set it, and serving.policyEngine (docs/platform.md)"
        )


def _name_problems(serving: Serving) -> Iterator[Problem]:
    """Names of models are unique by a rule of theirs; adapters of two models may have one name."""
    paths = {f"serving.models[{index}].name": model.name for index, model in enumerate(serving.models)}
    for index, model in enumerate(serving.models):
        for place, adapter in enumerate(model.adapters):
            paths[f"serving.models[{index}].adapters[{place}].name"] = adapter.name
    yield from (problem for problem in name_problems(paths) if ".adapters[" in problem.path)


def _capacity_problems(serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """A promise of more requests at the same time than the engines run."""
    for index, tenant in enumerate(traffic.tenants):
        wanted = tenant.concurrent_requests
        for name in tenant.models:
            owner = owner_of(serving, name)
            running = most_running(owner, traffic) if owner else None
            # A higher number is a problem of the tenant's own.
            if wanted is not None and running is not None and running < wanted <= MOST_CONCURRENT:
                allowed = f"must be {running:,} or less: the engines of {name} run no more at the same time"
                yield Problem(f"{PATH}.tenants[{index}].concurrentRequests", wanted, allowed)


def counted_problems(database: Database, traffic: Traffic) -> Iterator[Problem]:
    """Limits that nothing could count."""
    cache = database.cache
    for index, tenant in enumerate(traffic.tenants):
        limits = {
            "requestsPerMinute": tenant.requests_per_minute,
            "tokensPerMinute": tenant.tokens_per_minute,
        }
        key, value = next(((key, each) for key, each in limits.items() if each is not None), ("", None))
        path = f"{PATH}.tenants[{index}].{key}"
        if value is None:
            continue
        if cache is None or cache.password is None:
            allowed = "needs a cache with a user and a password, which counts for all Envoys together"
            yield Problem(path, value, allowed, "Set database.cache.password, or remove the limit")
        elif cache.shards is not None:
            allowed = "needs a cache without shards: the rate limit service connects to one primary"
            yield Problem(path, value, allowed, "Remove database.cache.shards")


def edge_traffic_problems(network: Network, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    """A backend set that the gateway cannot answer for, and promises that the edge would break."""
    name, path = traffic.gateway.backend_set, f"{PATH}.gateway.backendSet"
    if name is None or not traffic.tenants:
        return
    known = gateway_sets(network.edge, serving.platform)
    if name not in known:
        allowed = f"must be a set of {SETS_PATH} with a gateway: {', '.join(known) or 'there are none'}"
        yield Problem.not_one_of(path, name, known, allowed)
        return
    yield from _host_problems(known, name, traffic.host_name)
    if known[name].health_path in PATHS:
        path, allowed = (
            f"{SETS_PATH}.{name}.healthPath",
            "must not be a path of the API: the gateway answers it itself",
        )
        yield Problem(path, known[name].health_path, f"{allowed}, so no request for it would reach a model")
    yield from _firewall_problems(network.edge, traffic)
    yield from _idle_problems(network.edge, serving, traffic)


def _host_problems(known: Mapping[str, BackendSet], name: str, host: str | None) -> Iterator[Problem]:
    """A host whose requests the load balancer sends to another set."""
    hosts, path = known[name].hostnames, f"{PATH}.hostName"
    # What is no host name is a problem of its own.
    if host is None or any(True for _ in host_problems(host, path)):
        return
    if hosts and host not in hosts:
        allowed = f"must be a host name of backend set {name}: {', '.join(hosts)}"
        yield Problem.not_one_of(path, host, hosts, allowed)
    owner = next((key for key, each in known.items() if key != name and host in each.hostnames), None)
    if owner is not None and not hosts:
        allowed = f"is a host name of backend set {owner}: its requests would not reach this gateway, behind set {name}"
        yield Problem(path, host, allowed, f"Set gateway.backendSet to {owner}, or choose another host name")


def _firewall_problems(edge: Edge, traffic: Traffic) -> Iterator[Problem]:
    """A tenant may send all its requests from one address."""
    wall = edge.firewall
    if wall is None or wall.requests_limit is None:
        return
    most = wall.requests_limit * 60 // (wall.period_seconds or 60)
    for index, tenant in enumerate(traffic.tenants):
        wanted = tenant.requests_per_minute
        promised = None if wanted is None else wanted * len(tenant.models)
        if promised is not None and promised > most:
            allowed = (
                f"promises {promised:,} requests a minute to {plural('model', len(tenant.models))}, but the firewall "
                f"lets {most:,} of one address pass"
            )
            fix = "Lower it, or raise network.edge.firewall.requestsLimit"
            yield Problem(f"{PATH}.tenants[{index}].requestsPerMinute", wanted, allowed, fix)


def _idle_problems(edge: Edge, serving: Serving, traffic: Traffic) -> Iterator[Problem]:
    balancer, needed = edge.load_balancer, silent_seconds(served_models(serving, traffic))
    if balancer is not None and balancer.idle_timeout_seconds < needed:
        allowed = f"must be {needed:,} or more: the gateway waits that long for a silent answer"
        fix = "Raise it, or lower longestStreamSeconds of the models"
        path = "network.edge.loadBalancer.idleTimeoutSeconds"
        yield Problem(path, balancer.idle_timeout_seconds, allowed, fix)
