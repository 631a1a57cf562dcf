"""The router under the strict monitor, and its objects against the cluster's own schema."""

from typing import Any

import pytest

from facts.problem import InvalidInput
from serving.engine.choices import EngineChoices
from serving.engine.deadlines import NODE_WAIT_SECONDS, engine_drain, router_deadlines
from serving.routing.model_router import ModelRouter, ModelRouterArgs
from tests.support.cluster_schema import check_objects
from tests.support.monitor import Recording, kubernetes_options, run

PLAIN: dict[str, Any] = {
    "namespace": "serving",
    "model": "qwen",
    "image": "iad.ocir.io/example/smg@sha256:" + "0" * 64,
    "longest_answer_seconds": 1380,
    "longest_stream_seconds": 1380,
    "api_cidr": "10.0.0.0/28",
}


def router(preview: bool = False, **changes: Any) -> Recording:
    args = ModelRouterArgs(**{**PLAIN, **changes})
    return run(lambda: ModelRouter("test", args, kubernetes_options()) and None, preview)


def deployment(**changes: Any) -> dict[str, Any]:
    return router(**changes).one("kubernetes:apps/v1:Deployment").inputs


def pod(**changes: Any) -> dict[str, Any]:
    return deployment(**changes)["spec"]["template"]["spec"]


def container(**changes: Any) -> dict[str, Any]:
    (found,) = pod(**changes)["containers"]
    return found


def value(words: list[str], option: str) -> str:
    return words[words.index(f"--{option}") + 1]


@pytest.mark.parametrize("preview", [False, True])
def test_a_router_consists_of_these_objects(preview: bool):
    recording = router(preview)
    children = [child.name for child in recording.children(recording.named("test"))]
    assert children == [
        "test-account", "test-binding", "test-deployment", "test-disruption-budget", "test-role", "test-service",
        "test-wall",
    ]  # fmt: skip


@pytest.mark.parametrize("implementation", ["smg", "vllm-router"])
@pytest.mark.parametrize("version", ["1.34", "1.35", "1.36"])
def test_the_cluster_accepts_the_objects(version: str, implementation: str):
    check_objects(router(implementation=implementation, spans_nodes=True).resources, version)


def test_it_may_only_list_and_watch_the_pods_of_its_namespace():
    made = router()
    role = made.one("kubernetes:rbac.authorization.k8s.io/v1:Role").inputs
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"]}]
    assert role["metadata"]["namespace"] == "serving"
    binding = made.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").inputs
    assert [(each["kind"], each["name"]) for each in binding["subjects"]] == [
        ("ServiceAccount", "qwen-router")
    ]
    assert pod()["serviceAccountName"] == "qwen-router"


