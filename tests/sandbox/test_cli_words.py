"""The sandbox's own messages: about an engine that a signal stopped, and advice after a command."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox.cli import REFUSED, _exit_status, advice, cli, without_code  # pyright: ignore[reportPrivateUsage]
from sandbox.engine.find import obtain_engine


def test_the_help_of_every_command_fits_its_line() -> None:
    shown = CliRunner().invoke(cli, ["--help"], terminal_width=80).stdout
    assert "engine" in shown
    assert [line for line in shown.splitlines() if line.startswith("  ") and line.endswith("...")] == []


def test_a_help_text_cut_off_by_a_closed_pipe_is_not_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_status(-signal.SIGPIPE, helping=True) == 0
    assert capsys.readouterr().err == ""


def test_an_engine_that_a_signal_stopped_at_work_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit_status(-signal.SIGKILL, helping=False) == 128 + signal.SIGKILL
    assert "SIGKILL: the next command recovers first" in capsys.readouterr().err
    assert _exit_status(3, helping=False) == 3


def test_an_import_generates_no_code_because_a_stand_in_has_no_schema() -> None:
    words = ["import", "oci:Core/vcn:Vcn", "net", "ocid1.vcn.oc1.iad.a"]
    assert without_code(words) == [*words, "--generate-code=false"]
    assert without_code([*words, "--out", "net.py"]) == [*words, "--out", "net.py"]
    assert without_code(["up"]) == ["up"]


def test_an_import_says_how_it_is_protected_and_how_to_unprotect_it() -> None:
    (protected, declare) = advice(["import", "oci:Core/vcn:Vcn", "net", "ocid1.vcn.oc1.iad.a"], 0)
    assert "sandbox state unprotect URN" in protected
    assert "sandbox cloud show ID" in declare
    unprotected, _ = advice(["import", "--protect=false", "a", "b", "c"], 0)
    assert "not protected" in unprotected
    assert list(advice(["import", "--preview-only", "a", "b", "c"], 0)) == []


def test_the_engines_advice_is_corrected_to_the_sandboxs_command() -> None:
    assert any("run `sandbox …` instead" in line for line in advice(["destroy"], 0))
    assert any("run `sandbox …` instead" in line for line in advice(["up"], 255))
    assert list(advice(["up"], 0)) == []
    assert any("run `sandbox …` instead" in line for line in advice(["stack", "outpt"], 255))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("clod list", "cloud"),
        ("engin", "engine"),
        ("prevew --stack prod", "preview"),
        ("stak output", "stack"),
        ("cloud lst", "list"),
        ("cloud limits unst x", "unset"),
    ],
)
def test_a_misspelt_command_gets_a_suggestion(line: str, meant: str) -> None:
    found = CliRunner().invoke(cli, line.split())
    assert found.exit_code == 2
    assert "No such command" in found.output
    assert re.search(rf"Did you mean [`']{meant}", found.output), found.output
    assert "pulumi" not in found.output


def test_a_command_that_is_like_no_other_gets_the_place_of_the_list() -> None:
    found = CliRunner().invoke(cli, ["xyzzy"])
    assert found.exit_code == 2
    assert "`sandbox help` lists" in found.output


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("login", "`login` does not work in the sandbox"),
        ("stack select prod", "name it with --stack, or in the variable STACK"),
        ("stack init new", "Write its file Pulumi.NAME.yaml"),
        ("stack create new", "Write its file Pulumi.NAME.yaml"),
        ("config set a b", "edit Pulumi.STACK.yaml in the project instead"),
        ("config delete a", "edit Pulumi.STACK.yaml in the project instead"),
        ("config copy --dest prod", "edit Pulumi.STACK.yaml in the project instead"),
        ("config env add x", "edit Pulumi.STACK.yaml in the project instead"),
    ],
)
def test_a_command_that_the_sandbox_cannot_follow_is_refused_with_what_to_do(line: str, says: str) -> None:
    ran = CliRunner().invoke(cli, line.split(), terminal_width=200)
    assert ran.exit_code == 1
    assert says in " ".join(ran.output.split())


@pytest.mark.parametrize("word", ["new", "remove", "remove-all", "copy"])
def test_every_alias_of_a_refused_command_is_refused(word: str) -> None:
    pulumi = obtain_engine(lambda _: None).path
    group = "stack" if word == "new" else "config"
    told = subprocess.run([pulumi, group, word, "--help"], capture_output=True, text=True, check=True).stdout
    aliases = re.findall(r"Aliases:\n +(.+)", told)
    assert {(group, each) for each in ", ".join([word, *aliases]).split(", ")} <= REFUSED.keys()


@pytest.mark.parametrize("line", ["up --help", "stack output -h", "help", "version"])
def test_what_reads_no_project_works_in_an_empty_folder(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SANDBOX_HOME", raising=False)
    assert CliRunner().invoke(cli, line.split()).exit_code == 0
    assert re.search(r"Usage:|^v\d", capfd.readouterr().out)
    assert list(tmp_path.iterdir()) == []
