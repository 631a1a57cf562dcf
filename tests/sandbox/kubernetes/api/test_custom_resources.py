"""Custom resources: checked against this project's schemas or a definition in the cluster."""

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator

from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError, deployment
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release

SCHEMAS = [
    path
    for group in (files("sandbox.kubernetes.api") / "schemas").iterdir()
    if group.is_dir()
    for version in group.iterdir()
    for path in version.iterdir()
]


def monitor(**spec: Any) -> Body:
    body = {"selector": {"matchLabels": {"app": "web"}}, "endpoints": [{"port": "http", "interval": "30s"}]}
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": {"name": "web"},
        "spec": body | spec,
    }


def definition() -> Body:
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.test"},
        "spec": {
            "group": "example.test",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }


def widget(**spec: Any) -> Body:
    return {"apiVersion": "example.test/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": spec}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_project_s_schemas_are_valid_and_name_their_source(path: Any) -> None:
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    assert schema["x-sandbox-source"]
    assert schema["properties"]["kind"]["enum"] == [path.name.removesuffix(".json")]
    assert schema["additionalProperties"] is False


def test_a_custom_resource_needs_its_chart_first(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="Verify that any required CRDs have been created"):
        engine.create(monitor())
    assert engine.preview(monitor())["spec"]["selector"], "in a preview the chart may not be installed yet"
    engine.create(release(chart="kube-prometheus-stack"), TOKEN, "stack")
    assert engine.create(monitor()).id == "default/web"


def test_a_misspelt_field_of_a_custom_resource_is_named(engine: Engine) -> None:
    found = engine.problems(monitor(endpoints=[{"port": "http", "intervall": "30s"}]))
    assert "Did you mean `interval`?" in found["spec.endpoints[0].intervall"]
    assert "spec.selector.matchLabel" in engine.problems(monitor(selector={"matchLabel": {}}))


def test_pods_inside_a_custom_resource_are_checked_against_the_clusters_version(engine: Engine) -> None:
    template = deployment()["spec"]["template"]
    template["spec"]["containers"][0]["imagge"] = "x"
    body = {
        "apiVersion": "leaderworkerset.x-k8s.io/v1",
        "kind": "LeaderWorkerSet",
        "metadata": {"name": "big"},
        "spec": {"replicas": 1, "leaderWorkerTemplate": {"size": 2, "workerTemplate": template}},
    }
    path = "spec.leaderWorkerTemplate.workerTemplate.spec.containers[0].imagge"
    assert list(engine.problems(body)) == [path]


def test_a_kind_without_a_definition_is_refused(engine: Engine) -> None:
    found = engine.problems(widget(size=1))
    assert "no schema is known for example.test/v1 Widget" in found["kind"]
    assert "sandbox/kubernetes/api/schemas/example.test/v1/Widget.json" in found["kind"]


def test_a_definition_in_the_program_defines_its_kind(engine: Engine) -> None:
    made = engine.create(definition(), name="definition")
    assert engine.problems(widget(sizze=1))["spec.sizze"].endswith("Did you mean `size`?")
    engine.create(widget(size=1))
    engine.delete(made)
    with pytest.raises(RefusedError, match="reported that the apiVersion for this resource does not exist"):
        engine.create(widget(size=1))


def test_a_definition_that_is_not_yet_created_already_checks_objects(engine: Engine) -> None:
    engine.check(definition(), "apiextensions.k8s.io/v1:CustomResourceDefinition", "definition")
    assert list(engine.problems(widget(sizze=1))) == ["spec.sizze"]
    with pytest.raises(RefusedError, match="does not exist"):
        engine.create(widget(size=1))
