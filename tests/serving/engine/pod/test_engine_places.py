"""Small engines are placed together so that whole nodes stay free. Replicas of one model are placed apart."""

from typing import Any

import pytest

from tests.serving.engine.test_model_server import deployment


def template(gpus: int) -> dict[str, Any]:
    return dict(deployment(gpus=gpus).inputs["spec"]["template"])


@pytest.mark.parametrize("gpus", [1, 2, 4])
def test_an_engine_that_uses_a_part_of_a_node_prefers_nodes_with_other_models(gpus: int):
    made = template(gpus)
    assert made["metadata"]["labels"]["genai-playground/gpu-share"] == "part"
    (wish,) = made["spec"]["affinity"]["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    term = wish["podAffinityTerm"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert term["namespaceSelector"] == {}, "engines of teams share nodes with all others"
    part, other = term["labelSelector"]["matchExpressions"]
    assert (part["key"], part["values"]) == ("genai-playground/gpu-share", ["part"])
    assert (other["operator"], other["values"]) == ("NotIn", [made["metadata"]["labels"][other["key"]]])


def test_an_engine_that_uses_a_whole_node_has_no_preference_and_no_label():
    made = template(8)
    assert "affinity" not in made["spec"]
    assert "genai-playground/gpu-share" not in made["metadata"]["labels"]


@pytest.mark.parametrize("gpus", [1, 8])
def test_replicas_are_placed_apart_if_possible(gpus: int):
    (spread,) = template(gpus)["spec"]["topologySpreadConstraints"]
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway"
