"""The gateway of the models: each tenant gets its own keys, routes and limits, and nothing passes beside it."""

import re
from typing import Any

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.gateway.model_gateway import ModelGateway
from serving.gateway.model_gateway_args import GatewayTargetArgs
from tests.serving.gateway.args import gateway_args, model, tenant
from tests.support.monitor import kubernetes_options, run
from tests.support.recording import Recording


def made(*, preview: bool = False, **changes: Any) -> Recording:
    """The gateway `models` with changed args."""

    def program() -> None:
        gateway = ModelGateway("models", gateway_args(**changes), kubernetes_options())
        pulumi.export("gateway", gateway.gateway_name)

    return run(program, preview=preview)


def spec(found: Recording, name: str) -> Any:
    """The specification of an object of the gateway."""
    return found.named(f"models-{name}").inputs["spec"]


def test_a_request_without_a_key_has_no_route_past_the_policy_of_the_whole_gateway():
    policy = spec(made(), "security")
    assert policy["targetRefs"] == [
        {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "models"}
    ]
    assert policy["apiKeyAuth"]["credentialRefs"] == [
        {"group": "", "kind": "Secret", "name": "tenant-keys-research"}
    ]
    assert policy["apiKeyAuth"]["extractFrom"] == [{"headers": ["Authorization"]}]
    assert policy["apiKeyAuth"]["sanitize"] is True, "engines must not get the key"


def test_both_keys_of_a_rotation_come_from_the_vault_under_ids_of_one_tenant():
    found = made(tenants=[tenant(keys=["old", "new"])])
    wanted = spec(found, "research-keys")
    assert wanted["data"] == [
        {"secretKey": "research.1", "remoteRef": {"key": "old"}},
        {"secretKey": "research.2", "remoteRef": {"key": "new"}},
    ]
    script = spec(found, "envoyextension")["lua"][0]["inline"]
    assert "['research.1'] = 'research', ['research.2'] = 'research'" in script


def test_clients_cannot_send_headers_that_only_the_gateway_sets():
    removed = spec(made(), "clienttraffic")["headers"]["earlyRequestHeaders"]["remove"]
    assert {"x-playground-tenant", "x-playground-client", "x-ai-eg-model", "x-smg-target-worker"} <= {
        *removed
    }


def test_clients_do_not_see_the_addresses_of_engines():
    removed = spec(made(), "clienttraffic")["headers"]["lateResponseHeaders"]["remove"]
    assert "x-smg-routed-worker-id" in removed


def test_a_tenant_has_a_rule_for_each_of_its_models_and_none_for_others():
    found = made(
        models=[model(), model("llama-70b")],
        tenants=[tenant(models=["qwen3-32b", "llama-70b"]), tenant("batch", models=["llama-70b"])],
    )
    assert _matched(found, "research-route") == [("research", "qwen3-32b"), ("research", "llama-70b")]
    assert _matched(found, "batch-route") == [("batch", "llama-70b")]


def _matched(found, name):
    rules = spec(found, name)["rules"]
    return [tuple(each["value"] for each in rule["matches"][0]["headers"]) for rule in rules]


def test_limits_concern_the_route_of_one_tenant():
    found = made(
        tenants=[tenant(requests_per_minute=60, tokens_per_minute=90_000, concurrent_requests=8)],
        cache_login="app:password",
    )
    limits = spec(found, "research-limits")
    assert [each["name"] for each in limits["targetRefs"]] == ["tenant-research"]
    requests, tokens = limits["rateLimit"]["global"]["rules"]
    assert requests == {"limit": {"requests": 60, "unit": "Minute"}}
    assert tokens["limit"] == {"requests": 90_000, "unit": "Minute"}
    assert tokens["cost"]["request"] == {"from": "Number", "number": 0}, "tokens are known at the end only"
    metadata = tokens["cost"]["response"]["metadata"]
    costs = spec(found, "research-route")["llmRequestCosts"]
    assert metadata == {"namespace": "io.envoy.ai_gateway", "key": costs[0]["metadataKey"]}
    assert limits["circuitBreaker"]["maxParallelRequests"] == 8
    assert "retry" not in limits, "routers repeat; Envoy must not"


def test_the_processor_of_ai_gateway_runs_behind_the_script_because_every_route_has_a_buffer_there():
    found = made(tenants=[tenant(), tenant("batch")], body_limit_bytes=5_000_000)
    assert spec(found, "proxy")["filterOrder"] == [
        {"name": "envoy.filters.http.buffer", "after": "envoy.filters.http.lua"}
    ]
    for name in ("research", "batch"):
        assert spec(found, f"{name}-limits")["requestBuffer"] == {"limit": "5000000"}
    assert spec(found, "clienttraffic")["connection"]["bufferLimit"] == "5000000"


