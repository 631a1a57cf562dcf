"""The cluster autoscaler on the real engine: `up` waits for its node, and its sizes are no difference."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

MODEL = {"name": "qwen3-32b", "model": "qwen3-32b", "revision": "0" * 40, "pool": "mi300x", "gpus": 4}


def pool_of(project: SandboxProject) -> dict[str, Any]:
    return next(
        each for each in project.cloud() if each["type"].endswith("NodePool") and "mi300x" in each["name"]
    )


def size_of(project: SandboxProject) -> int:
    shown = project.sandbox("cloud", "show", pool_of(project)["id"], "--json").check().output
    return json.loads(shown)["inputs"]["nodeConfigDetails"]["size"]


def passed(project: SandboxProject, minutes: int) -> list[str]:
    shown = project.sandbox("cloud", "autoscale", "--minutes", str(minutes), "--json").check().output
    return [step["what"] for step in json.loads(shown)["steps"]]


def test_engines_get_nodes_and_the_program_leaves_their_number_alone(tmp_path: Path) -> None:
    project = SandboxProject.of_example(tmp_path / "project", "cluster-autoscaler")
    project.configure("serving", models=[{**MODEL, "replicas": 5}])
    project.up().check()
    assert size_of(project) >= 3, "five engines of half a node need a third node, and `up` waited for it"
    passed(project, 60)
    assert size_of(project) == 4, "the node that is kept free"
    project.up("--expect-no-changes").check()
    project.up("--refresh", "--expect-no-changes").check()

    project.configure("serving", models=[{**MODEL, "replicas": 1}])
    project.up().check()
    assert "removed" in passed(project, 180)
    assert size_of(project) == 2, "the fewest nodes: one for the engine, one that is kept free"
    project.up("--expect-no-changes").check()
    project.destroy().check()
    assert not [entry for entry in project.cloud() if entry["type"].endswith(("NodePool", "Addon"))]
