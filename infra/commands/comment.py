"""`playground comment`: the changes of a pull request, in Markdown."""

from typing import IO

import click

from report import markdown
from report.engine_json import digest_of, export_of
from report.resources import from_export
from report.view import View

from .common import price_list, stack_argument
from .report_input import readable
from .report_references import with_references


@click.command()
@stack_argument
@click.argument("preview", type=click.File())
@click.option(
    "--before",
    type=click.File(),
    help="`pulumi stack export` of the existing stack, to price the whole stack.",
)
def comment(stack: str, preview: IO[str], before: IO[str] | None) -> None:
    """Turn PREVIEW (`preview --json`, or the file of --event-log) into a comment for a pull request.

    It shows losses first, then changes, then costs. PREVIEW - is standard input.
    """
    with readable("PREVIEW", preview):
        digest = digest_of(preview.read())
    standing = None
    if before is not None:
        with readable("--before", before):
            standing = from_export(export_of(before.read()))

    def referred(view: View) -> View:
        return with_references(view, digest, None, ())

    click.echo(markdown.comment(digest, price_list(), stack=stack, before=standing, referred=referred))
