"""Charts of the platform: pinned, in their own namespaces, with values for OKE and MI300X."""

import json
from typing import Any

import pulumi
import pytest

from facts.charts import CHARTS, CRD_CHARTS, chart_name
from facts.problem import InvalidInput
from sandbox.kubernetes.provider.helm import release_problems
from serving.platform.chart_rules import (
    chart_problems,
    digest_problems,
    needs_problems,
    prefix_problems,
    replica_problems,
    value_problems,
    volume_problems,
)
from serving.platform.chart_values import Choices, exporter_config, merged, values_of
from serving.platform.platform_chart import PlatformChart, PlatformChartArgs
from tests.support.monitor import kubernetes_options, run

ALL = Choices(shapes=["BM.GPU.MI300X.8"], monitored=True, with_ai=True, image_digest="sha256:" + "a" * 64)


def read(chart: str, choices: Choices) -> dict[str, Any]:
    return dict(values_of(chart, choices))


def made(preview=False, **args):
    def program():
        chart = PlatformChart("chart", PlatformChartArgs(**{"chart": "keda", **args}), kubernetes_options())
        pulumi.export("namespace", chart.namespace)
        pulumi.export("release", chart.release_name)

    return run(program, preview=preview)


@pytest.mark.parametrize("key", CHARTS)
@pytest.mark.parametrize("preview", [False, True])
def test_helm_accepts_every_chart(key, preview):
    recording = made(preview, chart=key, values=read(key, ALL))
    release = recording.named("chart-release").inputs
    assert not release_problems(release)
    assert release["version"] == CHARTS[key].version
    assert release["atomic"], "a failed upgrade must be rolled back"


def test_a_charts_namespace_has_the_pod_security_level_that_its_pods_need():
    labels = made(chart="metricsExporter").named("chart-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged", "it mounts /dev and /sys"
    labels = made(chart="gateway").named("chart-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


def test_custom_kinds_with_their_own_chart_come_first():
    recording = made(chart="prometheus", values=read("prometheus", ALL))
    crds, release = recording.named("chart-crds"), recording.named("chart-release")
    assert crds.inputs["chart"] == "prometheus-operator-crds"
    assert crds.urn in release.depends_on
    assert release.inputs["values"]["crds"] == {"enabled": False}


def test_the_release_has_the_charts_name_by_which_other_objects_find_its_parts():
    assert made(chart="aiGateway").exports == {
        "namespace": "envoy-ai-gateway-system",
        "release": "ai-gateway-helm",
    }


@pytest.mark.parametrize(
    ("mirror", "chart", "repository"),
    [
        ("oci://mirror.example/charts/keda", "oci://mirror.example/charts/keda", None),
        ("https://mirror.example/charts", "keda", "https://mirror.example/charts"),
    ],
)
def test_a_mirror_replaces_the_projects_own_repository(mirror, chart, repository):
    release = made(repository=mirror, version="2.20.1").named("chart-release").inputs
    assert (release["chart"], release.get("repositoryOpts", {}).get("repo")) == (chart, repository)
    assert release["version"] == "2.20.1"


def test_a_charts_config_map_is_created_first():
    config = {"config.json": exporter_config("amd_")}
    recording = made(chart="metricsExporter", config=config, config_name="gpu-metrics-config")
    held = recording.named("chart-config")
    assert held.urn in recording.named("chart-release").depends_on
    assert json.loads(held.inputs["data"]["config.json"])["CommonConfig"]["MetricsFieldPrefix"] == "amd_"


def test_the_metrics_exporter_runs_only_on_gpu_nodes_and_keeps_the_labels_of_the_pod():
    values = read("metricsExporter", ALL)
    (term,) = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][
        "nodeSelectorTerms"
    ]
    assert term["matchExpressions"][0]["values"] == ["BM.GPU.MI300X.8"]
    assert values["tolerations"][0]["key"] == "amd.com/gpu"
    assert values["serviceMonitor"]["honorLabels"] is True
    assert values["image"]["tag"] == "v1.5.2@sha256:" + "a" * 64


def test_envoy_gateway_uses_ai_gateway_only_if_it_is_on():
    with_ai = read("gateway", ALL)["config"]["envoyGateway"]
    assert with_ai["extensionManager"]["service"]["fqdn"]["hostname"].startswith("ai-gateway-controller.")
    assert "extensionManager" not in read("gateway", Choices())["config"]["envoyGateway"]


def test_parts_that_oke_runs_itself_are_not_monitored_because_they_would_seem_to_be_missing():
    values = read("prometheus", ALL)
    assert not any(values[part]["enabled"] for part in ("kubeEtcd", "kubeScheduler", "kubeControllerManager"))


def test_without_prometheus_nothing_is_scraped():
    watched = '"serviceMonitor": {"enabled": true'
    assert any(watched in json.dumps(read(key, ALL)) for key in CHARTS)
    for key in CHARTS:
        assert watched not in json.dumps(read(key, Choices(shapes=["x"])))


def test_a_users_values_have_priority_and_mappings_are_merged():
    base = {"a": {"b": 1, "c": 2}, "d": [1]}
    assert merged(base, {"a": {"b": 3}, "d": [2]}) == {"a": {"b": 3, "c": 2}, "d": [2]}
    assert base == {"a": {"b": 1, "c": 2}, "d": [1]}, "the base is not changed"


def test_a_chart_and_its_kinds_come_from_one_project():
    for key, chart in CHARTS.items():
        assert chart_name(chart)
        if chart.crds:
            kinds = CRD_CHARTS[chart.crds]
            assert (kinds.source, kinds.namespace) == (chart.source, chart.namespace), key


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"chart": "kada"}, "chart", "Did you mean `keda`?"),
        ({"chart": "x"}, "chart", "There are: prometheus"),
        ({"version": ">=2.0.0"}, "version", "one exact version"),
        ({"version": "latest"}, "version", "The values were written for 2.20.2"),
        (
            {"repository": "charts"},
            "repository",
            "must be a valid address, and must begin with https:// or oci://",
        ),
        (
            {"repository": "http://plain.example"},
            "repository",
            "must be a valid address, and must begin with https://",
        ),
    ],
)
def test_a_wrong_chart_is_refused(changes, key, words):
    args = PlatformChartArgs(**{"chart": "keda", **changes})
    (problem,) = chart_problems(args, chart=args.chart, path="p")
    assert problem.path == f"p.{key}"
    assert words in str(problem)


def test_a_value_that_the_toolkit_sets_is_refused():
    (problem,) = value_problems({"crds": {"install": False}}, chart="keda", path="p")
    assert problem.path == "p.values.crds.install"
    assert "other settings decide it" in str(problem)


def test_the_component_refuses_what_the_rules_refuse():
    with pytest.raises(InvalidInput, match="one exact version"):
        made(version="2")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (digest_problems("sha256:12", "p"), "64 hexadecimal digits"),
        (replica_problems(0, "p"), "from 1 to 5"),
        (volume_problems(10, "p"), "from 50 to 32,768 GiB"),
        (prefix_problems("9-gpu", "p"), "letters, digits and _"),
        (needs_problems(["aiGateway"], "serving.platform"), "needs gateway, which is off"),
    ],
)
def test_a_wrong_detail_of_a_chart_is_refused(found, words):
    (problem,) = found
    assert words in str(problem)


def test_a_placeholder_digest_and_an_empty_prefix_pass():
    assert not [
        *digest_problems("sha256:REPLACE-ME", "p"),
        *prefix_problems("", "p"),
        *digest_problems(None, "p"),
    ]
