"""What the server checks in custom kinds beyond a JSON Schema, each with a value that a real server refused."""

import copy
from typing import Any

import pytest

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.fields import field_problems
from sandbox.kubernetes.api.kinds import kind_of
from tests.sandbox.kubernetes.bed import Body

VERSION = "v1.36.1"
TLS: Body = {"certificateRefs": [{"name": "models"}]}
HTTPS: Body = {"name": "https", "port": 443, "protocol": "HTTPS", "hostname": "models.example", "tls": TLS}
HTTP: Body = {"name": "http", "port": 80, "protocol": "HTTP"}
CLIENTS: Body = {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "models"}]}


def gateway(*listeners: Body) -> Body:
    spec = {"gatewayClassName": "envoy", "listeners": list(listeners)}
    return body("gateway.networking.k8s.io/v1", "Gateway", spec)


def body(version: str, kind: str, spec: Body) -> Body:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "models"}, "spec": copy.deepcopy(spec)}


def clients(**spec: Any) -> Body:
    return body("gateway.envoyproxy.io/v1alpha1", "ClientTrafficPolicy", {**CLIENTS, **spec})


def proxy(**deployment: Any) -> Body:
    provider = {"type": "Kubernetes", "kubernetes": {"envoyDeployment": deployment}}
    return body("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy", {"provider": provider})


def sized(**resources: Any) -> Body:
    return proxy(container={"resources": resources})


def spread(skew: int) -> Body:
    constraint = {"maxSkew": skew, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}
    return proxy(pod={"topologySpreadConstraints": [constraint]})


def removing(*names: str) -> Body:
    return clients(headers={"earlyRequestHeaders": {"remove": list(names)}})


def annotated(key: str) -> Body:
    found = gateway(HTTP)
    found["metadata"]["annotations"] = {key: "x"}
    return found


def traced(**provider: Any) -> Body:
    telemetry = {"tracing": {"provider": provider}}
    return body("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy", {"telemetry": telemetry})


def rules(*names: str) -> Body:
    groups = [{"name": name, "rules": [{"alert": "Down", "expr": "up == 0"}]} for name in names]
    return body("monitoring.coreos.com/v1", "PrometheusRule", {"groups": groups})


def scaled(**spec: Any) -> Body:
    given = {"scaleTargetRef": {"name": "qwen"}, "triggers": [{"type": "cron", "metadata": {}}], **spec}
    return body("keda.sh/v1alpha1", "ScaledObject", given)


def problems(body: Body) -> list[str]:
    return list(field_problems(VERSION, kind_of(body["apiVersion"], body["kind"]), body))


@pytest.mark.parametrize(
    "body",
    [
        gateway(HTTP, HTTPS, {**HTTPS, "name": "other", "hostname": "other.example"}),
        gateway({**HTTPS, "tls": {"options": {"a/b": "c"}}}),
        gateway({**HTTPS, "protocol": "TLS", "tls": {"mode": "Passthrough"}}),
        annotated("example.com/note"),
        sized(limits={"memory": "1Gi"}, requests={"cpu": "500m"}),
        spread(1),
        removing("x-a", "x-b"),
        rules("a", "b"),
        scaled(minReplicaCount=3, maxReplicaCount=3),
        scaled(minReplicaCount=100),
    ],
)
def test_valid_objects_pass(body: Body) -> None:
    assert problems(body) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (annotated("No such!"), 'metadata.annotations: Invalid value: "No such!": name part must consist of'),
        (gateway({**HTTPS, "tls": {}}), 'listeners[0].tls: Invalid value: "object": certificateRefs or opt'),
        (gateway({**HTTPS, "tls": {"certificateRefs": []}}), "must be specified when mode is Terminate"),
        (gateway({**HTTP, "tls": TLS}), "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"),
        (gateway({**HTTPS, "tls": {"mode": "Passthrough"}}), "tls mode must be Terminate for protocol HTTPS"),
        (gateway({**HTTP, "protocol": "TLS"}), "tls mode must be set for protocol TLS"),
        (
            gateway({**HTTP, "protocol": "TCP", "hostname": "a"}),
            "hostname must not be specified for protocols",
        ),
        (
            gateway(HTTP, {**HTTP, "name": "other"}),
            "Combination of port, protocol and hostname must be unique",
        ),
        (gateway(HTTP, {**HTTPS, "name": "http"}), 'listeners: duplicate entries for key [name="http"]'),
        (sized(limits={"memory": ""}), 'resources.limits.memory: Invalid value: "": quantities must match'),
        (sized(requests={"cpu": "No such!"}), 'resources.requests.cpu: Invalid value: "No such!"'),
        (
            spread(10**10),
            "topologySpreadConstraints[0].maxSkew: Invalid value: 10000000000: must be a 32-bit",
        ),
        (removing("x-a", "x-a"), 'earlyRequestHeaders.remove: duplicate entries for key [="x-a"]'),
        (
            scaled(minReplicaCount=4, maxReplicaCount=3),
            'spec: Invalid value: "object": minReplicaCount must be',
        ),
        (scaled(minReplicaCount=101), "must be less than or equal to maxReplicaCount"),
        (rules("a", "a"), 'spec.groups: duplicate entries for key [name="a"]'),
    ],
)
def test_an_invalid_field_is_refused(body: Body, says: str) -> None:
    found = problems(body)
    assert len(found) == 1, found
    assert says in found[0]


@pytest.mark.parametrize("limit", ["", "No such!", "1.5Mi", "0", "-1Mi"])
def test_a_buffer_of_the_gateway_is_a_whole_number_of_bytes(limit: str) -> None:
    found = schema_problems(clients(connection={"bufferLimit": limit}))
    assert [path for path, _ in found] == ["spec.connection.bufferLimit"]
    assert schema_problems(clients(connection={"bufferLimit": "32Ki"})) == []


def test_traces_need_a_collector_with_a_port() -> None:
    backend = {"group": "gateway.envoyproxy.io", "kind": "Backend", "name": "traces"}
    service = {"group": "", "kind": "Service", "name": "collector"}
    assert schema_problems(traced(backendRefs=[backend])) == []
    assert schema_problems(traced(backendRefs=[{**service, "port": 4317}])) == []
    provider = "spec.telemetry.tracing.provider"
    assert schema_problems(traced(backendRefs=[service]))[0][0] == f"{provider}.backendRefs[0].port"
    assert schema_problems(traced(backendRefs=[]))[0] == (
        provider,
        "must have exactly one of host, backendRefs",
    )
    assert schema_problems(traced(host="a", prot=1))[0][0] == f"{provider}.prot"


def test_a_rule_without_a_kind_is_told_what_it_needs() -> None:
    found = rules("a")
    del found["spec"]["groups"][0]["rules"][0]["alert"]
    wanted = ("spec.groups[0].rules[0]", "must have exactly one of alert, record")
    assert schema_problems(found) == [wanted]


def schema_problems(body: Body) -> list[tuple[str, str]]:
    check = openapi.validator(VERSION, kind_of(body["apiVersion"], body["kind"]))
    assert check is not None
    return [(each.path, openapi.reason(each)) for each in openapi.problems(check, body)]
