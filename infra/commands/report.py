"""`playground report`: what a stack, or a change of it, means."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import click

from facts.json_output import as_json
from facts.problem import InvalidInput, Problem
from report.document import terminal
from report.document.markdown import markdown
from report.document.model import FAIL_ON, OF_A_CHANGE, Document, FailOn
from report.document.values import as_values
from report.sections import SECTIONS
from report.sections.differences import DIFFERENCES
from report.sections.found import found_outside
from report.view import View

from .common import complete_stack, file_option, json_option, say, stack_argument
from .refusal import PROBLEMS
from .report_differences import differences, is_comparison
from .report_input import view_of, with_limits, with_usage


@click.command()
@stack_argument
@click.argument("other", required=False, shell_complete=complete_stack)
@click.option("--before", metavar="REV", help="Compare with STACK at this revision of git.")
@click.option(
    "--preview", type=click.File(), help="The engine's preview: `preview --json`, or the file of --event-log."
)
@click.option("--state", type=click.File(), help="`stack export`: report on what exists.")
@click.option("--usage", type=click.File(), help="JSON: tokens by tenant, and how busy resources were.")
@click.option(
    "--limits",
    "limits_file",
    type=click.File(),
    help="Service limits: `playground preflight STACK --json`, or `sandbox cloud limits --json`.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="SECTION",
    type=click.Choice([*SECTIONS, *DIFFERENCES]),
    help=f"A section: {', '.join(SECTIONS)}; of a comparison, {', '.join(DIFFERENCES)}. Can be repeated.",
)
@click.option(
    "--fail-on", multiple=True, type=click.Choice([*FAIL_ON]), help="Exit with 1 if found. Can be repeated."
)
@click.option(
    "--resolve",
    is_flag=True,
    help="Run the program, to find what new resources of --preview refer to. `--fail-on open-to-internet` does too.",
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one HTML page to this file too."
)
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown, for a pull request.")
@click.option("--verbose", is_flag=True, help="Show every row of long tables.")
@file_option
@json_option
def report(
    *,
    stack: str,
    other: str | None,
    before: str | None,
    preview: IO[str] | None,
    state: IO[str] | None,
    usage: IO[str] | None,
    limits_file: IO[str] | None,
    only: Sequence[str],
    fail_on: Sequence[FailOn],
    resolve: bool,
    html: Path | None,
    as_markdown: bool,
    verbose: bool,
    config_file: Path | None,
    json_output: bool,
) -> None:
    """Show what STACK means: data at risk, cost, limits, models, who can reach whom, who may do what.

    Without --preview and --state it runs the program, without an engine and an account. With --preview it shows what
    the change means. `-` is standard input. --html writes one page that needs nothing from outside.

    With OTHER or --before it shows what differs between two stacks, or between STACK at a revision and now.

    Prices are list prices with a date. Set PLAYGROUND_PRICES to a file with your own prices.
    """
    _require_one_form(json_output=json_output, as_markdown=as_markdown)
    _require_one_reader({"preview": preview, "state": state, "usage": usage, "limits": limits_file})
    _require_folder(html)
    if is_comparison(other, before, only, alone=bool(preview or state or usage or limits_file or fail_on)):
        document = differences(stack, other, before, config_file, only)
    else:
        _require_judged(fail_on, only, resolve=resolve, of_a_change=preview is not None)
        resolve = resolve or "open-to-internet" in fail_on
        found = view_of(stack, preview, state, config_file, only, resolve=resolve)
        document = _of_one(found, usage, limits_file, only)
    _write_page(html, document)
    _show(document, json_output=json_output, as_markdown=as_markdown, verbose=verbose)
    _judge(document.failures(fail_on), silent=json_output or as_markdown)


def _judge(failed: Sequence[str], *, silent: bool) -> None:
    for each in failed:
        if not silent:
            say(f"failed: {each}", alarm=True)
    if failed:
        raise click.exceptions.Exit(PROBLEMS)


def _show(document: Document, *, json_output: bool, as_markdown: bool, verbose: bool) -> None:
    if json_output:
        click.echo(as_json(as_values(document)))
    elif as_markdown:
        click.echo(markdown(document), nl=False)
    else:
        terminal.show(document, verbose=verbose)


def _require_judged(
    fail_on: Sequence[FailOn], only: Sequence[str], *, resolve: bool, of_a_change: bool
) -> None:
    """Raises click.UsageError for what nothing would judge: it would pass whatever the stack is."""
    if resolve and not of_a_change:
        raise click.UsageError("--resolve is about a change. Add --preview, or remove it")
    for kind in fail_on:
        section = FAIL_ON[kind]
        if only and section not in only:
            wanted = f"Add --only {section}, or remove --only"
            raise click.UsageError(f"--fail-on {kind} is found by the section {section}. {wanted}")
        if kind in OF_A_CHANGE and not of_a_change:
            raise click.UsageError(
                f"--fail-on {kind} is about a change. Add --preview with the engine's preview"
            )


def _require_one_form(*, json_output: bool, as_markdown: bool) -> None:
    if json_output and as_markdown:
        raise click.UsageError("--json and --markdown exclude each other")


def _require_one_reader(files: Mapping[str, IO[str] | None]) -> None:
    """Raises click.UsageError if two files are standard input: the second would be empty."""
    names = [f"--{name}" for name, file in files.items() if file is not None and file.name == "<stdin>"]
    if len(names) > 1:
        raise click.UsageError(f"{' and '.join(names)} are both `-`: standard input can be read only once")


def _require_folder(file: Path | None) -> None:
    """Raises InvalidInput before the report runs, which takes longer."""
    if file is not None and not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
        raise _unwritable(file)


def _unwritable(file: Path) -> InvalidInput:
    allowed = "must be a file in an existing folder, and writable"
    return InvalidInput([Problem("--html", str(file), allowed)], "--html")


def _write_page(file: Path | None, document: Document) -> None:
    if file is None:
        return
    from report.document.page import page  # noqa: PLC0415  the templates' package takes half a second

    try:
        file.write_text(page(document), encoding="utf-8")
    except OSError as error:
        raise _unwritable(file) from error


def _of_one(
    found: tuple[View, str], usage: IO[str] | None, limits: IO[str] | None, only: Sequence[str]
) -> Document:
    view, origin = found
    if usage is not None:
        view = with_usage(view, usage)
    if limits is not None:
        view = with_limits(view, limits)
    return Document(
        stack=view.stack,
        origin=origin,
        currency=view.prices.currency,
        sections=[
            *([] if only else found_outside(view)),
            *(make(view) for key, make in SECTIONS.items() if not only or key in only),
        ],
    )
