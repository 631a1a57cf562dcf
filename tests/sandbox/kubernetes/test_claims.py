"""Claims that name their volume are bound to it, or say why not."""

import pytest

from tests.sandbox.kubernetes.bed import RefusedError
from tests.sandbox.kubernetes.test_objects import Body, Engine


def volume(**changes: object) -> Body:
    spec = {
        "capacity": {"storage": "100Gi"},
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "",
        "local": {"path": "/mnt/cache"},
        "nodeAffinity": {
            "required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "pool", "operator": "Exists"}]}]}
        },
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": "cache"},
        "spec": {**spec, **changes},
    }


def claim(**changes: object) -> Body:
    spec = {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "",
        "volumeName": "cache",
        "resources": {"requests": {"storage": "100Gi"}},
    }
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "cache"},
        "spec": {**spec, **changes},
    }


def test_a_claim_is_bound_to_the_volume_it_names(engine: Engine) -> None:
    engine.create(volume(), name="volume")
    made = engine.create(claim(), name="claim")
    assert made.outputs["status"] == {"phase": "Bound", "capacity": {"storage": "100Gi"}}


@pytest.mark.parametrize(
    ("of_volume", "of_claim", "words"),
    [
        ({}, {"volumeName": "other"}, 'volume "other" not found'),
        ({}, {"accessModes": ["ReadWriteOnce"]}, "incompatible accessMode"),
        ({"storageClassName": "local"}, {}, "storageClassName does not match"),
        ({"capacity": {"storage": "10Gi"}}, {}, "requested PV is too small"),
        ({"claimRef": {"namespace": "a", "name": "b"}}, {}, "already bound to a different claim"),
    ],
)
def test_a_claim_that_its_volume_does_not_suit_never_becomes_ready(
    engine: Engine, of_volume: Body, of_claim: Body, words: str
) -> None:
    engine.create(volume(**of_volume), name="volume")
    with pytest.raises(RefusedError) as refused:
        engine.create(claim(**of_claim), name="claim")
    assert any(words in reason for reason in refused.value.reasons)
