"""Envoy Gateway's own translation of the gateways' objects: nothing is refused, and Envoy gets what we believe.

The real Envoy runs it too: test_gateway_keys.py.
"""

import json
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from serving.gateway.gateway_plan import GatewayPlan
from serving.gateway.model_gateway_args import GatewayTargetArgs
from tests.infra.snapshots import run as run_stack
from tests.serving.gateway.args import gateway_args, model, tenant
from tests.support.ports import free_port
from tests.traffic.parts import ai_gateway, limits
from tests.traffic.parts.certificate import self_signed
from tests.traffic.parts.envoy import configuration, start_envoy, translation_of
from tests.traffic.parts.fleet import wait_for
from tests.traffic.parts.path import COLLECTOR
from tests.traffic.parts.processor import processor
from tests.traffic.parts.translated import (
    Json,
    Translation,
    certificate_secrets,
    key_secrets,
    objects_of,
    translate,
)
from tools.traffic.build import obtain

pytestmark = [pytest.mark.prove, pytest.mark.gateway]

CERTIFICATE = "envoy-gateway-system/models-tls"
KEYS = {"research.1": "key-one", "research.2": "key-two", "batch.1": "key-three"}
ARGS = gateway_args(
    models=[model(), model("llama-70b", context_tokens=8192, answer_seconds=300, stream_seconds=280)],
    tenants=[
        tenant(keys=["old", "new"], requests_per_minute=60, tokens_per_minute=90_000, concurrent_requests=8),
        tenant("batch", models=["llama-70b", "qwen3-32b"]),
    ],
    cache_login="app:password",
    tls_secret=None,
    port=8500,
    health_path="/health",
    traces=COLLECTOR,
)
PLAN = GatewayPlan(ARGS)


@pytest.fixture(scope="module")
def own() -> Translation:
    return translation_of(ARGS, KEYS)


@pytest.mark.parametrize(
    ("stack", "gateway"),
    [("staging", "models"), ("prod", "models"), ("prod", "edge-api"), ("prod", "edge-frontend")],
)
def test_nothing_of_a_stack_is_refused(stack: str, gateway: str) -> None:
    resources = run_stack(stack).resources
    objects = objects_of(resources, gateway)
    pem = self_signed("models.example.com")
    found = translate([*objects, *key_secrets(resources, {}), *certificate_secrets(objects, *pem)])
    assert found.refused == []
    accepted = {place for place, each in found.conditions if each["type"] == "Accepted"}
    kinds = {"GatewayClass", "Gateway", "ClientTrafficPolicy", "BackendTrafficPolicy"}
    kinds |= {"HTTPRoute", "SecurityPolicy", "EnvoyExtensionPolicy"} if gateway == "models" else set()
    assert {place.split()[0] for place in accepted} >= kinds
    named = {f"{each['kind']} {each['metadata']['name']}" for each in objects if each["kind"] in kinds}
    assert named <= accepted


def test_a_wrong_object_is_refused() -> None:
    objects = objects_of(run_stack("prod").resources, "models")
    found = translate(objects)
    assert any("tenant-keys-" in each for each in found.refused), "the Secrets of the keys are missing"


def test_the_listener_has_the_limits_and_the_removed_headers_of_the_policy(own: Translation) -> None:
    client: Any = PLAN.policies(["keys"])["ClientTrafficPolicy"]
    assert own.listener["perConnectionBufferLimitBytes"] == int(client["connection"]["bufferLimit"])
    times = client["timeout"]["http"]
    assert own.manager["requestTimeout"] == times["requestReceivedTimeout"]
    assert own.manager["streamIdleTimeout"] == times["streamIdleTimeout"]
    streams = client["http2"]["maxConcurrentStreams"]
    assert own.manager["http2ProtocolOptions"]["maxConcurrentStreams"] == streams
    (removal,) = own.manager["earlyHeaderMutationExtensions"]
    wanted = client["headers"]["earlyRequestHeaders"]["remove"]
    assert [each["remove"] for each in removal["typedConfig"]["mutations"]] == wanted
    assert own.manager["commonHttpProtocolOptions"]["headersWithUnderscoresAction"] == "REJECT_REQUEST"
    assert own.manager["normalizePath"]
    assert own.manager["mergeSlashes"]
    assert own.manager["pathWithEscapedSlashesAction"] == "UNESCAPE_AND_REDIRECT"


