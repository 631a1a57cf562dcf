"""`playground`: what there is to know about a stack beside what the engine says."""

import click

from infra.commands.account import preflight, tunnel
from infra.commands.check import check, schema


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check, plan and reach the environments of this project.

    Exit codes: 0 all is well, 1 problems, 2 wrong usage.
    """


for command in (check, preflight, schema, tunnel):
    main.add_command(command)
