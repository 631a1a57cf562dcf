"""A group of commands whose refusals are JSON with `--json`, also those before click has read its options."""

from collections.abc import Sequence

import click

from facts.json_output import foresee, is_wanted, misplaced, refusal
from facts.whole_help import WholeHelp


class JsonGroup(WholeHelp):
    """The top of a command line."""

    def has_own_options(self, args: Sequence[str]) -> bool:  # noqa: ARG002 - groups that pass words on look at them
        """Whether `--json` in these words is an option of this program."""
        return True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if self.has_own_options(args):
            foresee(ctx, args)
        outside = misplaced(args)  # click takes the words out of the list
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not is_wanted(ctx):
                raise
            click.echo(refusal(outside or error.format_message()))
            raise click.exceptions.Exit(error.exit_code) from None
