"""Small engines are drawn together so that whole nodes stay free; replicas of one model are kept apart."""

from typing import Any

import pytest

from tests.serving.engine.test_model_server import deployment


def template(gpus: int) -> dict[str, Any]:
    return dict(deployment(gpus=gpus).inputs["spec"]["template"])


@pytest.mark.parametrize("gpus", [1, 2, 4])
def test_an_engine_of_a_part_of_a_node_goes_where_other_models_are(gpus: int):
    made = template(gpus)
    assert made["metadata"]["labels"]["genai-playground/gpu-share"] == "part"
    (wish,) = made["spec"]["affinity"]["podAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    term = wish["podAffinityTerm"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert term["namespaceSelector"] == {}, "teams' engines share nodes with everybody's"
    part, other = term["labelSelector"]["matchExpressions"]
    assert (part["key"], part["values"]) == ("genai-playground/gpu-share", ["part"])
    assert (other["operator"], other["values"]) == ("NotIn", [made["metadata"]["labels"][other["key"]]])


def test_an_engine_of_a_whole_node_draws_nothing_and_is_drawn_nowhere():
    made = template(8)
    assert "affinity" not in made["spec"]
    assert "genai-playground/gpu-share" not in made["metadata"]["labels"]


@pytest.mark.parametrize("gpus", [1, 8])
def test_replicas_are_kept_apart_if_that_is_possible(gpus: int):
    (spread,) = template(gpus)["spec"]["topologySpreadConstraints"]
    assert spread["whenUnsatisfiable"] == "ScheduleAnyway"