def test_each_tenant_and_model_has_a_route_with_its_time_limits_and_a_cluster_with_its_bound(
    own: Translation,
) -> None:
    seconds = {each.name: PLAN.seconds(each) for each in ARGS.models}
    routes = {
        tuple(sorted(each["stringMatch"]["exact"] for each in route["match"]["headers"])): route["route"]
        for route in own.all_routes
        if "route" in route
    }
    wanted = [(tenant, model) for tenant in ARGS.tenants for model in tenant.models]
    assert routes.keys() == {tuple(sorted((tenant.name, model))) for tenant, model in wanted}
    bounds: Any = {each["name"]: each.get("circuitBreakers") for each in own.clusters}
    for tenant, model in wanted:  # noqa: F402  the names of the domain
        found = routes[tuple(sorted((tenant.name, model)))]
        assert found["timeout"] == f"{seconds[model]}s"
        assert found["idleTimeout"] == f"{PLAN.silent_seconds}s"
        bound: Any = PLAN.limits(tenant)["circuitBreaker"]
        (threshold,) = bounds[found["cluster"]]["thresholds"]
        assert threshold["maxRequests"] == bound["maxParallelRequests"]
        assert threshold["maxRetries"] == 0


def test_envoy_counts_by_the_keys_that_the_rate_limit_service_knows(own: Translation) -> None:
    config = limits.service_config(ARGS)
    known = {(route["key"], rule["key"]) for route in config["descriptors"] for rule in route["descriptors"]}
    asked = {
        tuple(action["genericKey"]["descriptorKey"] for action in each["actions"])
        for route in own.all_routes
        for each in route["typedPerFilterConfig"].get(limits.FILTER, {}).get("rateLimits", ())
    }
    assert asked == known
    domains = {each["typedConfig"]["domain"] for each in own.filters if each["name"] == limits.FILTER}
    assert domains == {config["domain"]}


def test_every_route_checks_the_key_runs_the_script_and_has_the_body_limit(own: Translation) -> None:
    limit = 8 * 40_960
    assert len(own.all_routes) == 3 + 2, "of two tenants, and one for each without a match"
    for route in own.all_routes:
        by_filter: Mapping[str, Json] = route["typedPerFilterConfig"]
        auth = by_filter["envoy.filters.http.api_key_auth"]
        assert auth["credentials"] == [{"client": client, "key": key} for client, key in KEYS.items()]
        assert auth["forwarding"] == {"header": "x-playground-client", "hideCredentials": True}
        assert by_filter["envoy.filters.http.buffer"]["buffer"] == {"maxRequestBytes": limit}
        assert any(each.startswith("envoy.filters.http.lua/") for each in by_filter)
        assert "retryPolicy" not in route.get("route", {}), "routers repeat; Envoy must not"


def test_traces_go_to_the_collector_without_the_query_of_a_request(own: Translation) -> None:
    assert own.refused == []
    tracing = own.manager["tracing"]
    assert tracing["provider"]["name"] == "envoy.tracers.opentelemetry"
    config = tracing["provider"]["typedConfig"]
    assert config["grpcService"]["envoyGrpc"]["clusterName"] == "tracing"
    (tag,) = tracing["customTags"]
    assert (tag["tag"], "PATH(NQ)" in tag["value"]) == ("http.url", True), (
        "in place of the one with the query"
    )
    (cluster,) = (each for each in own.clusters if each["name"] == "tracing")
    (endpoint,) = cluster["loadAssignment"]["endpoints"][0]["lbEndpoints"]
    address = endpoint["endpoint"]["address"]["socketAddress"]
    assert f"{address['address']}:{address['portValue']}" == COLLECTOR
    assert "http2ProtocolOptions" in str(cluster["typedExtensionProtocolOptions"]), "gRPC needs it"


def _order(filters: list[Json]) -> list[str]:
    names = [each["name"] for each in ai_gateway.with_processor(filters)]
    return [each.split("/")[0].rpartition(".")[2] for each in names]


