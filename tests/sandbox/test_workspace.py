"""The engine's view of the project."""

from pathlib import Path

import pytest
import yaml

from facts.engine_yaml import parse_yaml
from facts.problem import InvalidInput
from facts.projects import NoProjectError
from sandbox.home import Home
from sandbox.stack_copy import without_ciphertext
from sandbox.workspace import encrypted_paths, fault_of, lay_out, stack_file


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
    lay_out(home, "staging")
    assert (home.workspace / "program").resolve() == home.project / "program"
    assert copied(home) == {"config": {"demo:size": 1}}


def test_the_copy_names_the_programs_own_environment_in_full(home: Home) -> None:
    declared = {
        "name": "python",
        "options": {"toolchain": "uv", "virtualenv": ".venv", "typechecker": "mypy"},
    }
    (home.project / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "demo", "runtime": declared}))
    lay_out(home)
    copy = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())
    assert copy["runtime"]["options"] == {
        "toolchain": "pip",
        "virtualenv": str(home.project / ".venv"),
        "typechecker": "mypy",
    }


def test_without_an_environment_the_python_on_path_is_used_not_the_sandboxs(home: Home) -> None:
    lay_out(home)
    copy = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())
    assert copy["runtime"] == {"name": "python", "options": {"toolchain": "pip"}}


def test_a_program_beside_its_project_file_is_found(home: Home) -> None:
    (home.project / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
    lay_out(home)
    main = yaml.safe_load((home.workspace / "Pulumi.yaml").read_text())["main"]
    assert (home.workspace / main).resolve() == home.project


TEXT = """\
# the user's own words
config:
  demo:size: 1e3  # kept as they stand
  demo:time: 10:30
  demo:revision: 1234567890123456789012345678901234567890
"""


def text_of(home: Home) -> str:
    return stack_file(home.workspace, "staging").read_text()


def test_the_copy_is_the_users_own_text(home: Home) -> None:
    stack_file(home.project, "staging").write_text(TEXT)
    lay_out(home, "staging")
    assert text_of(home) == TEXT


@pytest.mark.parametrize("text", ["config:\n  a: 1\n  a: 2\n", "\tconfig: [", "- a\n", "config: .inf\n"])
def test_a_text_that_the_engine_refuses_is_copied_unchanged(home: Home, text: str) -> None:
    stack_file(home.project, "staging").write_text(text)
    lay_out(home, "staging")
    assert text_of(home) == text
    assert encrypted_paths(stack_file(home.project, "staging")) == []


def test_the_salt_that_the_engine_wrote_survives_a_change_of_the_config(home: Home) -> None:
    lay_out(home, "staging")
    copy = stack_file(home.workspace, "staging")
    copy.write_text(copy.read_text() + "encryptionsalt: v1:own\n")
    stack_file(home.project, "staging").write_text("encryptionsalt: v1:real\n" + TEXT)
    lay_out(home, "staging")
    assert text_of(home) == "\n" + TEXT + "encryptionsalt: v1:own\n"
    assert "v1:real" in stack_file(home.project, "staging").read_text(), (
        "the user's own file must stay as it was"
    )


def test_values_encrypted_for_the_real_stack_are_removed_and_listed(home: Home) -> None:
    stack_file(home.project, "staging").write_text(
        "config:\n  demo:token:\n    secure: v1:abc\n  # between\n"
        "  demo:deep: {keys: [{secure: v1:def}], size: 1, plain: {secure: 1}}\n"
    )
    lay_out(home, "staging")
    assert copied(home) == {
        "config": {"demo:token": "", "demo:deep": {"keys": [""], "size": 1, "plain": {"secure": 1}}}
    }
    assert "# between" in text_of(home)
    assert encrypted_paths(stack_file(home.project, "staging")) == ["demo:token", "demo:deep.keys[0]"]


UNUSUAL = (
    "{config: {demo:size: 1e3, demo:no: no}, encryptionsalt: v1:real}",
    "? config\n: {demo:size: &x {secure: v1:a}, demo:other: *x}\n",
    "config: {demo:text: 'x'}\n---\nconfig: {}\n",
    "config:\n  demo:text: |\n    x",
    "",
    "# nothing\n",
)


@pytest.mark.parametrize("text", UNUSUAL)
def test_a_text_in_an_unusual_form_has_the_same_content_in_the_copy(home: Home, text: str) -> None:
    lay_out(home, "staging")
    stack_file(home.workspace, "staging").write_text("encryptionsalt: v1:own\n")
    stack_file(home.project, "staging").write_text(text)
    lay_out(home, "staging")
    source = parse_yaml(text, "source").value or {}
    assert isinstance(source, dict)
    found = parse_yaml(text_of(home), "copy").value
    wanted = {key: without_ciphertext(value) for key, value in source.items() if key == "config"}
    assert found == {**wanted, "encryptionsalt": "v1:own"}


def test_only_the_chosen_stack_is_read(home: Home) -> None:
    stack_file(home.project, "broken").mkdir()
    stack_file(home.project, "staging").write_text(TEXT)
    lay_out(home, "staging")
    assert not stack_file(home.workspace, "broken").exists()
    with pytest.raises(InvalidInput, match="is a folder, not a file"):
        lay_out(home, "broken")


@pytest.mark.parametrize("text", ["name: [", "- a\n", "name: demo\n", "name: a\nname: b\n"])
def test_an_invalid_project_file_is_refused_by_name(home: Home, text: str) -> None:
    (home.project / "Pulumi.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=r"Pulumi\.yaml"):
        lay_out(home)


def test_the_passphrase_is_created_once_and_only_its_owner_can_read_it(home: Home) -> None:
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


def test_another_file_is_copied_in_place_of_the_stacks_own(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("config:\n  demo:size: 2\n")
    lay_out(home, "staging", other)
    assert copied(home) == {"config": {"demo:size": 2}}
    assert other.read_text() == "config:\n  demo:size: 2\n"


def test_a_file_that_cannot_be_read_has_a_fault_with_what_to_do(home: Home) -> None:
    file = stack_file(home.project, "staging")
    assert fault_of(file) is None
    file.write_text("config:\n\tdemo:size: 1\n")
    assert "line 2" in str(fault_of(file))
    assert "has a tab where YAML allows only spaces. Replace it with spaces" in str(fault_of(file))
    file.write_text("- config\n")
    assert "'a list'; must be a mapping with the key `config`" in str(fault_of(file))
    file.write_text("config: x\n")
    assert "config: 'a single value'; must be a mapping of sections" in str(fault_of(file))
    file.write_text("")
    assert fault_of(file) is None
