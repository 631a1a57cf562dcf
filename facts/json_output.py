"""JSON that commands print for programs: results, problems, and refusals."""

import json
from collections.abc import Sequence
from typing import Any

from facts.own_commands import as_run_here
from facts.problem import Problem

_WANTED = "json"


def as_json(value: object) -> str:
    """JSON for programs. A value without a JSON form becomes text. Characters that UTF-8 cannot encode are escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text.encode(errors="backslashreplace").decode()


def problem_rows(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Problems as JSON objects."""
    return [
        {"path": each.path, "value": each.value, "allowed": each.allowed, "fix": each.fix}
        for each in problems
    ]


def remember(context: Any, _option: Any, wanted: bool) -> bool:
    """Callback of an option of click that asks for JSON, so that a refusal is JSON too. Such an option must be eager:
    click then reads it before the options that may be refused."""
    context.meta[_WANTED] = wanted
    return wanted


def foresee(context: Any, words: Sequence[str]) -> None:
    """Look for the option in a command line that may be refused before click reads its options. After `--` there are
    none."""
    context.meta[_WANTED] = "--json" in words[: words.index("--") if "--" in words else None]


def misplaced(words: Sequence[str]) -> str:
    """What to say of the option before the command. Empty if it is not the first word."""
    return "--json belongs after the command and its subcommand" if [*words[:1]] == ["--json"] else ""


def is_wanted(context: Any) -> bool:
    """Whether the command that runs, or has run, in a context was asked for JSON."""
    return bool(context.meta.get(_WANTED))


def refusal(message: str, problems: Sequence[Problem] = ()) -> str:
    """A refusal in the form of `playground check --json`, with its text as `error`."""
    return as_json({"ok": False, "error": as_run_here(message), "problems": problem_rows(problems)})
