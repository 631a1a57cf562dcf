"""Namespaces: objects need one, they are deleted with it, and it may refuse pods."""

from typing import Any

import pytest

from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError, config_map, deployment, namespace


def inside(body: Body, name: str = "models") -> Body:
    return {**body, "metadata": {**body["metadata"], "namespace": name}}


def pod(**context: Any) -> Body:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one"},
        "spec": {"containers": [{"name": "c", "image": "a:1", "securityContext": context}]},
    }


def test_an_object_in_a_missing_namespace_is_refused(engine: Engine) -> None:
    with pytest.raises(RefusedError, match='namespaces "models" not found'):
        engine.create(inside(config_map(a="b")))


def test_a_preview_passes_before_the_namespace_exists(engine: Engine) -> None:
    shown = engine.preview(inside(config_map(a="b")))
    assert shown["metadata"]["name"] == "settings"


def test_deleting_a_namespace_deletes_its_objects(engine: Engine) -> None:
    space = engine.create(namespace(), name="space")
    made = engine.create(inside(config_map(a="b")))
    engine.delete(space)
    assert engine.read(made).id == ""
    engine.delete(made)
    engine.create(namespace(), name="space")
    assert engine.read(made).id == "", "a new namespace with the same name is empty"


def test_the_system_namespaces_exist_and_cannot_be_deleted(engine: Engine) -> None:
    engine.create(inside(config_map(a="b"), "kube-system"))
    system = engine.create(namespace("kube-system"))
    with pytest.raises(RefusedError, match="this namespace may not be deleted"):
        engine.delete(system)


def test_a_namespace_that_enforces_baseline_refuses_a_privileged_pod(engine: Engine) -> None:
    engine.create(namespace(**{"pod-security.kubernetes.io/enforce": "baseline"}))
    with pytest.raises(RefusedError, match='violates PodSecurity "baseline:latest": privileged'):
        engine.create(inside(pod(privileged=True)))
    engine.create(inside(pod()))


def test_a_deployment_of_privileged_pods_is_accepted_but_gets_no_pods(engine: Engine) -> None:
    engine.create(namespace(**{"pod-security.kubernetes.io/enforce": "baseline"}))
    body = inside(
        deployment(
            pod={"containers": [{"name": "c", "image": "a:1", "securityContext": {"privileged": True}}]}
        )
    )
    with pytest.raises(RefusedError) as refused:
        engine.create(body)
    assert any("is forbidden: violates PodSecurity" in reason for reason in refused.value.reasons)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"hostNetwork": True}, "host namespaces"),
        ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, "hostPath volumes"),
    ],
)
def test_baseline_refuses_the_host(engine: Engine, spec: Body, says: str) -> None:
    engine.create(namespace(**{"pod-security.kubernetes.io/enforce": "baseline"}))
    body = pod()
    body["spec"] |= spec
    with pytest.raises(RefusedError, match=says):
        engine.create(inside(body))


def test_restricted_accepts_a_pod_without_any_privileges(engine: Engine) -> None:
    engine.create(namespace(**{"pod-security.kubernetes.io/enforce": "restricted"}))
    with pytest.raises(RefusedError, match="allowPrivilegeEscalation != false"):
        engine.create(inside(pod()))
    engine.create(
        inside(
            pod(
                allowPrivilegeEscalation=False,
                capabilities={"drop": ["ALL"]},
                runAsNonRoot=True,
                seccompProfile={"type": "RuntimeDefault"},
            )
        )
    )


def test_an_unknown_security_level_is_refused(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="must be one of privileged, baseline, restricted"):
        engine.create(namespace(**{"pod-security.kubernetes.io/enforce": "strict"}))


def test_a_pod_needs_its_service_account(engine: Engine) -> None:
    body = pod()
    body["spec"]["serviceAccountName"] = "loader"
    with pytest.raises(RefusedError, match='serviceaccount "loader" not found'):
        engine.create(body)
