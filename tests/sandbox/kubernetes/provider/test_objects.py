"""Objects in a cluster: created, changed, read and deleted as pulumi-kubernetes does it."""

import base64

import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.kubernetes.api.values import Secret, decode, encode
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import (
    Bed,
    Body,
    Engine,
    RefusedError,
    config_map,
    deployment,
    kubeconfig,
    namespace,
    service,
    urn,
)

PropertyDiff = provider_pb2.PropertyDiff


def secret(**data: object) -> Body:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}, "stringData": data}


def test_a_created_object_gets_an_id_a_uid_and_the_defaults_of_the_server(engine: Engine) -> None:
    made = engine.create(deployment())
    assert made.id == "default/web"
    outputs = made.outputs
    assert outputs["metadata"]["uid"]
    assert outputs["metadata"]["namespace"] == "default"
    assert outputs["spec"]["progressDeadlineSeconds"] == 600
    assert outputs["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 30
    assert outputs["status"]["readyReplicas"] == 1


def test_a_cluster_scoped_object_has_no_namespace_in_its_id(engine: Engine) -> None:
    made = engine.create(namespace("models"))
    assert made.id == "models"
    assert "namespace" not in made.outputs["metadata"]


def test_a_service_gets_an_address_of_the_services_range(engine: Engine) -> None:
    engine.create(deployment())
    first, second = engine.create(service()), engine.create(service("other"), name="other")
    addresses = {made.outputs["spec"]["clusterIP"] for made in (first, second)}
    assert len(addresses) == 2
    assert all(address.startswith("10.96.") for address in addresses)


def test_the_same_program_again_changes_nothing(engine: Engine) -> None:
    for body in (deployment(), service(), namespace("models"), config_map(a="b")):
        made = engine.create(body)
        answer = engine.diff(made, body)
        assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE, body["kind"]


def test_a_change_of_replicas_is_in_place_and_keeps_the_server_s_values(engine: Engine) -> None:
    made = engine.create(deployment())
    answer = engine.diff(made, deployment(replicas=2))
    assert list(answer.detailedDiff) == ["spec.replicas"]
    assert not answer.replaces
    changed = engine.update(made, deployment(replicas=2))
    assert changed.outputs["status"]["readyReplicas"] == 2
    assert changed.outputs["metadata"]["uid"] == made.outputs["metadata"]["uid"]
    assert changed.outputs["metadata"]["generation"] == 2
    assert int(changed.outputs["metadata"]["resourceVersion"]) > int(
        made.outputs["metadata"]["resourceVersion"]
    )


def test_dropped_fields_are_removed_and_fields_of_others_stay(engine: Engine) -> None:
    labelled = namespace("models", team="a", tier="gold")
    made = engine.create(labelled)
    changed = engine.update(made, namespace("models", team="a"))
    labels = changed.outputs["metadata"]["labels"]
    assert labels == {"team": "a", "kubernetes.io/metadata.name": "models"}


@pytest.mark.parametrize(
    ("body", "changed", "path"),
    [
        (deployment(), deployment(app="other"), "spec.selector.matchLabels.app"),
        (service(clusterIP="10.96.0.77"), service(clusterIP="10.96.0.78"), "spec.clusterIP"),
        (config_map(a="b"), config_map(a="c"), "data.a"),
        (config_map("one"), config_map("two"), "metadata.name"),
    ],
)
def test_a_change_of_an_immutable_field_replaces_the_object(
    engine: Engine, body: Body, changed: Body, path: str
) -> None:
    engine.create(deployment(), name="backend")
    made = (
        engine.create(body | {"metadata": dict(body["metadata"])}) if body["kind"] != "Deployment" else None
    )
    made = made or engine.create({**body, "metadata": {"name": "fixed"}})
    new = {**changed, "metadata": {"name": "fixed"}} if body["kind"] == "Deployment" else changed
    answer = engine.diff(made, new)
    assert path in answer.replaces
    assert answer.detailedDiff[path].kind == PropertyDiff.UPDATE_REPLACE


def test_a_named_object_is_deleted_before_its_replacement_and_an_autonamed_one_after(engine: Engine) -> None:
    fixed = engine.create(config_map("settings", a="b"))
    assert engine.diff(fixed, config_map("settings", a="c")).deleteBeforeReplace
    unnamed: Body = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    free = engine.create(unnamed, name="free")
    answer = engine.diff(free, {**unnamed, "data": {"a": "c"}})
    assert answer.replaces
    assert not answer.deleteBeforeReplace


def test_a_job_with_another_template_is_replaced(engine: Engine) -> None:
    def job(image: str) -> Body:
        pod = {"restartPolicy": "Never", "containers": [{"name": "c", "image": image}]}
        spec = {"template": {"spec": pod}}
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "load"}, "spec": spec}

    made = engine.create(job("a:1"))
    assert made.outputs["status"]["succeeded"] == 1
    assert engine.diff(made, job("a:2")).replaces == ["spec.template.spec.containers[0].image"]


def test_config_maps_change_in_place_if_a_setting_says_so(engine: Engine, bed: Bed) -> None:
    mutable = bed.connect()
    mutable.configure(kubeconfig(), enableConfigMapMutable="true")
    made = mutable.create(config_map(a="b"))
    assert not mutable.diff(made, config_map(a="c")).replaces
    assert engine.diff(made, config_map(a="c")).replaces, "the other provider does not have the setting"


