"""A program runs in its own Python environment, which is found as Pulumi's own host finds it."""

import shutil
from pathlib import Path

import pytest

from sandbox.engine_process import engine_environment
from sandbox.home import Home
from sandbox.host.environment import (
    NoEnvironmentError,
    activated,
    environment_folder,
    interpreter,
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)
    (tmp_path / "project" / "program").mkdir(parents=True)
    return tmp_path / "project"


def found(project: Path, **options: str) -> Path | None:
    return environment_folder(project, project / "program", options)


def test_the_project_s_settings_name_the_environment(project: Path) -> None:
    assert found(project, virtualenv="venv") == project / "venv"
    assert found(project, virtualenv="/elsewhere") == Path("/elsewhere")
    assert found(project, toolchain="pip") is None, "the python on PATH"


def test_uv_s_environment_is_beside_its_lock_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(project, toolchain="uv") == project / "program" / ".venv"
    (project / "pyproject.toml").touch()
    assert found(project, toolchain="uv") == project / ".venv"
    assert found(project) is None, "a pyproject.toml alone chooses nothing"
    (project / "uv.lock").touch()
    assert found(project) == project / ".venv"
    assert found(project, virtualenv="venv") == project / "venv"
    assert found(project, toolchain="pip") is None
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "mine")
    assert found(project) == project / "mine"


def test_poetry_is_asked_for_its_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "poetry.lock").touch()
    commands = project / "bin"
    commands.mkdir()
    (commands / "poetry").write_text("#!/bin/sh\necho /of/poetry: $*\n")
    (commands / "poetry").chmod(0o755)
    monkeypatch.setenv("PATH", str(commands), prepend=":")
    assert found(project) == Path("/of/poetry: env info --path")
    monkeypatch.setenv("PATH", "/nowhere")
    assert found(project) == project / "program" / ".venv"


def test_a_missing_python_is_reported_with_the_commands_that_create_it() -> None:
    with pytest.raises(
        NoEnvironmentError, match=r"virtualenv: /nowhere; must be .* Create it with `pulumi install`"
    ):
        interpreter("/nowhere")


def test_the_sandboxs_own_python_is_not_used_if_the_users_path_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    given = engine_environment(Home(tmp_path / "home", tmp_path))["PATH"]
    assert shutil.which("python3", path=given), "programs are given the sandbox's own commands"
    with pytest.raises(NoEnvironmentError, match="PATH has no python3"):
        interpreter("")


def test_the_first_python_on_the_path_is_used_if_no_environment_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "python3").touch(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'first'}:{tmp_path / 'second'}")
    assert interpreter("") == str(tmp_path / "first" / "python3")


def test_an_environment_is_activated_as_its_own_script_does_it() -> None:
    variables = {"PATH": "/bin", "PYTHONHOME": "/other", "VIRTUAL_ENV": "/other", "KEPT": "1"}
    assert activated(variables, "/venv") == {"PATH": "/venv/bin:/bin", "VIRTUAL_ENV": "/venv", "KEPT": "1"}
    assert activated(variables, "") == variables
