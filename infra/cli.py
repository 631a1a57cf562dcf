"""`playground`: what there is to know about a stack beside what the engine says."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "check": "infra.commands.check",
    "plan": "infra.commands.plan",
    "preflight": "infra.commands.account",
    "report": "infra.commands.report",
    "schema": "infra.commands.check",
    "summary": "infra.commands.report",
    "tunnel": "infra.commands.account",
}
"""Commands and their modules. A module is imported when its command is used: the OCI SDK alone takes a second."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: object = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Check, plan and reach the environments of this project.

    Exit codes: 0 all is well, 1 problems, 2 wrong usage.
    """