def test_a_priority_is_set_for_every_tenant_of_a_model_so_that_no_client_chooses_its_own():
    found = made(
        models=[model(by_priority=True)], tenants=[tenant(priority=-5), tenant("batch")], cache_login=None
    )
    for name, value in (("research", "-5"), ("batch", "0")):
        backend = spec(found, f"{name}-route")["rules"][0]["backendRefs"][0]
        assert backend["bodyMutation"] == {"set": [{"path": "priority", "value": value}]}
    other = spec(made(), "research-route")["rules"][0]["backendRefs"][0]
    assert "bodyMutation" not in other, "other engines refuse a priority"


def test_all_requests_of_a_tenant_fit_into_one_connection():
    many = tenant("batch", models=["qwen3-32b", "llama-70b"], concurrent_requests=400)
    found = made(models=[model(), model("llama-70b")], tenants=[tenant(), many])
    assert spec(found, "clienttraffic")["http2"] == {"maxConcurrentStreams": 2 * 400}
    assert spec(made(), "clienttraffic")["http2"] == {"maxConcurrentStreams": 100}, "Envoy Gateway's default"


def test_the_longest_prompt_passes_and_envoys_have_memory_for_what_is_promised():
    found = made()
    assert spec(found, "clienttraffic")["connection"]["bufferLimit"] == str(8 * 40_960)
    few, many = (_memory(made(tenants=[tenant(concurrent_requests=count)])) for count in (1, 4000))
    assert few == 320
    assert many >= 2 * 4000 * 8 * 40_960 / 2**20


def _memory(found):
    container = spec(found, "proxy")["provider"]["kubernetes"]["envoyDeployment"]["container"]
    assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]
    return int(container["resources"]["limits"]["memory"].removesuffix("Mi"))


def test_each_deadline_is_above_that_of_the_hop_behind_it():
    found = made(models=[model(answer_seconds=5000, stream_seconds=3480)])
    assert spec(found, "research-route")["rules"][0]["timeouts"] == {"request": "5030s"}
    assert spec(found, "proxy")["shutdown"]["drainTimeout"] == "3510s"
    assert spec(found, "clienttraffic")["timeout"]["http"]["streamIdleTimeout"] == "3510s"
    assert spec(found, "research-limits")["timeout"]["http"]["streamIdleTimeout"] == "3510s"


