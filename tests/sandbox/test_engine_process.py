"""What the sandbox asks the engine before it runs a command."""

import json
from pathlib import Path

import pytest

from sandbox.engine.pin import VERSION, Engine
from sandbox.engine_process import EngineProcess
from sandbox.home import Home
from sandbox.variables import BACKEND


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """The file to which the engine of `process` adds a line for each run."""
    return tmp_path / "asked"


@pytest.fixture
def process(tmp_path: Path, asked: Path) -> EngineProcess:
    """An engine that lists the stack `prod`. The state has a file of `staging`."""
    engine = tmp_path / "pulumi"
    listed = json.dumps([{"name": "organization/demo/prod"}])
    engine.write_text(f"#!/bin/sh\necho \"$@\" >> {asked}\necho '{listed}'\n")
    engine.chmod(0o755)
    home = Home(tmp_path / "home", tmp_path)
    home.prepare()
    (home.workspace / "Pulumi.yaml").write_text(json.dumps({"name": "demo", "runtime": "python"}))
    stacks = home.state / ".pulumi" / "stacks" / "demo"
    stacks.mkdir(parents=True)
    (stacks / "staging.json").write_text("{}")
    return EngineProcess(Engine(engine, VERSION, "PATH"), home)


def test_the_engine_is_not_asked_for_a_stack_that_has_a_file(process: EngineProcess, asked: Path) -> None:
    assert process.has_stack("staging")
    assert not asked.exists()


def test_the_engine_is_asked_for_a_stack_without_a_file(process: EngineProcess, asked: Path) -> None:
    assert process.has_stack("prod")
    assert not process.has_stack("dev")
    assert asked.read_text() == "--non-interactive stack ls --json\n" * 2


def test_the_engine_is_asked_for_every_stack_of_another_backend(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BACKEND, "s3://bucket")
    assert not process.has_stack("staging")


def test_the_engine_gets_no_other_project_or_stack_from_the_users_variables(
    process: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PULUMI_OPTION_CWD", "PULUMI_OPTION_STACK", "PULUMI_OPTION_REFRESH", "PULUMI_STACK"):
        monkeypatch.setenv(name, "x")
    assert {name for name in process.environment() if name.endswith(("_CWD", "_STACK", "_REFRESH"))} == {
        "PULUMI_OPTION_REFRESH"
    }


def engine_that(process: EngineProcess, script: str) -> EngineProcess:
    process.engine.path.write_text(f"#!/bin/sh\n{script}\n")
    return process


def test_an_engine_without_json_says_why_it_failed(
    process: EngineProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = engine_that(process, "echo 'error: the stack is locked' >&2; exit 3")
    assert failing.run_for_a_program(["up"]) == (3, "the stack is locked")
    assert engine_that(process, "exit 4").run_for_a_program(["up"]) == (4, "the engine ended with status 4")
    assert capfd.readouterr() == ("", "")


def test_the_json_of_a_failed_run_is_passed_on_with_its_messages(
    process: EngineProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = engine_that(process, "echo '{}'; echo 'error: no' >&2; exit 3")
    assert failing.run_for_a_program(["preview"]) == (3, "")
    assert capfd.readouterr() == ("{}\n", "error: no\n")
