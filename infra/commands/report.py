"""`playground report`: what a stack, or a change of it, means."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import click

from facts.json_output import as_json
from facts.problem import InvalidInput, Problem
from report.document import terminal
from report.document.model import FAIL_ON, Document, FailOn
from report.document.values import as_values
from report.sections import SECTIONS

from .common import file_option, json_option, say, stack_argument
from .refusal import PROBLEMS
from .report_input import view_of


@click.command()
@stack_argument
@click.option(
    "--preview", type=click.File(), help="The engine's preview: `preview --json`, or the file of --event-log."
)
@click.option("--state", type=click.File(), help="`stack export`: report on what exists.")
@click.option("--only", multiple=True, type=click.Choice([*SECTIONS]), help="A section. Can be repeated.")
@click.option(
    "--fail-on", multiple=True, type=click.Choice(FAIL_ON), help="Exit with 1 if found. Can be repeated."
)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one HTML page to this file too."
)
@click.option("--verbose", is_flag=True, help="Show every row of long tables.")
@file_option
@json_option
def report(
    *,
    stack: str,
    preview: IO[str] | None,
    state: IO[str] | None,
    only: Sequence[str],
    fail_on: Sequence[FailOn],
    html: Path | None,
    verbose: bool,
    config_file: Path | None,
    json_output: bool,
) -> None:
    """Show what STACK means: data at risk, cost, who can reach whom, who may do what. Needs no engine and no account.

    Without --preview and --state it runs the program. With --preview it shows what the change means. `-` is standard
    input. --html writes one page that needs nothing from outside, with light and dark colours.

    Prices are list prices with a date. Set PLAYGROUND_PRICES to a file with your own prices.
    """
    view, origin = view_of(stack, preview, state, config_file)
    chosen = [make for key, make in SECTIONS.items() if not only or key in only]
    document = Document(
        stack=stack,
        origin=origin,
        currency=view.prices.currency,
        sections=[make(view) for make in chosen],
    )
    if html is not None:
        _write_page(html, document)
    if json_output:
        click.echo(as_json(as_values(document)))
    else:
        terminal.show(document, verbose=verbose)
    if failed := document.failures(fail_on):
        if not json_output:
            for each in failed:
                say(f"failed: {each}", alarm=True)
        raise click.exceptions.Exit(PROBLEMS)


def _write_page(file: Path, document: Document) -> None:
    from report.document.page import page  # noqa: PLC0415  the templates' package takes half a second

    try:
        file.write_text(page(document), encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            [Problem("--html", str(file), "must be a file in an existing folder, and writable")], "--html"
        ) from error
