"""Rules and runbooks name objects that the toolkit creates: those of the snapshot of prod, which has every part."""

import re
from collections.abc import Iterator
from typing import Any

import click
import pytest

from facts.charts import CHARTS
from infra.commands.cli import main as playground
from serving.watching.catalogue import all_alerts
from tests.infra.snapshots import read

OF_OPERATORS = {"alertmanager", "prometheus"}
"""Values of app.kubernetes.io/name on the pods that the Prometheus operator creates."""


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    return [each["inputs"] for each in read("prod")]


def named(pattern: str) -> set[str]:
    """What the pattern finds in the queries and commands of every alert."""
    texts = [text for alert in all_alerts().values() for text in (alert.expr, *alert.commands)]
    return {found for text in texts for found in re.findall(pattern, text)}


def test_a_container_that_is_named_exists(objects: list[dict[str, Any]]) -> None:
    containers = {
        each["name"]
        for node in nodes(objects)
        for key in ("containers", "initContainers")
        for each in node.get(key) or ()
    }
    wanted = named(r'container="([^"]+)"') | named(r"--container (\S+)")
    assert wanted
    assert wanted <= containers


def test_a_daemon_set_that_a_rule_selects_exists(objects: list[dict[str, Any]]) -> None:
    made = [each["metadata"]["name"] for each in objects if each.get("kind") == "DaemonSet"]
    (pattern,) = named(r'daemonset=~"([^"]+)"')
    assert [name for name in made if re.fullmatch(pattern, name)]


def test_a_pod_that_a_command_selects_exists(objects: list[dict[str, Any]]) -> None:
    labels = {str(node.get("app.kubernetes.io/name")) for node in nodes(objects)}
    wanted = named(r"app\.kubernetes\.io/name=(\S+)") - OF_OPERATORS
    assert wanted
    assert wanted <= labels


def test_a_namespace_that_a_command_names_is_that_of_a_chart() -> None:
    assert named(r"--namespace ([a-z][a-z-]+)") <= {chart.namespace for chart in CHARTS.values()}


def of_charts() -> set[str]:
    """Workloads of the charts that commands name. The charts' templates are the sources: each is installed under its
    own name, and Envoy Gateway creates its rate limit service itself (internal/infrastructure/kubernetes/ratelimit)."""
    named_in_templates = {
        "keda": {"keda-operator", "keda-operator-metrics-apiserver"},
        "certManager": {"cert-manager"},
        "gateway": {"envoy-gateway", "envoy-ratelimit"},
        "prometheus": {"kube-prometheus-stack-kube-state-metrics"},
        "metricsExporter": {"device-metrics-exporter-charts-amdgpu-metrics-exporter"},
    }
    assert named_in_templates.keys() <= CHARTS.keys()
    return {name for names in named_in_templates.values() for name in names}


def test_a_workload_that_a_command_names_exists(objects: list[dict[str, Any]]) -> None:
    kinds = {"deployment": "Deployment", "daemonset": "DaemonSet"}
    models = {"qwen3-32b": "MODEL"}
    for word, kind in kinds.items():
        made = {str(each["metadata"]["name"]) for each in objects if each.get("kind") == kind}
        wanted = named(rf"{word}/(\S+)")
        assert wanted
        assert wanted <= {models.get(name, name) for name in made} | of_charts()


def test_a_command_of_the_toolkit_takes_the_words_that_follow() -> None:
    for text in named(r"^(playground .+)"):
        _, command, *words = text.split()
        found = playground.get_command(click.Context(playground), command)
        assert found is not None, text
        taken = [each for each in found.params if isinstance(each, click.Argument)]
        assert sum(each.required for each in taken) <= len(words) <= len(taken), text
