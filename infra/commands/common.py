"""What the commands share: exit codes, the STACK argument, --json, how problems are shown."""

import json
import shutil
import sys
import textwrap
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from facts.problem import InvalidInput, Problem
from infra.project.stackfile import NoStackFileError, StackFile, read_stack_file, stack_names
from infra.settings import Findings, Settings, examine

OK, PROBLEMS = 0, 1
"""Exit codes: nothing wrong, something wrong with what was asked about."""


def stack_file(stack: str, path: Path | None = None) -> StackFile:
    """The stack's file; a usage error that names the stacks there are if there is none."""
    try:
        return read_stack_file(stack, path)
    except NoStackFileError as error:
        raise click.UsageError("; ".join(str(problem) for problem in error.problems)) from error


def findings(stack: str, path: Path | None = None) -> Findings:
    """Everything there is to say about a stack's settings."""
    try:
        file = stack_file(stack, path)
    except InvalidInput as error:
        return Findings(problems=list(error.problems))
    return examine(file.sections, stack, encrypted=file.encrypted, beside=file.problems)


def settings_or_exit(stack: str, path: Path | None = None) -> Settings:
    """The settings of a stack; with problems in them, those on standard error and exit code 1."""
    found = findings(stack, path)
    if found.problems or found.settings is None:
        fail(str(InvalidInput(found.problems, f"the settings of {stack}")))
    return found.settings


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and leave with exit code 1."""
    click.echo(message, err=True)
    raise SystemExit(PROBLEMS)


@contextmanager
def progress(text: str) -> Generator[None]:
    """Say what takes seconds, on standard error, as long as it takes; nothing where that is no terminal."""
    with Console(stderr=True).status(text):
        yield


def say(text: str, indent: int = 0) -> None:
    """A line for a person: on a terminal one that is too long goes on below, at a word; elsewhere it is one line."""
    first = " " * indent
    if not sys.stdout.isatty():
        click.echo(first + text)
        return
    width = max(shutil.get_terminal_size().columns, 40)
    # Words alone are parted, and no option or path: a line must be found and copied whole.
    click.echo(
        textwrap.fill(
            text,
            width,
            initial_indent=first,
            subsequent_indent=first + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def as_json(value: object) -> str:
    """JSON for machines; what has no JSON form is shown as its text, and what UTF-8 cannot carry is escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text.encode(errors="backslashreplace").decode()


def problem_rows(problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Problems as JSON objects."""
    return [
        {"path": each.path, "value": each.value, "allowed": each.allowed, "fix": each.fix}
        for each in problems
    ]


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in stack_names() if name.startswith(incomplete)]


stack_argument = click.argument("stack", shell_complete=_complete)
json_option = click.option("--json", "json_output", is_flag=True, help="Print JSON for machines.")
file_option = click.option(
    "--config-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read this stack file instead of Pulumi.STACK.yaml.",
)
