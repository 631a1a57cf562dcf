"""Helm releases: charts with a pinned version from a given repository."""

from typing import Any

import pytest

from sandbox.kubernetes.api.values import UNKNOWN, Secret, decode
from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError, namespace

TOKEN = "helm.sh/v3:Release"


def release(**changes: Any) -> Body:
    body = {
        "name": "keda",
        "namespace": "keda",
        "createNamespace": True,
        "chart": "keda",
        "version": "2.20.2",
        "repositoryOpts": {"repo": "https://charts.example.test"},
        "values": {"replicas": 2},
    }
    return {key: value for key, value in (body | changes).items() if value is not None}


def test_a_release_is_deployed_with_its_namespace(engine: Engine) -> None:
    made = engine.create(release(), TOKEN)
    assert made.id == "keda/keda"
    assert made.outputs["status"]["status"] == "deployed"
    assert made.outputs["status"]["revision"] == 1
    with pytest.raises(RefusedError, match='namespaces "keda" already exists'):
        engine.create(namespace("keda"), name="space")


def test_a_release_in_a_missing_namespace_is_refused(engine: Engine) -> None:
    with pytest.raises(RefusedError, match='namespaces "keda" not found'):
        engine.create(release(createNamespace=None), TOKEN)


@pytest.mark.parametrize(
    ("changes", "path", "says"),
    [
        ({"chart": None}, "chart", "missing"),
        ({"version": None}, "version", "pin the chart's exact version"),
        ({"version": ">=2.0.0"}, "version", "is a range; pin one exact version"),
        ({"repositoryOpts": None}, "repositoryOpts.repo", "missing"),
        ({"repositoryOpts": {"repo": "charts"}}, "repositoryOpts.repo", "begins with https://"),
        ({"repositoryOpts": {"rep": "https://x"}}, "repositoryOpts.rep", "Did you mean `repo`?"),
        ({"chart": "oci://example.test/charts/keda"}, "repositoryOpts.repo", "must not be set beside"),
        ({"values": [1]}, "values", "must be an object"),
        ({"valuez": {}}, "valuez", "Did you mean `values`?"),
        ({"atomic": "yes"}, "atomic", "must be a boolean"),
        ({"name": "Keda"}, "name", "release name is invalid"),
        ({"name": "k" * 54}, "name", "at most 53"),
    ],
)
def test_a_problem_of_a_release_is_named(
    engine: Engine, changes: dict[str, Any], path: str, says: str
) -> None:
    found = engine.problems(release(**changes), TOKEN)
    assert says in found[path]


def test_a_chart_given_by_its_address_needs_no_repository(engine: Engine) -> None:
    body = release(chart="oci://example.test/charts/keda", repositoryOpts=None)
    assert engine.create(body, TOKEN).outputs["status"]["chart"] == "keda"


def test_unknown_values_of_a_release_pass(engine: Engine) -> None:
    body = release(version=UNKNOWN, values={"a": UNKNOWN}, chart=UNKNOWN)
    assert engine.problems(body, TOKEN) == {}
    assert engine.preview(body, TOKEN)["values"]["a"] is UNKNOWN


def test_a_name_in_use_is_refused(engine: Engine) -> None:
    engine.create(release(), TOKEN, "one")
    with pytest.raises(RefusedError, match="cannot re-use a name that is still in use"):
        engine.create(release(), TOKEN, "two")


def test_new_values_upgrade_and_a_new_name_replaces(engine: Engine) -> None:
    made = engine.create(release(), TOKEN)
    answer = engine.diff(made, release(values={"replicas": 3}))
    assert list(answer.detailedDiff) == ["values.replicas"]
    assert not answer.replaces
    assert engine.diff(made, release(name="other")).replaces == ["name"]
    upgraded = engine.update(made, release(values={"replicas": 3}))
    assert upgraded.outputs["status"]["revision"] == 2
    assert not engine.diff(upgraded, release(values={"replicas": 3})).detailedDiff


def test_values_of_a_release_stay_secret(engine: Engine) -> None:
    made = engine.create(release(values={"password": Secret("hunter2"), "open": 1}), TOKEN)
    state = decode(made.state)
    assert isinstance(state["values"]["password"], Secret)
    assert isinstance(state["__inputs"], Secret)


def test_a_release_is_found_and_uninstalled(engine: Engine) -> None:
    made = engine.create(release(), TOKEN)
    assert engine.read(made).id == "keda/keda"
    engine.delete(made)
    assert engine.read(made).id == ""


def test_an_unnamed_release_is_named_after_its_resource(engine: Engine) -> None:
    made = engine.create(release(name=None), TOKEN, "scaler")
    assert made.outputs["name"].startswith("scaler-")
