"""How a command refuses. A module of its own, so that `--help` loads no settings."""

import sys
from collections.abc import Sequence
from typing import IO, Any, NoReturn

import click

from facts.problem import Problem
from facts.terminal import wrapped

PROBLEMS = 1
"""Exit code: problems."""


class RefusedError(click.ClickException):
    """Ends a command with exit code 1 and a text on standard error, after its progress line is gone."""

    exit_code = PROBLEMS

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = problems

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(wrapped(self.message, file or sys.stderr), file=file, err=file is None)


def fail(message: str, problems: Sequence[Problem] = ()) -> NoReturn:
    """Refuse: print a message on standard error, or with --json as JSON, and exit with code 1. `problems`: the input's,
    for programs."""
    raise RefusedError(message, problems)
