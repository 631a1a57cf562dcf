"""Every rule about a field, with a value that a Kubernetes 1.36.1 API server refused."""

from typing import Any

import pytest

from sandbox.kubernetes.api.fields import field_problems
from sandbox.kubernetes.api.kinds import kind_of
from tests.sandbox.kubernetes.bed import Engine, RefusedError
from tests.sandbox.kubernetes.field_objects import objects
from tests.sandbox.kubernetes.field_refusals import REFUSED, spoiled

VERSION = "v1.36.1"


def problems(body: Any) -> list[str]:
    return list(field_problems(VERSION, kind_of(body["apiVersion"], body["kind"]), body))


@pytest.mark.parametrize("kind", objects())
def test_valid_objects_pass(kind: str) -> None:
    assert problems(objects()[kind]) == []


@pytest.mark.parametrize(("kind", "path", "value", "said"), REFUSED)
def test_an_invalid_field_is_refused(kind: str, path: str, value: object, said: str) -> None:
    found = problems(spoiled(kind, path, value))
    assert any(said in each for each in found), found


def test_a_spread_constraint_must_not_occur_twice() -> None:
    body: Any = objects()["Deployment"]
    spread = body["spec"]["template"]["spec"]["topologySpreadConstraints"]
    spread.append(spread[0])
    assert any("{topologyKey, whenUnsatisfiable}: Duplicate value" in each for each in problems(body))


def test_the_provider_shows_all_problems_of_a_refusal_at_once(engine: Engine) -> None:
    body = spoiled("PersistentVolume", "spec.accessModes", ["Everybody"])
    body["spec"]["capacity"]["storage"] = "-5"
    with pytest.raises(RefusedError) as refused:
        engine.create(body)
    assert 'PersistentVolume "it" is invalid' in str(refused.value)
    assert "accessModes[0]: Unsupported value" in str(refused.value)
    assert "must be greater than zero" in str(refused.value)


def config_map(**parts: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own"}} | parts


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (config_map(data={"a": "x" * 2**20}), None),
        (config_map(data={"a": "x" * 2**20, "b": "x"}), "may not be more than 1048576 bytes"),
        (config_map(binaryData={"a": "QUJD" * 349_526}), "may not be more than 1048576 bytes"),
        (
            {**config_map(), "kind": "Secret", "stringData": {"a": "x" * (2**20 + 1)}},
            "data: Too long: may not be more than 1048576 bytes",
        ),
        (
            config_map(metadata={"name": "own", "annotations": {"note": "x" * (2**18 - 4)}}),
            None,
        ),
        (
            config_map(metadata={"name": "own", "annotations": {"note": "x" * (2**18 - 3)}}),
            "metadata.annotations: Too long: may not be more than 262144 bytes",
        ),
    ],
)
def test_an_object_larger_than_the_api_server_accepts_is_refused(body: Any, says: str | None) -> None:
    found = problems(body)
    assert (found == []) if says is None else (len(found) == 1 and says in found[0])
