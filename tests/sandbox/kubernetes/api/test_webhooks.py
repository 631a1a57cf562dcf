"""What KEDA's webhook refuses, in its words."""

from typing import Any

import pytest

from tests.sandbox.kubernetes.bed import Body, Engine, RefusedError
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release


def scaled(name: str = "qwen", target: str = "qwen", triggers: tuple[str, ...] = ("a",), **spec: Any) -> Body:
    given = [{"type": "cron", "name": each, "metadata": {"timezone": "UTC"}} for each in triggers]
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": name},
        "spec": {"scaleTargetRef": {"name": target}, "triggers": given, **spec},
    }


def autoscaler(target: str) -> Body:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "mine"},
        "spec": {"scaleTargetRef": reference, "maxReplicas": 3},
    }


@pytest.fixture
def keda(engine: Engine) -> Engine:
    engine.create(release(), TOKEN, "chart")
    return engine


def test_two_objects_may_scale_two_workloads(keda: Engine) -> None:
    assert keda.create(scaled(), name="one").id == "default/qwen"
    assert keda.create(scaled("other", "other"), name="two").id == "default/other"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (scaled("second", "qwen"), "'qwen' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'qwen'"),
        (
            scaled("x", "x", advanced={"horizontalPodAutoscalerConfig": {"name": "keda-hpa-qwen"}}),
            "the HPA 'keda-hpa-qwen' is already managed by the ScaledObject 'qwen'",
        ),
        (scaled("third", "owned"), "is already managed by the hpa 'mine'"),
        (scaled("q" * 55, "x"), "is 64 characters long; must be no more than 63"),
        (scaled("x", "x", ("a", "a")), 'triggerName "a" is defined multiple times'),
    ],
)  # fmt: skip
def test_an_object_that_would_fight_is_denied(keda: Engine, wrong: Body, says: str) -> None:
    keda.create(scaled(), name="one")
    keda.create(autoscaler("owned"), name="hpa")
    with pytest.raises(RefusedError) as refused:
        keda.create(wrong, name="two")
    assert 'admission webhook "vscaledobject.kb.io" denied the request' in str(refused.value)
    assert says in str(refused.value)
