"""`playground new`: the new stack goes up on the sandbox at once, beside its source in the same cloud."""

import subprocess
from pathlib import Path

import pytest

from tests.support.sandbox_project import SandboxProject
from tools.system_tools import BIN

pytestmark = [pytest.mark.engine, pytest.mark.prove]


def test_a_new_stack_goes_up_beside_its_source(tmp_path: Path) -> None:
    source = SandboxProject.of_this_repository(tmp_path / "project")
    source.up().check()
    # In one compartment the default tags of either stack would be drift of the other (docs/environments.md).
    place = ["--compartment", "ocid1.compartment.oc1..qa"]
    words = [str(BIN / "playground"), "new", "qa", "--from", "staging", "--offline", *place]
    environment = source.environment(HOME=str(tmp_path))
    subprocess.run(words, cwd=source.folder, env=environment, check=True, capture_output=True)
    project = SandboxProject(source.folder, "qa")
    project.up().check()
    assert project.preview_steps() == []
    assert len(project.recorded()) == len(source.recorded())
    assert sorted([*source.recorded(), *project.recorded()]) == project.owned(), "both stacks exist"
