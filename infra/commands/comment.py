"""`playground comment`: the changes of a pull request, in Markdown."""

from collections.abc import Mapping
from typing import IO, cast

import click

from facts.json_text import read_json
from report import markdown
from report.resources import from_export

from .common import price_list, stack_argument


@click.command()
@stack_argument
@click.argument("preview", type=click.File())
@click.option(
    "--before",
    type=click.File(),
    help="`pulumi stack export` of the existing stack, to price the whole stack.",
)
def comment(stack: str, preview: IO[str], before: IO[str] | None) -> None:
    """Turn PREVIEW (`pulumi preview --json`, - for standard input) into a comment for a pull request.

    It shows losses first, then changes, then costs.
    """
    standing = from_export(_object(before)) if before else None
    click.echo(markdown.comment(_object(preview), price_list(), stack=stack, before=standing))


def _object(file: IO[str]) -> Mapping[str, object]:
    """The JSON object in a file. The engine may print text before it."""
    text = file.read()
    try:
        found: object = read_json(text[max(text.find("{"), 0) :])
    except ValueError as error:
        raise click.UsageError(f"{file.name}: must contain JSON: {error}") from error
    return cast(Mapping[str, object], found)
