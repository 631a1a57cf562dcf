"""Objects of a cluster that are changed or deleted outside Pulumi."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sandbox.cloud_cli import cloud
from sandbox.kubernetes.api.defaults import with_defaults
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.store import Store

Run = Callable[..., Result]
CLUSTER = "ocid1.cluster.oc1.iad.aaaac"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    (tmp_path / "Pulumi.yaml").write_text("name: test\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SANDBOX_HOME", str(tmp_path / "home"))
    return Store(tmp_path / "home" / "cloud.db")


@pytest.fixture
def run(store: Store) -> Run:
    def invoke(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cloud, ("fault", "add", *words))
        assert result.exit_code == code, f"{words}: {result.output}"
        return result

    return invoke


def _object(store: Store, group: str, api_version: str, kind: str, **more: Any) -> Live:
    metadata = {
        "name": "web",
        "namespace": "serving",
        "uid": kind,
        "creationTimestamp": "2026-11-01T00:00:00Z",
    }
    body = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}
    urn = f"urn:pulumi:s::p::kubernetes:{api_version}:{kind}::my-{kind.lower()}"
    return Objects(store).save(
        Live(CLUSTER, (group, kind, "serving", "web"), 0, urn, True, with_defaults(body))
    )


@pytest.fixture
def web(store: Store) -> Live:
    """A Deployment and a ConfigMap with the same id, in their own namespace."""
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "serving", "uid": "space"}}
    Objects(store).save(Live(CLUSTER, ("", "Namespace", "", "serving"), 0, "urn::space", True, space))
    _object(store, "", "v1", "ConfigMap", data={"size": "1"})
    pod = {"containers": [{"name": "main", "image": "example.test/web:1.0"}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": pod}
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return _object(store, "apps", "apps/v1", "Deployment", spec=spec)


def test_an_object_is_changed_outside_pulumi(run: Run, store: Store, web: Live) -> None:
    run("change", "my-deployment", "spec.replicas=3")
    run("change", "my-configmap", "data.size=2")
    changed = Objects(store).find(CLUSTER, web.key)
    assert changed is not None
    assert changed.body["spec"]["replicas"] == 3
    (settings,) = Objects(store).of_kind(CLUSTER, ("", "ConfigMap"))
    assert settings.body["data"] == {"size": "2"}, "a text stays a text"
    assert store.events()[-1].verb == "tamper"


@pytest.mark.parametrize(
    ("word", "change", "why"),
    [
        ("my-deployment", "spec.replica=3", "spec.replica: unknown field. Did you mean `replicas`?"),
        ("my-deployment", "spec.replicas=many", "spec.replicas: must be an integer, is a string"),
        (
            "serving/web",
            "spec.replicas=3",
            "is the id of 2 objects; name one of them: my-configmap, my-deployment",
        ),
    ],
)
def test_a_change_that_an_api_server_refuses_is_refused(
    run: Run, web: Live, word: str, change: str, why: str
) -> None:
    assert why in run("change", word, change, code=1).stderr


def test_an_object_is_deleted_outside_pulumi(run: Run, store: Store, web: Live) -> None:
    assert json.loads(run("delete", "my-deployment", "--json").stdout)["id"] == "serving/web"
    assert Objects(store).find(CLUSTER, web.key) is None
    assert "my-deployment" in run("delete", "my-deployment", code=1).stderr
