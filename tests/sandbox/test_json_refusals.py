"""A command of the sandbox that is asked for JSON refuses in JSON too."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox.cli import cli
from tests.support.sandbox_project import ROOT


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("cloud", "fault", "clear", "zzzz"), 1, "fault zzzz does not exist"),
        (("cloud", "fault", "add", "error", "--type", "Subnett"), 1, "no resource type matches Subnett"),
        (("cloud", "fault", "add", "down", "--region", "us-nowhere-1"), 2, "is not a region of OCI"),
        (("cloud", "fault", "add", "delete", "nothing"), 1, "nothing"),
        (("cloud", "list", "--nope"), 2, "No such option"),
        (("clod",), 2, "Did you mean `cloud`?"),
        (("preview", "staging"), 1, "use the option: `sandbox preview --stack staging"),
        (("stack", "output", "--stack", "nope"), 1, "--stack: 'nope'; must be one of"),
        (("config", "set", "a", "b"), 1, "edit Pulumi.STACK.yaml"),
        (("stack", "ls", "--nope"), 1, "unknown flag: --nope"),
        (("up", "--yes", "--nope", "--stack", "staging"), 1, "unknown flag: --nope"),
    ],
)
def test_a_refusal_is_json(
    words: tuple[str, ...], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SANDBOX_HOME", str(tmp_path / "home"))
    found = CliRunner().invoke(cli, [*words, "--json"])
    refusal = json.loads(found.stdout)
    assert (found.exit_code, refusal["ok"], found.stderr) == (status, False, "")
    assert said in refusal["error"]


def test_the_engines_own_failure_is_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SANDBOX_HOME", str(tmp_path / "home"))
    words = ["config", "get", "nope", "-j", "--stack", "staging"]
    found = CliRunner().invoke(cli, words)
    assert found.exit_code == 1
    assert "configuration key 'nope' not found" in json.loads(found.stdout)["error"]
    # Another passphrase than the one with which the stack was made.
    (tmp_path / "home" / "passphrase").write_text("another")
    file = tmp_path / "home" / "project" / "Pulumi.staging.yaml"
    assert "encryptionsalt" in file.read_text()
    found = CliRunner().invoke(cli, ["preview", "--json", "--stack", "staging"])
    assert (found.exit_code, found.stderr) == (1, "")
    assert "incorrect passphrase" in json.loads(found.stdout)["error"]
    assert f"passphrase is in {tmp_path}/home/passphrase" in json.loads(found.stdout)["error"]
    found = CliRunner().invoke(cli, ["preview", "--stack", "staging"])
    assert "restore that file, or delete the cloud and the state with `sandbox cloud reset`" in found.stderr
