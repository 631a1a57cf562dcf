"""A release on the sandbox: a candidate is tried, promoted and rolled back, and its weights stay where they are."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.own_commands import run_own
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

MODEL = "qwen3-32b"
COMMITS = ("0123456789abcdef0123456789abcdef01234567", "REPLACE-ME")


def step(project: SandboxProject, action: str, *words: str) -> None:
    """Apply the change that `playground release` prints, as git does."""
    line = ["playground", "release", project.stack, MODEL, action, "--json", *words]
    done = run_own(line, project.folder, project.environment())
    assert done.returncode == 0, done.stdout + done.stderr
    subprocess.run(
        ["patch", "-p1", "--quiet"],
        input=json.loads(done.stdout)["diff"],
        text=True,
        check=True,
        cwd=project.folder,
    )


def plan(project: SandboxProject) -> dict[str, str]:
    """What the next `up` changes: the operation of each resource by its name, without components."""
    steps = project.preview_steps()
    return {
        each["urn"].split("::")[-1]: each["op"]
        for each in steps
        if "provider" in (each.get("newState") or each["oldState"])
    }


def staged(project: SandboxProject) -> Any:
    """The commits that the nodes keep."""
    (wanted,) = (each for each in project.state() if each["urn"].endswith("::releases-mi300x-weights-wanted"))
    return wanted["outputs"]["data"]


def weights(project: SandboxProject) -> list[int]:
    (route,) = (each for each in project.state() if each["urn"].endswith("::releases-models-assistant-route"))
    return [each["weight"] for each in route["outputs"]["spec"]["rules"][0]["backendRefs"]]


def done_in(output: str) -> list[int]:
    """Where the output says that the model's engines, the route and the candidate's engines are done."""
    ends = {
        "releases-qwen3-32b-engine": "updated",
        "releases-models-assistant-route": "updated",
        "releases-qwen3-32b-candidate-engine": "deleted",
    }
    return [output.index(f"{name} {done}") for name, done in ends.items()]


ROUTE_AND_ALERT = {"releases-models-assistant-route": "update", "releases-watch-rules-engine": "update"}
"""The route, and the alert on a candidate without engines, which waits longer while the candidate has no share."""


def test_a_rollback_changes_the_route_alone_and_downloads_nothing(tmp_path: Path) -> None:
    project = SandboxProject.of_example(tmp_path / "releases", "releases")
    text = project.config_file.read_text()
    project.config_file.write_text(text.replace("weight: 25", "weight: 0"))
    project.up().check()
    kept = staged(project)
    assert all(commit in json.dumps(kept) for commit in COMMITS)
    assert weights(project) == [100, 0]

    step(project, "promote", "--weight", "100")
    assert plan(project) == ROUTE_AND_ALERT
    project.up().check()
    assert weights(project) == [0, 100]

    step(project, "abort")
    assert plan(project) == ROUTE_AND_ALERT, "a rollback is one route"
    project.up().check()
    assert weights(project) == [100, 0]
    assert staged(project) == kept

    step(project, "promote", "--weight", "100")
    project.up().check()
    step(project, "promote")
    changes = plan(project)
    assert changes["releases-qwen3-32b-engine"] == "update"
    assert changes["releases-qwen3-32b-candidate-engine"] == "delete"
    output = project.up("--verbose").check().output
    order = done_in(output)
    assert order == sorted(order), "requests go to the candidate until the model's engines are replaced"
    assert weights(project) == [1]
    assert COMMITS[0] in json.dumps(staged(project))
    assert COMMITS[1] not in json.dumps(staged(project))
    project.destroy().check()
    assert project.owned() == []
