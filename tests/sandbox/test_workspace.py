"""The project as the engine sees it."""

from pathlib import Path

import pytest
import yaml

from facts.projects import NoProjectError
from sandbox.home import Home
from sandbox.workspace import encrypted_paths, lay_out, stack_file


@pytest.fixture
def home(tmp_path: Path) -> Home:
    project = tmp_path / "project"
    (project / "program").mkdir(parents=True)
    (project / "Pulumi.yaml").write_text("name: demo\nmain: program\nruntime: python\n")
    (project / "Pulumi.staging.yaml").write_text("config:\n  demo:size: 1\n")
    home = Home(tmp_path / "home", project)
    home.prepare()
    return home


def copied(home: Home) -> dict[str, object]:
    return yaml.safe_load(stack_file(home.workspace, "staging").read_text())


def test_the_program_is_linked_and_the_config_copied(home: Home) -> None:
    lay_out(home)
    assert (home.workspace / "program").resolve() == home.project / "program"
    assert copied(home) == {"config": {"demo:size": 1}}


def test_pulumis_own_host_is_given_the_environment_that_runs_the_sandbox(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = {
        "name": "python",
        "options": {"toolchain": "uv", "virtualenv": ".venv", "typechecker": "mypy"},
    }
    (home.project / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "demo", "runtime": declared}))
    monkeypatch.setattr("sys.prefix", "/environment")
    lay_out(home)
    copy = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())
    assert copy["runtime"]["options"] == {
        "toolchain": "pip",
        "virtualenv": "/environment",
        "typechecker": "mypy",
    }
    monkeypatch.setattr("sys.base_prefix", "/environment")
    lay_out(home)
    copy = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())
    assert copy["runtime"]["options"] == {"typechecker": "mypy"}, "without one, the python on PATH is meant"


def test_a_program_beside_its_project_file_is_found(home: Home) -> None:
    (home.project / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    lay_out(home)
    main = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())["main"]
    assert (home.workspace / main).resolve() == home.project


def test_the_salt_that_the_engine_wrote_survives_a_change_of_the_config(home: Home) -> None:
    lay_out(home)
    copy = stack_file(home.workspace, "staging")
    copy.write_text(copy.read_text() + "encryptionsalt: v1:own\n")
    stack_file(home.project, "staging").write_text("encryptionsalt: v1:real\nconfig:\n  demo:size: 2\n")
    lay_out(home)
    assert copied(home) == {"config": {"demo:size": 2}, "encryptionsalt": "v1:own"}
    assert "v1:real" in stack_file(home.project, "staging").read_text(), (
        "the user's own file must stay as it was"
    )


def test_values_encrypted_for_the_real_stack_are_left_out_and_named(home: Home) -> None:
    stack_file(home.project, "staging").write_text(
        "config:\n  demo:token: {secure: v1:abc}\n  demo:deep: {keys: [{secure: v1:def}], size: 1}\n"
    )
    lay_out(home)
    assert copied(home) == {"config": {"demo:deep": {"keys": [""], "size": 1}}}
    assert encrypted_paths(home.project, "staging") == ["demo:token", "demo:deep.keys[0]"]


def test_the_passphrase_is_made_once_and_readable_by_its_owner_alone(home: Home) -> None:
    before = home.passphrase.read_text()
    home.prepare()
    assert home.passphrase.read_text() == before
    assert home.passphrase.stat().st_mode & 0o777 == 0o600


def test_the_project_is_found_from_a_folder_below_it(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANDBOX_HOME", raising=False)
    assert Home.of(home.project / "program").folder == home.project / ".sandbox"


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoProjectError, match=r"no Pulumi\.yaml in"):
        Home.of(tmp_path)