def test_it_runs_as_nobody_with_a_read_only_root():
    security = container()["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["runAsNonRoot"] is True
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod()["enableServiceLinks"] is False
    assert pod()["securityContext"]["runAsNonRoot"] is True


def test_two_routers_are_on_different_nodes_if_there_are_some():
    (spread,) = pod()["topologySpreadConstraints"]
    assert spread["topologyKey"] == "kubernetes.io/hostname"
    assert spread["labelSelector"]["matchLabels"] == deployment()["spec"]["selector"]["matchLabels"]
    assert deployment()["spec"]["replicas"] == 2


def test_a_rollout_never_has_fewer_routers():
    rolling = deployment()["spec"]["strategy"]["rollingUpdate"]
    assert rolling == {"maxSurge": 1, "maxUnavailable": 0}


def test_it_finds_the_engines_of_its_model_and_track_in_its_own_namespace():
    words = container(track="candidate")["args"]
    place = words.index("--selector")
    selector = set(words[place + 1 : place + 3])
    assert selector == {"genai-playground/model=qwen", "genai-playground/track=candidate"}
    assert value(words, "service-discovery-namespace") == "$(POD_NAMESPACE)"
    (namespace,) = [each for each in container()["env"] if each["name"] == "POD_NAMESPACE"]
    assert namespace["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.namespace"


def test_only_the_first_pod_of_an_engine_over_nodes_gets_requests():
    label = "leaderworkerset.sigs.k8s.io/worker-index=0"
    assert label in container(spans_nodes=True)["args"]
    assert label not in container()["args"]


@pytest.mark.parametrize("implementation", ["smg", "vllm-router"])
def test_an_engine_gets_no_more_requests_before_the_attempts_are_used_up(implementation: str):
    words = container(implementation=implementation)["args"]
    assert int(value(words, "cb-failure-threshold")) < int(value(words, "retry-max-retries"))


@pytest.mark.parametrize("stream", [0, 60, 1380, 3480])
def test_a_router_waits_longer_than_its_engines_and_no_longer_than_a_node(stream: int):
    drain = engine_drain(EngineChoices(longest_stream_seconds=stream), None)
    found = pod(longest_stream_seconds=stream, longest_answer_seconds=max(1, stream))
    words = found["containers"][0]["args"]
    sleep = found["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    wait = int(value(words, "shutdown-grace-period-secs"))
    assert drain.longest_stream_seconds < wait
    assert sleep + wait < found["terminationGracePeriodSeconds"] <= NODE_WAIT_SECONDS
    assert int(value(words, "request-timeout-secs")) > stream


def test_the_longest_answer_may_be_longer_than_what_an_engine_lets_run_when_it_stops():
    assert router_deadlines(4380, 3480).request_seconds > 4380


def test_only_gateway_and_prometheus_reach_it_and_it_reaches_only_engines_and_the_api():
    spec = router().one("kubernetes:networking.k8s.io/v1:NetworkPolicy").inputs["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    sources = {
        each["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: each["ports"][0][
            "port"
        ]
        for each in spec["ingress"]
    }
    assert sources == {"envoy-gateway-system": 8000, "monitoring": 29000}
    engines, names, api = spec["egress"]
    assert engines["to"][0]["podSelector"]["matchLabels"]["genai-playground/model"] == "qwen"
    assert [each["port"] for each in names["ports"]] == [53, 53]
    assert api["to"][0]["ipBlock"]["cidr"] == "10.0.0.0/28"


def test_its_service_has_a_port_for_metrics():
    spec = router().one("kubernetes:core/v1:Service").inputs["spec"]
    assert {each["name"]: each["port"] for each in spec["ports"]} == {"http": 8000, "metrics": 29000}


def test_nobody_waits_for_a_router_without_engines():
    assert deployment(has_engines=False)["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert "annotations" not in deployment()["metadata"]


def test_options_of_the_user_come_after_its_own():
    words = container(
        options={"policy": "power_of_two", "log-json": "true", "worker-overload-shed": "false"}
    )["args"]
    assert words[-3:] == ["--policy", "power_of_two", "--log-json"]


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"image": "a/smg:1"}, "test.image", "is not pinned"),
        ({"model": "Qwen"}, "test.model", "must be 1 to 63"),
        ({"model": "vllm-a"}, "test.model", "must not start with vllm"),
        ({"track": "canary"}, "test.track", "must be one of stable, candidate"),
        ({"implementation": "envoy"}, "test.implementation", "must be one of smg, vllm-router"),
        ({"longest_answer_seconds": 0}, "test.longestAnswerSeconds", "must be 1 to 86,400"),
        ({"longest_stream_seconds": -1}, "test.longestStreamSeconds", "must be 0 to 86,400"),
        ({"attempts": 2, "breaker_failures": 2}, "test.breakerFailures", "must be below `attempts`, 2"),
    ],
)
def test_invalid_values_are_refused(changes: dict[str, Any], path: str, said: str):
    with pytest.raises(InvalidInput) as refused:
        router(**changes)
    assert [each.path for each in refused.value.problems] == [path]
    assert said in str(refused.value)


def test_traces_may_leave_to_the_collector_and_to_no_other_port():
    def ports(**changes: Any) -> list[Any]:
        egress = router(**changes).named("test-wall").inputs["spec"]["egress"]
        return [
            port["port"]
            for rule in egress
            for port in rule["ports"]
            if rule["to"] == [{"namespaceSelector": {}}]
        ]

    options = {"enable-trace": "true", "otlp-traces-endpoint": "collector.monitoring.svc.cluster.local:4317"}
    assert ports(options=options) == [4317]
    assert ports() == []
