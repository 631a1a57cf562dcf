"""The stand-in's errors for objects that Kubernetes would refuse."""

import pytest

from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.objects import Objects
from sandbox.kubernetes.api.openapi import schema_version
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import UNKNOWN
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import (
    CLUSTER_ID,
    Body,
    Engine,
    RefusedError,
    deployment,
    namespace,
    service,
)
from tests.sandbox.kubernetes.refusals import changed, claim, container, thing


def test_an_unknown_field_is_named_with_its_path_and_the_nearest_right_one(engine: Engine) -> None:
    found = engine.problems(container(imagePullPolcy="Always"))
    path = "spec.template.spec.containers[0].imagePullPolcy"
    assert found == {path: f"{path}: unknown field. Did you mean `imagePullPolicy`?"}


def test_a_wrong_type_is_named(engine: Engine) -> None:
    assert engine.problems(deployment(replicas="two")) == {
        "spec.replicas": "spec.replicas: must be an integer, is a string"
    }


@pytest.mark.parametrize("field", ["data", "stringData"])
def test_a_secret_whose_values_are_of_a_wrong_type_is_refused(engine: Engine, field: str) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}}
    found = engine.problems({**secret, field: "no such"})
    assert found[field] == f"{field}: must be an object, is a string"
    found = engine.problems({**secret, field: {"key": 1}})
    assert next(iter(found.values())).endswith("must be a string, is an integer")


def test_a_missing_field_is_named(engine: Engine) -> None:
    body = changed(deployment(), "spec.template", None)
    del body["spec"]["template"]
    assert engine.problems(body) == {"spec.template": "spec.template: missing; it is required"}


def test_all_problems_of_an_object_are_told_at_once(engine: Engine) -> None:
    body = changed(changed(deployment(), "spec.replicaz", 1), "metadata.lables", {})
    assert set(engine.problems(body)) == {"spec.replicaz", "metadata.lables"}


def test_an_integer_or_string_field_accepts_both_and_nothing_else(engine: Engine) -> None:
    for value in (8000, "http"):
        body = service(ports=[{"port": 80, "targetPort": value}])
        assert engine.problems(body) == {}
    found = engine.problems(service(ports=[{"port": 80, "targetPort": True}]))
    assert found["spec.ports[0].targetPort"].endswith("must be a string or an integer, is a boolean")


def test_unknown_values_pass_and_the_rest_is_checked(engine: Engine) -> None:
    body = changed(container(image=UNKNOWN, imagePullPolcy="Always"), "spec.replicas", UNKNOWN)
    assert list(engine.problems(body)) == ["spec.template.spec.containers[0].imagePullPolcy"]


def test_an_unknown_kind_is_refused_with_what_is_served(engine: Engine) -> None:
    body = {**deployment(), "apiVersion": "apps/v1beta1"}
    assert "It serves Deployment of apps/v1" in engine.problems(body)["kind"]
    body = {**namespace(), "kind": "Namespase"}
    assert "Did you mean `Namespace`?" in engine.problems(body)["kind"]


def test_the_schema_is_that_of_the_clusters_version() -> None:
    assert schema_version("v1.34.2") == "1.34.0"
    assert schema_version("v1.36.1") == "1.36.0"


@pytest.mark.parametrize(
    "body", [changed(deployment(), "metadata.name", "Web_1"), service(ports=[{"port": 70000}])]
)
def test_a_preview_refuses_what_the_server_refuses(engine: Engine, body: Body) -> None:
    with pytest.raises(RefusedError, match="Invalid value"):
        engine.create(body)
    with pytest.raises(RefusedError, match="Invalid value"):
        engine.preview(body)


def test_an_invalid_amount_is_refused_before_quotas_count_it(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="quantities must match"):
        engine.create(claim("much"))


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (1_500_000, None),
        (1_600_000, "etcdserver: request is too large"),
        (3_200_000, "Request entity too large: limit is 3145728"),
    ],
)
def test_an_object_that_is_too_large_is_refused(engine: Engine, size: int, said: str | None) -> None:
    pod = {"containers": [{"name": "web", "image": "nginx:1", "args": ["x" * size]}]}
    if said is None:
        engine.create(deployment(pod=pod))
        return
    with pytest.raises(RefusedError, match=said):
        engine.create(deployment(pod=pod))


def test_secret_data_must_be_base64(engine: Engine) -> None:
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "%%%"}}
    with pytest.raises(RefusedError, match="illegal base64 data") as refused:
        engine.create(body)
    assert "%%%" not in str(refused.value)


def test_generated_names_are_refused_as_with_server_side_apply(engine: Engine) -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "x-"}}
    with pytest.raises(RefusedError, match="not supported in Server-Side Apply mode"):
        engine.create(body)


@pytest.mark.parametrize(("version", "taken"), [("v1.34.2", False), ("v1.35.2", False), ("v1.36.1", True)])
def test_a_service_may_begin_with_a_digit_since_1_36(cloud: Cloud, version: str, taken: bool) -> None:
    server = Server(Servers(Objects(cloud.store), cloud), CLUSTER_ID, version)
    body = changed(service(), "metadata.name", "1web")
    if taken:
        assert server.create(body, "urn:it").name == "1web"
    else:
        with pytest.raises(ApiError, match="a DNS-1035 label must consist"):
            server.create(body, "urn:it")


def test_a_custom_object_gets_the_defaults_of_its_schema(cloud: Cloud) -> None:
    schema = {"properties": {"spec": {"properties": {"size": {"type": "integer", "default": 3}}}}}
    definition = thing(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        spec={
            "group": "example.test",
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    )
    server = Server(Servers(Objects(cloud.store), cloud), CLUSTER_ID, "v1.36.1")
    server.create(changed(definition, "metadata.name", "widgets.example.test"), "urn:definition")
    assert server.create(thing("example.test/v1", "Widget", spec={}), "urn:it").body["spec"] == {"size": 3}
