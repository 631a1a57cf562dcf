"""The engine reads the user's own stack file on the sandbox, and refuses what it refuses elsewhere."""

from pathlib import Path

import pytest

from tests.support.sandbox_project import PROJECT, SandboxProject

pytestmark = pytest.mark.engine

SHOW = """
import json
import pulumi
pulumi.export("said", json.dumps(pulumi.Config().require_object("app")))
"""


def test_the_engine_judges_the_users_own_text(tmp_path: Path) -> None:
    project = SandboxProject.with_program(tmp_path / "project", SHOW)
    project.config_file.write_text(
        f"config:\n  {PROJECT}:app: {{on: no, time: 10:30, size: 1e3, mode: 0777}}\n"
    )
    said = project.preview("--json").check().output
    assert r"{\"mode\":511,\"on\":\"no\",\"size\":1000,\"time\":\"10:30\"}" in said
    project.config_file.write_text(f"config:\n  {PROJECT}:app: 1\n  {PROJECT}:app: 2\n")
    ran = project.preview()
    assert ran.status != 0
    assert f'line 3: mapping key "{PROJECT}:app" already defined at line 2' in ran.output
    assert "already occurs in line 2. Keep one of the two" in " ".join(ran.output.split())
    assert "Traceback" not in ran.output


def test_a_refusal_within_an_apply_shows_its_text_and_no_traceback(tmp_path: Path) -> None:
    source = """
from components.options import refuse_late
from facts.problem import Problem
import pulumi
pulumi.Output.from_input(1).apply(lambda _: refuse_late([Problem("late", 0, "must be 1")], "an apply"))
"""
    ran = SandboxProject.with_program(tmp_path / "project", source).preview()
    assert ran.status != 0
    assert "late: 0; must be 1" in ran.output
    assert "Traceback" not in ran.output
