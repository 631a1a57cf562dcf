"""Shared parts of the commands: exit codes, the STACK argument, --json, and how problems are shown."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from facts.json_output import remember
from facts.prices import PriceList
from facts.problem import InvalidInput
from facts.terminal import wrapped
from facts.unforeseen import VARIABLE as TRACEBACK_VARIABLE
from facts.variables import misspelt_variable
from infra.project.stackfile import NoStackFileError, StackFile, read_stack_file, stack_names
from report.cost import PRICES_VARIABLE, prices_in_use

from .refusal import fail

OK = 0
"""Exit code: no problems."""


def stack_file(stack: str, path: Path | None = None) -> StackFile:
    """The stack's file. If it does not exist, a usage error lists the existing stacks."""
    with needs_stack_file():
        return read_stack_file(stack, path)


@contextmanager
def needs_stack_file(named: str = "STACK") -> Generator[None]:
    """A missing stack file is a usage error. `named`: what names the stack, such as an option."""
    try:
        yield
    except NoStackFileError as error:
        raise click.UsageError(
            "; ".join(str(replace(each, path=named)) for each in error.problems)
        ) from error


def price_list() -> PriceList:
    """The prices in use. If there is a problem in the user's own file or a misspelt variable, exits with code 1."""
    if misspelt := misspelt_variable(os.environ, "PLAYGROUND_", (PRICES_VARIABLE, TRACEBACK_VARIABLE)):
        fail(str(misspelt), [misspelt])
    try:
        return prices_in_use(os.environ)
    except (InvalidInput, OSError) as error:
        fail(f"{PRICES_VARIABLE}: {error}")


@contextmanager
def progress(text: str) -> Generator[None]:
    """Show a message on standard error while a slow step runs. It shows nothing if that is not a terminal."""
    with Console(stderr=True).status(text):
        yield


def say(text: str, indent: int = 0, *, alarm: bool = False) -> None:
    """Print a line for a person. A terminal wraps a long line between words; other outputs get one line.

    `alarm` prints it in bold red.
    """
    shown = wrapped(" " * indent + text, sys.stdout)
    click.echo(click.style(shown, fg="red", bold=True) if alarm else shown)


def complete_stack(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The stacks in the project that begin with a text."""
    return [name for name in stack_names() if name.startswith(incomplete)]


stack_argument = click.argument("stack", shell_complete=complete_stack)
json_option = click.option(
    "--json", "json_output", is_flag=True, is_eager=True, callback=remember, help="Print JSON."
)
file_option = click.option(
    "--config-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read this stack file instead of Pulumi.STACK.yaml.",
)
