"""The objects that watch the traffic path."""

import json
import re

import pulumi
import pytest

from facts.problem import InvalidInput
from serving.routing.target import TRACKS, router_name
from serving.watching.serving_watch import ObjectivesArgs, OwnRuleArgs, ServingWatch, ServingWatchArgs
from tests.support.monitor import kubernetes_options, run

BASE = {
    "namespace": "monitoring",
    "features": ("engines", "smg", "gateway", "gpu"),
    "models": {"a": 3600},
    "namespaces": ("models", "research", "models"),
}


def watch(preview=False, **changes):
    def program():
        args = ServingWatchArgs(**{**BASE, **changes})
        pulumi.export("rules", ServingWatch("watch", args, kubernetes_options()).rule_names)

    return run(program, preview=preview)


@pytest.mark.parametrize("preview", [False, True])
def test_each_subject_has_its_rules_and_each_kind_of_pod_its_monitor(preview: bool) -> None:
    made = watch(preview=preview)
    names = {each.name for each in made.resources if each.name.startswith("watch-")}
    subjects = ("engine", "gateway", "gpu", "objectives", "router", "scrape")
    assert names == {
        *(f"watch-rules-{subject}" for subject in subjects),
        *(f"watch-monitor-{job}" for job in ("engines", "routers", "envoys")),
    }


def test_an_engine_has_the_labels_that_the_rules_group_by() -> None:
    spec = watch().named("watch-monitor-engines").inputs["spec"]
    assert spec["namespaceSelector"] == {"matchNames": ["models", "research"]}
    (endpoint,) = spec["podMetricsEndpoints"]
    assert endpoint["port"] == "http"
    assert {each["targetLabel"] for each in endpoint["relabelings"]} == {"job", "model_name", "track"}


@pytest.mark.parametrize("track", TRACKS)
def test_a_routers_model_and_track_are_those_of_its_name(track: str) -> None:
    (endpoint,) = watch().named("watch-monitor-routers").inputs["spec"]["podMetricsEndpoints"]
    found: dict[str, str] = {}
    for rule in endpoint["relabelings"][1:]:
        match = re.fullmatch(rule.get("regex", ".*"), router_name("a-candidate-b", track))
        if match:
            found[rule["targetLabel"]] = rule["replacement"].replace(
                "$1", match[1] if match.re.groups else ""
            )
    assert found == {"model_name": "a-candidate-b", "track": track}


def test_the_processor_is_scraped_only_with_ai_gateway() -> None:
    both = watch(features=("gateway", "aiGateway")).named("watch-monitor-ai-gateway").inputs["spec"]
    assert both["podMetricsEndpoints"][0]["port"] == "aigw-admin"
    assert not [each for each in watch(features=("gateway",)).resources if "ai-gateway" in each.name]


def test_envoys_are_scraped_in_their_own_namespace_at_their_own_path() -> None:
    spec = watch().named("watch-monitor-envoys").inputs["spec"]
    assert spec["namespaceSelector"] == {"matchNames": ["envoy-gateway-system"]}
    assert spec["podMetricsEndpoints"][0]["path"] == "/stats/prometheus"


def test_a_prefix_is_that_of_every_gpu_rule() -> None:
    rules = watch(metric_prefix="").named("watch-rules-gpu").inputs["spec"]["groups"][0]["rules"]
    assert "amd_gpu_" not in str(rules)
    assert "(gpu_health)" in str(rules)


def test_a_rule_of_the_users_own_is_in_its_own_group() -> None:
    own = OwnRuleArgs(expr="up == 0", severity="P3", summary="Down", runbook="https://example.com/r")
    (rule,) = watch(rules={"Mine": own}).named("watch-rules-own").inputs["spec"]["groups"][0]["rules"]
    assert rule["alert"] == "Mine"
    assert rule["for"] == "5m"
    assert rule["labels"] == {"severity": "P3"}
    assert rule["annotations"]["runbook_url"] == "https://example.com/r"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"features": ("engine",)}, "features[0]"),
        ({"namespaces": ()}, "must name the namespaces of the models"),
        ({"objectives": ObjectivesArgs(first_token_seconds=2)}, "must be a bucket"),
        ({"thresholds": {"Nothing": 1}}, "thresholds.Nothing"),
        ({"metric_prefix": "my_", "rules": {"Mine": OwnRuleArgs(expr="amd_gpu_health", severity="P1", summary="a")}},
         "is not a metric"),
    ],
)  # fmt: skip
def test_what_prometheus_could_not_evaluate_is_refused(changes, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        watch(**changes)
    assert message in str(refused.value)


def test_a_dashboard_has_the_label_that_grafanas_sidecar_looks_for() -> None:
    made = watch(dashboards=True, hour_prices={"a": 6.0})
    config = made.named("watch-dashboard-cost").inputs
    assert config["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert "6" in json.loads(config["data"]["genai-cost.json"])["panels"][0]["targets"][0]["expr"]
    assert not [each for each in watch().resources if "dashboard" in each.name]
