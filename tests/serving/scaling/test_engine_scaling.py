"""The object that sets the number of a model's engines."""

from typing import Any

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.scaling.engine_scaling import PROMETHEUS, EngineScaling, EngineScalingArgs, OwnQueryArgs
from serving.scaling.policy import Band
from tests.support.monitor import kubernetes_options, run

BASE: dict[str, Any] = {
    "namespace": "models",
    "deployment": "qwen-candidate",
    "model": "qwen",
    "track": "candidate",
    "start_seconds": 3600,
    "max_engines": 6,
}


def scaling(preview: bool = False, **changes: Any):
    def program() -> None:
        made = EngineScaling("scaling", EngineScalingArgs(**{**BASE, **changes}), kubernetes_options())
        pulumi.export("name", made.scaled_object)

    return run(program, preview=preview)


def spec(**changes: Any) -> dict[str, Any]:
    return scaling(**changes).named("scaling-scaled-object").inputs["spec"]


def test_the_object_sets_the_size_of_the_deployment_within_the_bounds() -> None:
    found = spec(min_engines=2)
    assert found["scaleTargetRef"] == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "qwen-candidate",
    }
    assert (found["minReplicaCount"], found["maxReplicaCount"]) == (2, 6)


def test_without_an_answer_the_number_stays() -> None:
    found = spec()
    assert found["fallback"] == {"failureThreshold": 3, "replicas": 1, "behavior": "currentReplicas"}
    assert {each["metadata"]["ignoreNullValues"] for each in found["triggers"]} == {"false"}
    assert {each["metricType"] for each in found["triggers"]} == {"AverageValue"}, "fallback needs it"


def test_engines_come_one_in_a_period_and_go_after_a_quiet_time() -> None:
    behavior = spec(out_seconds=120, in_seconds=900)["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]
    up, down = behavior["scaleUp"], behavior["scaleDown"]
    assert up["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 120}]
    assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 900}]
    assert (up["stabilizationWindowSeconds"], down["stabilizationWindowSeconds"]) == (0, 900)


def test_every_signal_asks_for_the_engines_of_its_track_and_the_size_of_its_deployment() -> None:
    own = {"prompts": OwnQueryArgs(expr="sum(rate(vllm:prompt_tokens_total[5m]))", out_above=2, in_below=1)}
    triggers = {each["name"]: each["metadata"] for each in spec(queries=own)["triggers"]}
    assert list(triggers) == ["requests", "cache", "first-token", "prompts"]
    for metadata in triggers.values():
        assert metadata["threshold"] == "1", "the value is a number of engines"
        assert metadata["serverAddress"] == PROMETHEUS
        assert 'namespace="models",model_name="qwen",track="candidate"' in metadata["query"]
        assert 'namespace="models",deployment="qwen-candidate"' in metadata["query"]
        assert "[3600s:1m]" in metadata["query"]


def test_thresholds_reach_the_queries() -> None:
    changed = spec(requests_out=100, requests_in=10, cache_percent_out=90, first_token_seconds=5.0)
    requests, cache, first = (each["metadata"]["query"] for each in changed["triggers"])
    assert "/ 100)" in requests
    assert "/ 10," in requests
    assert "/ 0.9)" in cache
    assert 'le=~"5|5.0"' in first


def test_a_preview_knows_the_name() -> None:
    assert scaling(preview=True).named("scaling-scaled-object").inputs["metadata"]["name"] == "qwen-candidate"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"deployment": "Qwen"}, "deployment"),
        ({"deployment": "q" * 55}, "deployment"),
        ({"model": "vllm-qwen"}, "model"),
        ({"track": "canary"}, "track"),
        ({"start_seconds": 0}, "startSeconds"),
        ({"min_engines": 0}, "minEngines"),
        ({"metric_prefix": "", "queries": {"a": OwnQueryArgs(expr="sum(amd_gpu_health)", out_above=2, in_below=1)}},
         "queries.a.expr"),
    ],
)  # fmt: skip
def test_wrong_args_are_named(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        scaling(**changes)
    assert [each.path for each in refused.value.problems] == [f"scaling.{path}"]


@pytest.mark.parametrize(
    ("load", "present", "wish"),
    [(0, 3, 0), (96, 3, 3), (144, 3, 3), (145, 3, 145 / 48), (64, 3, 2), (95, 3, 95 / 32)],
)
def test_between_the_two_values_the_number_stays(load: float, present: int, wish: float) -> None:
    assert Band(out=48, into=32).wish(load, present) == pytest.approx(wish)
