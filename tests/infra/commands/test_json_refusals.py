"""A command that is asked for JSON refuses in JSON too: the text as `error`, and the problems of the input."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from infra.commands.cli import COMMANDS, main
from infra.project.stackfile import ROOT
from sandbox.cli import cli as sandbox
from tests.infra.commands.test_cli import file_with

HAVE_JSON = [
    name
    for name in COMMANDS
    if any("--json" in each.opts for each in main.get_command(click.Context(main), name).params)  # pyright: ignore[reportOptionalMemberAccess]
]

REFUSED: dict[str, tuple[str, ...]] = {
    "call": ("call", "test", "some-model", "text", "--config-file", "FILE"),
    "check": ("check", "test", "--config-file", "FILE"),
    "cis": ("cis", "test", "--config-file", "FILE"),
    "import": ("import", "test", "--use", "no match"),
    "new": ("new", "No Name", "--from", "staging", "--offline", "--dry-run"),
    "pin-image": ("pin-image", "test", "v1", "--config-file", "FILE"),
    "plan": ("plan", "test", "--config-file", "FILE"),
    "preflight": ("preflight", "test", "--config-file", "FILE"),
    "release": ("release", "test", "some-model", "status", "--config-file", "FILE"),
    "render": ("render", "test", "--config-file", "FILE"),
    "report": ("report", "test", "--config-file", "FILE"),
    "size": (
        "size",
        "--model",
        "m",
        "--requests-per-minute",
        "x",
        *("--prompt", "1", "--answer", "1", "--ttft", "1"),
    ),
    "summary": ("summary", "staging"),
    "tunnel": ("tunnel", "test", "--config-file", "FILE"),
    "upgrade": ("upgrade", "--check", "0.0.0"),
}
"""The words of a command that is refused. FILE has a wrong key."""


def refused(*words: str, **options: Any) -> tuple[int, Any]:
    found = CliRunner().invoke(main, [*words, "--json"], **options)
    assert not found.stderr, "everything is in the JSON"
    return found.exit_code, json.loads(found.stdout)


@pytest.fixture(autouse=True)
def _in_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)


def test_every_command_with_json_is_tried() -> None:
    assert sorted(REFUSED) == sorted(HAVE_JSON)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_json(name: str, tmp_path: Path) -> None:
    file = file_with(tmp_path, ("gpu.pools.0.node", 1))
    words = [file if word == "FILE" else word for word in REFUSED[name]]
    status, said = refused(*words, input="no JSON")
    assert status in (1, 2)
    assert not said["ok"]
    assert said["problems"] if status == 1 else said["error"]


def test_the_problems_have_their_paths(tmp_path: Path) -> None:
    file = file_with(tmp_path, ("gpu.pools.0.node", 1))
    status, said = refused("release", "test", "m", "status", "--config-file", file)
    assert (status, [each["path"] for each in said["problems"]]) == (1, ["gpu.pools[0].node"])
    assert "gpu.pools[0].node" in said["error"]


def test_a_model_without_a_candidate_is_a_problem() -> None:
    status, said = refused("release", "staging", "nothing", "status")
    assert (status, said["problems"][0]["path"]) == (1, "MODEL")


def test_a_call_without_an_answer_says_why() -> None:
    environment = {"PLAYGROUND_API_KEY": "marker-key"}
    words = ("call", "staging", "qwen3-32b", "text", "--url", "http://127.0.0.1:1")
    status, said = refused(*words, env=environment)
    assert (status, said["problems"]) == (1, [])
    assert said["error"].startswith("no answer: ")
    assert "marker-key" not in str(said)


def test_an_unknown_stack_is_wrong_usage() -> None:
    status, said = refused("call", "stagin", "m", "text")
    assert status == 2
    assert "Stacks here: dev, prod, staging" in said["error"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("check", "staging", "--nope"), "No such option"), (("chek", "staging"), "Did you mean `check`?")],
)
def test_words_that_no_command_knows_are_refused_in_json(words: tuple[str, ...], said: str) -> None:
    status, told = refused(*words)
    assert (status, told["ok"]) == (2, False)
    assert said in told["error"]


@pytest.mark.parametrize("group", [main, sandbox])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--json", "check", "staging"), "--json belongs after the command"),
        (("--json",), "--json belongs after"),
        (("--nope", "check", "--json"), "No such option"),
    ],
)
def test_a_wrong_word_before_the_command_is_refused_in_json(
    group: click.Group, words: tuple[str, ...], said: str
) -> None:
    found = CliRunner().invoke(group, words)
    assert (found.exit_code, found.stderr) == (2, "")
    assert said in json.loads(found.stdout)["error"]


def test_a_text_after_the_options_does_not_ask_for_json() -> None:
    found = CliRunner().invoke(main, ["check", "--nope", "--", "--json"])
    assert (found.exit_code, found.stdout) == (2, "")
