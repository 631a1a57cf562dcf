"""The program of a revision runs in a process of its own."""

from pathlib import Path

import pytest

from infra.offline.older import OlderProgramError, has_program, run_older
from infra.project.revisions import Revision
from infra.project.stackfile import ROOT
from tests.infra.commands.test_cli import file_with


def revision(folder: Path) -> Revision:
    return Revision(name="v1", commit="0123456789", folder=folder)


def test_the_program_registers_what_its_settings_say(tmp_path: Path):
    found = run_older(revision(ROOT), "test", Path(file_with(tmp_path, ("gpu.pools.0.nodes", 3))))
    (pool,) = [each for each in found.resources if each.name == "test-mi300x-pool"]
    assert pool.inputs["nodeConfigDetails"]["size"] == 3  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]
    assert found.settings["gpu"]["pools"][0]["nodes"] == 3  # pyright: ignore


def test_wrong_settings_are_refused_by_the_program_of_the_revision(tmp_path: Path):
    with pytest.raises(OlderProgramError, match=r"gpu\.pools\[0\]\.nodes: 0; must be 1 or more"):
        run_older(revision(ROOT), "test", Path(file_with(tmp_path, ("gpu.pools.0.nodes", 0))))


def test_a_program_that_cannot_run_alone_is_refused(tmp_path: Path):
    (tmp_path / "infra").mkdir()
    for name in ("__init__.py", "__main__.py"):
        (tmp_path / "infra" / name).touch()
    assert has_program(revision(tmp_path))
    with pytest.raises(OlderProgramError, match=r"No module named 'infra\.offline'"):
        run_older(revision(tmp_path), "test", tmp_path / "Pulumi.test.yaml")


def test_a_project_of_stack_files_has_no_program(tmp_path: Path):
    assert not has_program(revision(tmp_path))
