"""A group of commands whose help has each command's whole line, on a terminal of any width."""

import click

_NO_LIMIT = 1_000


class WholeHelp(click.Group):
    """Click cuts the line of a command that is longer than the terminal. This group wraps it."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(_NO_LIMIT))
            for name, command in found
            if command is not None and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
