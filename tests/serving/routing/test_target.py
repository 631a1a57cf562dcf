"""Requests for a model and track go to one object, and its engines have the labels that its router looks for."""

from typing import Any

import pytest

from facts.problem import InvalidInput
from serving.engine.model_server import ModelServer
from serving.routing.target import CANDIDATE, STABLE, RouteTarget, route_target, track_labels
from tests.support.model_servers import arguments
from tests.support.monitor import kubernetes_options, run


@pytest.mark.parametrize(
    ("track", "routed", "name"),
    [
        (STABLE, True, "qwen-router"),
        (CANDIDATE, True, "qwen-candidate-router"),
        (STABLE, False, "qwen"),
        (CANDIDATE, False, "qwen-candidate"),
    ],
)
def test_requests_go_to_the_router_or_to_the_engines(track: str, routed: bool, name: str):
    found = route_target("qwen", track, namespace="serving", routed=routed)
    assert found == RouteTarget(kind="Service", name=name, namespace="serving", port=8000)


def engines(**changes: Any) -> dict[str, Any]:
    made = run(lambda: ModelServer("chat", arguments(**changes), kubernetes_options()) and None)
    return made.named("chat-engine").inputs["spec"]


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        ({}, track_labels("chat")),
        ({"track": "candidate", "routed_model": "qwen"}, track_labels("qwen", CANDIDATE)),
    ],
)
def test_engine_pods_have_the_labels_and_the_selector_has_not(
    changes: dict[str, Any], labels: dict[str, str]
):
    spec = engines(**changes)
    assert spec["template"]["metadata"]["labels"].items() >= labels.items()
    assert not spec["selector"]["matchLabels"].keys() & labels.keys(), "a Deployment's selector cannot change"


def test_every_pod_of_an_engine_over_nodes_has_the_labels():
    template = engines(model="deepseek-r1", gpus=8, nodes=2)["leaderWorkerTemplate"]
    for role in ("leaderTemplate", "workerTemplate"):
        assert template[role]["metadata"]["labels"].items() >= track_labels("chat").items()


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"track": "canary"}, "chat.track"), ({"routed_model": "A b"}, "chat.routedModel")],
)
def test_a_label_that_no_router_looks_for_is_refused(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        engines(**changes)
    assert [each.path for each in refused.value.problems] == [path]
