"""What a stack with a scaled model registers."""

from infra.offline.recording import Registered
from tests.infra.snapshots import run

STACK = "scaled-engines"


def of_type(end: str) -> list[Registered]:
    return [each for each in run(STACK).resources if each.type.endswith(end)]


def test_up_leaves_the_number_of_engines_to_the_autoscaler() -> None:
    (engine,) = [each for each in of_type(":Deployment") if each.name == f"{STACK}-qwen3-32b-engine"]
    assert engine.ignore_changes == ("spec.replicas",)
    (scaled,) = of_type(":ScaledObject")
    assert scaled.inputs["spec"]["scaleTargetRef"]["name"] == engine.inputs["metadata"]["name"]
    assert scaled.inputs["metadata"]["namespace"] == engine.inputs["metadata"]["namespace"]


def test_an_engine_that_waits_for_a_node_counts_as_one_that_starts() -> None:
    (scaled,) = of_type(":ScaledObject")
    (requests, *_) = scaled.inputs["spec"]["triggers"]
    assert "[7200s:1m]" in requests["metadata"]["query"], "an hour to start, and 60 minutes for a node"


def test_a_model_that_is_not_scaled_keeps_its_number() -> None:
    (engine,) = [each for each in run("minimal").resources if each.name == "minimal-qwen3-32b-engine"]
    assert engine.ignore_changes == ()
