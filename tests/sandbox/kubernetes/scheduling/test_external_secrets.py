"""The kinds of external-secrets on the stand-in: they need the chart, and their fields are checked."""

from typing import Any

import pytest

from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release


def store(**oracle: Any) -> Body:
    given = {
        "vault": "ocid1.vault.oc1.iad.v1.x",
        "region": "us-ashburn-1",
        "principalType": "Workload",
    } | oracle
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ClusterSecretStore",
        "metadata": {"name": "vault"},
        "spec": {"provider": {"oracle": given}},
    }


def secret(**spec: Any) -> Body:
    body = {
        "refreshInterval": "1h",
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "target": {"name": "hub-token", "creationPolicy": "Owner"},
        "data": [{"secretKey": "token", "remoteRef": {"key": "hub-token"}}],
    }
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "hub-token"},
        "spec": body | spec,
    }


def test_a_cluster_store_needs_the_chart_and_has_no_namespace(engine: Engine) -> None:
    with pytest.raises(RefusedError, match="Verify that any required CRDs have been created"):
        engine.create(store())
    engine.create(release(chart="external-secrets"), TOKEN, "chart")
    assert engine.create(store()).id == "vault"
    assert engine.create(secret(), name="secret").id == "default/hub-token"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (store(principalType="WorkloadIdentity"), "spec.provider.oracle.principalType"),
        (store(vaultId="x"), "spec.provider.oracle.vaultId"),
        (secret(data=[{"secretKey": "token"}]), "spec.data[0].remoteRef"),
        (secret(refreshIntervall="1h"), "spec.refreshIntervall"),
    ],
)
def test_a_wrong_field_is_named(engine: Engine, body: Body, path: str) -> None:
    assert path in engine.problems(body)


def test_the_kinds_of_the_prometheus_operator_come_with_its_crd_chart(engine: Engine) -> None:
    rules = {"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up == 0"}]}]}
    body = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "a"},
        "spec": rules,
    }
    engine.create(release(chart="prometheus-operator-crds"), TOKEN, "crds")
    assert engine.create(body).id == "default/a"


def pod() -> Body:
    reference = {"secretKeyRef": {"name": "hub-token", "key": "token"}}
    container = {"name": "c", "image": "i", "env": [{"name": "TOKEN", "valueFrom": reference}]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "it"},
        "spec": {"containers": [container]},
    }


def test_pods_start_when_the_store_of_their_vault_secret_exists(engine: Engine) -> None:
    engine.create(release(chart="external-secrets"), TOKEN, "chart")
    engine.create(secret(), name="secret")
    with pytest.raises(RefusedError) as refused:
        engine.create(pod(), name="early", timeout=1)
    assert any('secret "hub-token" not found' in reason for reason in refused.value.reasons)
    engine.create(store(), name="store")
    assert engine.create({**pod(), "metadata": {"name": "later"}}, name="later").id == "default/later"


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({"namespaces": ["default"]}, True),
        ({"namespaces": ["serving"]}, False),
        ({"namespaceRegexes": ["def.*"]}, True),
        ({"namespaceRegexes": ["serv.*"]}, False),
    ],
)
def test_a_store_serves_the_namespaces_of_its_conditions(engine: Engine, condition: Body, fits: bool) -> None:
    engine.create(release(chart="external-secrets"), TOKEN, "chart")
    engine.create(secret(), name="secret")
    narrowed = store()
    engine.create(narrowed | {"spec": {**narrowed["spec"], "conditions": [condition]}}, name="store")
    if fits:
        assert engine.create(pod(), name="pod").id == "default/it"
        return
    with pytest.raises(RefusedError) as refused:
        engine.create(pod(), name="pod", timeout=1)
    assert any('secret "hub-token" not found' in reason for reason in refused.value.reasons)