def test_the_script_runs_before_the_processor_of_ai_gateway_and_the_limits_after_it(own: Translation) -> None:
    assert _order(own.filters) == [
        "health_check", "header_mutation", "api_key_auth", "lua", "buffer", "ext_proc", "ratelimit", "router",
    ]  # fmt: skip
    without = [each for each in own.filters if "buffer" not in each["name"]]
    assert _order(without).index("ext_proc") < _order(without).index("lua"), "why there is a buffer"


HOST = "models.example.com"


@pytest.fixture(scope="module")
def encrypted() -> tuple[Translation, tuple[str, str]]:
    pem = self_signed(HOST)
    return translation_of(gateway_args(), KEYS, pem), pem


def test_the_gateway_ends_tls_from_1_2_on_with_the_certificate_of_its_secret(encrypted: Any) -> None:
    found, _ = encrypted
    assert found.refused == []
    assert "tracing" not in found.manager, "nothing is traced by default"
    assert found.listener["address"]["socketAddress"]["portValue"] == 8443
    (chain,) = found.listener["filterChains"]
    assert chain["filterChainMatch"]["serverNames"] == [HOST]
    tls = chain["transportSocket"]["typedConfig"]["commonTlsContext"]
    assert tls["tlsParams"]["tlsMinimumProtocolVersion"] == "TLSv1_2"
    assert [each["name"] for each in tls["tlsCertificateSdsSecretConfigs"]] == [CERTIFICATE]


@pytest.fixture(scope="module")
def https_port(encrypted: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    found, (certificate, key) = encrypted
    port, folder = free_port(), tmp_path_factory.mktemp("envoy")
    pair = {"certificateChain": {"inlineString": certificate}, "privateKey": {"inlineString": key}}
    secret = {"name": CERTIFICATE, "tlsCertificate": pair}
    behind = {each["name"]: port for each in found.clusters if each["name"].startswith("httproute/")}
    with processor(found.given, folder) as unix:
        config = configuration(found, port=port, behind=behind, socket=unix, secrets=[secret])
        process = start_envoy(obtain() / "envoy", config, folder, "60s")
        try:
            wait_for(lambda: process.poll() is not None or _answers(port))
            assert process.poll() is None, (folder / "envoy.log").read_text()[-2000:]
            yield port
        finally:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _handshake(port: int, certificate: str, host: str) -> bytes:
    """The first line of the answer to a request without a key."""
    trusted = ssl.create_default_context(cadata=certificate)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with plain, trusted.wrap_socket(plain, server_hostname=host) as client:
        client.sendall(f"GET /v1/models HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return client.recv(65_536).split(b"\r\n")[0]


def test_a_real_envoy_ends_tls_for_the_host_of_the_gateway_and_for_no_other(
    encrypted: Any, https_port: int
) -> None:
    _, (certificate, _) = encrypted
    assert _handshake(https_port, certificate, HOST) == b"HTTP/1.1 401 Unauthorized"
    with pytest.raises(OSError, match=r"EOF|reset"):
        _handshake(https_port, certificate, "other.example.com")


def test_two_services_of_a_model_share_its_requests_by_weight() -> None:
    targets = [
        GatewayTargetArgs(service="stable", namespace="serving", weight=75),
        GatewayTargetArgs(service="candidate", namespace="serving", weight=25),
        GatewayTargetArgs(service="old", namespace="serving", weight=0),
    ]
    found = translation_of(gateway_args(models=[model(targets=targets)], tls_secret=None), KEYS)
    assert found.refused == []
    (cluster,) = (each for each in found.clusters if each["name"].startswith("httproute/"))
    shares = {
        each["lbEndpoints"][0]["endpoint"]["address"]["socketAddress"]["address"].split(".")[0]: each[
            "loadBalancingWeight"
        ]
        for each in cluster["loadAssignment"]["endpoints"]
    }
    assert shares == {"stable": 75, "candidate": 25}
    (policy,) = cluster["loadBalancingPolicy"]["policies"]
    assert "localityWeightedLbConfig" in json.dumps(policy)