def test_envoys_are_on_different_nodes_and_one_may_be_drained_at_a_time():
    kubernetes = spec(made(envoys=3), "proxy")["provider"]["kubernetes"]
    (spread,) = kubernetes["envoyDeployment"]["pod"]["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "DoNotSchedule")
    assert spread["nodeTaintsPolicy"] == "Honor", "empty GPU nodes must not count"
    assert kubernetes["envoyPDB"] == {"maxUnavailable": 1}
    assert "envoyPDB" not in spec(made(envoys=1), "proxy")["provider"]["kubernetes"]


@pytest.mark.parametrize(
    ("changes", "listener"),
    [
        ({}, ("https", "HTTPS", 8443, "models-tls")),
        ({"tls_secret": None, "issuer": "ca"}, ("https", "HTTPS", 8443, "models-tls")),
        ({"tls_secret": None, "port": 8500, "health_path": "/health"}, ("http", "HTTP", 8500, None)),
    ],
)
def test_tls_ends_at_the_gateway_unless_the_edge_ends_it(changes, listener):
    (found,) = spec(made(**changes), "gateway")["listeners"]
    secret = found["tls"]["certificateRefs"][0]["name"] if "tls" in found else None
    assert (found["name"], found["protocol"], found["port"], secret) == listener
    assert found["allowedRoutes"] == {"namespaces": {"from": "Same"}}
    route = spec(made(**changes), "research-route")["parentRefs"][0]
    assert route["sectionName"] == found["name"]


def test_cert_manager_issues_the_certificate_of_the_host_name():
    wanted = spec(made(tls_secret=None, issuer="ca"), "certificate")
    assert (wanted["dnsNames"], wanted["issuerRef"]["name"]) == (["models.example.com"], "ca")


def test_network_policies_let_envoys_reach_only_the_models_and_the_limiter():
    found = made(
        models=[
            model(),
            model("other", targets=[GatewayTargetArgs(service="o", namespace="team", port=9000)]),
        ],
        tenants=[tenant(requests_per_minute=1)],
        cache_login="app:password",
    )
    wall = spec(found, "wall")
    out = {
        (peer.get("namespaceSelector") or {}).get("matchLabels", {}).get("kubernetes.io/metadata.name"): [
            each["port"] for each in rule["ports"]
        ]
        for rule in wall["egress"]
        for peer in rule["to"]
    }
    assert out == {"kube-system": [53, 53], None: [18000, 8081], "serving": [8000], "team": [9000]}
    assert [each["port"] for each in wall["ingress"][0]["ports"]] == [8443]
    (limiter,) = spec(found, "limiter-wall")["ingress"][0]["from"]
    assert limiter["podSelector"] == wall["podSelector"], "only this gateway's Envoys may count"


def test_the_access_log_has_no_query_and_no_header_that_holds_a_key():
    (setting,) = spec(made(), "proxy")["telemetry"]["accessLog"]["settings"]
    assert setting["sinks"] == [{"type": "File", "file": {"path": "/dev/stdout"}}]
    logged = setting["format"]["json"]
    assert logged["path"] == "%PATH(NQ:ORIG_OR_PATH)%"
    headers = {name for value in logged.values() for name in re.findall(r"%REQ\(([^)]*)\)%", value)}
    assert headers == {":METHOD", ":AUTHORITY", "USER-AGENT", "X-REQUEST-ID"}


def test_traces_go_to_the_collector_without_the_query_of_a_request():
    found = made(traces="collector.monitoring.svc.cluster.local:4317")
    tracing = spec(found, "proxy")["telemetry"]["tracing"]
    assert tracing["provider"] == {
        "type": "OpenTelemetry",
        "backendRefs": [{"group": "gateway.envoyproxy.io", "kind": "Backend", "name": "traces"}],
    }
    assert "PATH(NQ)" in tracing["tags"]["http.url"]
    address = {"hostname": "collector.monitoring.svc.cluster.local", "port": 4317}
    assert spec(found, "traces")["endpoints"] == [{"fqdn": address}]
    anywhere = [each for each in spec(found, "wall")["egress"] if each["to"] == [{"namespaceSelector": {}}]]
    assert [port["port"] for rule in anywhere for port in rule["ports"]] == [4317]


def test_the_envoys_send_no_traces_by_default():
    found = made()
    assert "tracing" not in spec(found, "proxy")["telemetry"]
    assert {"namespaceSelector": {}} not in [
        peer for each in spec(found, "wall")["egress"] for peer in each["to"]
    ]


def test_the_login_of_the_cache_is_a_secret():
    assert "stringData" in made(cache_login="app:password").named("models-rate-limit").secrets


def test_a_first_preview_shows_every_object():
    names = {each.name for each in made(preview=True).resources}
    assert {"models-gateway", "models-research-route", "models-serving-qwen3-32b-router-address"} <= names


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"tenants": [tenant(models=["other"])]},
            r"models\.tenants\[0\]\.models\[0\]: 'other'; is not a model",
        ),
        ({"tenants": [tenant(requests_per_minute=5)]}, "needs cache_login"),
        (
            {"models": [model(), model()]},
            r"models\.models\[1\]\.name: 'qwen3-32b'; is the name of another model",
        ),
        (
            {
                "models": [
                    model(),
                    model(
                        "b",
                        targets=[GatewayTargetArgs(service="b", namespace="n", port=port) for port in (1, 2)],
                    ),
                ]
            },
            r"models\.models\[1\]\.targets\[1\]: 'b\.n:2'; would share the backend n-b with b\.n:1",
        ),
        ({"issuer": "ca"}, "must not be set with issuer"),
        ({"host_name": "x"}, "must be a host name"),
        ({"body_limit_bytes": 1000}, "must be 327,680 or more"),
        ({"tenant_header": "x-smg-routing-key"}, "is a header by which routers choose"),
        (
            {"traces": "http://collector:4317"},
            r"models\.traces: .*must be the host name in lower case and the port",
        ),
    ],
)
def test_a_wrong_gateway_is_refused(changes, message):
    with pytest.raises(InvalidInput, match=message):
        made(**changes)


def test_the_models_of_the_list_are_only_the_tenants_own():
    found = made(
        models=[model(), model("llama-70b")],
        tenants=[tenant(), tenant("batch", models=["llama-70b"])],
    )
    script = spec(found, "envoyextension")["lua"][0]["inline"]
    own = next(line for line in script.splitlines() if line.startswith("local models"))
    assert own.count("llama-70b") == 1
    assert own.count("qwen3-32b") == 1


def test_a_gateway_without_tenants_has_no_keys_and_no_routes():
    assert gateway_args(tenants=[]).tenants == []
    names = {each.name for each in made(tenants=[]).resources}
    assert not {name for name in names if "route" in name and "router" not in name}
    assert "models-security" not in names