def test_ignored_changes_are_not_reported(engine: Engine) -> None:
    made = engine.create(deployment())
    answer = engine.diff(made, deployment(replicas=5), ignore=("spec.replicas",))
    assert answer.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_the_server_refuses_in_place_changes_of_a_claim(engine: Engine) -> None:
    def claim(size: str, mode: str = "Filesystem") -> Body:
        return {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "weights"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "volumeMode": mode,
                "resources": {"requests": {"storage": size}},
            },
        }

    made = engine.create(claim("100Gi"))
    grown = engine.update(made, claim("200Gi"))
    with pytest.raises(RefusedError, match="field can not be less than"):
        engine.update(grown, claim("50Gi"))
    with pytest.raises(RefusedError, match="spec is immutable after creation"):
        engine.update(grown, claim("200Gi", "Block"))


def test_a_second_object_of_the_same_name_already_exists(engine: Engine) -> None:
    engine.create(config_map(a="b"), name="one")
    with pytest.raises(RefusedError, match='configmaps "settings" already exists') as refused:
        engine.create(config_map(a="b"), name="two")
    assert "use an alias" in str(refused.value)


def test_unnamed_objects_get_a_name_that_stays(engine: Engine) -> None:
    body: Body = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    made = engine.create(body, name="settings")
    name = made.outputs["metadata"]["name"]
    assert name.startswith("settings-")
    assert made.outputs["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    again = decode(engine.check(body, "core/v1:ConfigMap", "settings", made).inputs)
    assert again["metadata"]["name"] == name


def test_a_refresh_finds_changes_outside_the_engine(engine: Engine) -> None:
    made = engine.create(deployment())
    engine.update(made, deployment(replicas=3))
    found = engine.read(made)
    assert decode(found.inputs)["spec"]["replicas"] == 3
    assert found.id == made.id


def test_a_refresh_of_a_deleted_object_finds_that_it_is_missing(engine: Engine) -> None:
    made = engine.create(config_map(a="b"))
    engine.delete(made)
    assert engine.read(made).id == ""
    engine.delete(made)


def test_an_object_can_be_imported_by_its_id(engine: Engine) -> None:
    engine.create(config_map(a="b"))
    request = provider_pb2.ReadRequest(id="default/settings", urn=urn("core/v1:ConfigMap"))
    found = engine.stub.Read(request)
    inputs = decode(found.inputs)
    assert inputs["data"] == {"a": "b"}
    assert "uid" not in inputs["metadata"]


def test_the_data_of_secrets_is_secret_in_inputs_and_state(engine: Engine) -> None:
    made = engine.create(secret(key="hunter2"))
    state = decode(made.state)
    assert isinstance(state["data"], Secret)
    assert isinstance(state["__inputs"]["data"], Secret)
    assert state["data"].value == {"key": base64.b64encode(b"hunter2").decode()}
    assert "stringData" not in state, "the server keeps data only"


def test_a_secret_value_elsewhere_stays_secret(engine: Engine) -> None:
    made = engine.create(config_map() | {"data": {"dsn": Secret("postgres://x:y@z"), "open": "yes"}})
    state = decode(made.state)
    assert isinstance(state["data"]["dsn"], Secret)
    assert state["data"]["open"] == "yes"


def test_no_secret_reaches_the_event_log(engine: Engine, cloud: Cloud) -> None:
    engine.create(secret(key="hunter2"))
    encoded = base64.b64encode(b"hunter2").decode()
    text = str(cloud.store.events("kubernetes"))
    assert "create" in text
    assert "hunter2" not in text
    assert encoded not in text


def test_a_receiver_without_secrets_gets_bare_values() -> None:
    assert decode(encode({"a": Secret({"b": 1})}, secrets=False)) == {"a": {"b": 1}}


def test_a_patch_resource_changes_an_object_and_undoes_it_when_deleted(engine: Engine) -> None:
    made = engine.create(namespace("models", team="a"))
    patch = engine.create(namespace("models", extra="yes"), "core/v1:NamespacePatch", "patch")
    assert engine.read(made).id == "models"
    assert patch.outputs["metadata"]["labels"]["team"] == "a"
    engine.delete(patch)
    live = decode(engine.read(made).properties)
    assert "extra" not in live["metadata"]["labels"]
    assert live["metadata"]["labels"]["team"] == "a"


def test_a_decoded_yaml_file_gets_the_default_namespace(engine: Engine) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nkind: Namespace\nmetadata: {name: b}\n"
    request = provider_pb2.InvokeRequest(
        tok="kubernetes:yaml:decode", args=encode({"text": text, "defaultNamespace": "models"})
    )
    answer = engine.stub.Invoke(request)
    first, second = decode(getattr(answer, "return"))["result"]
    assert first["metadata"]["namespace"] == "models"
    assert "namespace" not in second["metadata"]


@pytest.mark.parametrize("token", ["kubernetes:helm:template", "kubernetes:kustomize:directory"])
def test_a_call_of_an_unsupported_function_is_refused(engine: Engine, token: str) -> None:
    with pytest.raises(RefusedError, match=f"not modelled: {token}"):
        engine._do("Invoke", provider_pb2.InvokeRequest(tok=token))
