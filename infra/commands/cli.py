"""`playground`: checks, plans and reports for a stack, in addition to the engine's output."""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from facts.json_group import JsonGroup
from facts.json_output import is_wanted, refusal
from facts.problem import InvalidInput, did_you_mean
from facts.product import NAME
from facts.projects import NoProjectError
from facts.terminal import wrap_message, wrapped
from facts.unforeseen import unforeseen
from infra.commands.refusal import RefusedError
from infra.loading import sdk_on_demand
from infra.program.collecting import collect_rarely
from infra.project.clone import code_elsewhere

COMMANDS: Mapping[str, tuple[str, str]] = {
    "call": ("call", "Send a text to MODEL of STACK through the gateway."),
    "check": ("check", "Check the settings of STACK without an engine or an account."),
    "cis": ("cis", "Show which controls of the CIS benchmark STACK meets."),
    "comment": ("comment", "Turn a preview of STACK into a pull request's comment."),
    "import": ("import_", "Print the import file for the existing resources of STACK."),
    "new": ("new", "Write the stack file of a new environment."),
    "pin-image": ("pin_image", "Show how to pin the engine's image of STACK by its digest."),
    "plan": ("plan", "Show how MODEL, or each model of STACK, fits its GPUs."),
    "preflight": ("account", "Check that the real account supports STACK."),
    "release": ("release", "Show how the release of MODEL of STACK goes on."),
    "render": ("render", "Write every Kubernetes object of STACK as YAML."),
    "report": ("report", "Show what STACK, or a change of it, means: losses, cost, reach."),
    "schema": ("check", "Generate files from the settings."),
    "size": ("size", "Show how many GPUs answer the requests to MODEL, and for how much."),
    "summary": ("summary", "Show the existing resources of STACK, from its export."),
    "upgrade": ("upgrade", "List what an upgrade from an older state would replace or delete."),
    "tunnel": ("account", "Open a tunnel to the private API endpoint of STACK."),
}
"""Commands with their module and a line of help. A module is imported only when its command is used, because the cloud
SDKs take seconds."""


class _LazyGroup(JsonGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        collect_rarely()
        sdk_on_demand.install()
        module = import_module(f"infra.commands.{COMMANDS[cmd_name][0]}")
        name = f"{cmd_name}_command" if cmd_name in {"import", "size"} else cmd_name.replace("-", "_")
        command: object = getattr(module, name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of the first word. Click suggests similar commands only if all of them are loaded."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}. {did_you_mean(args[0], COMMANDS)}".strip())
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. A refusal is shown as its own text, an unexpected error as one line; with --json, both as
        JSON."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except click.ClickException as error:
            refused = error
        except InvalidInput as error:
            refused = RefusedError(str(error), error.problems)
        except NoProjectError as error:
            refused = RefusedError(str(error))
        except Exception as error:
            refused = RefusedError(unforeseen(error))
        if is_wanted(ctx):
            problems = refused.problems if isinstance(refused, RefusedError) else ()
            click.echo(refusal(refused.format_message(), problems))
            raise click.exceptions.Exit(refused.exit_code)
        if not isinstance(refused, RefusedError):
            wrap_message(refused)
        raise refused

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=NAME, message="playground %(version)s")
def main() -> None:
    """Check, plan and reach the environments of this project.

    Exit codes: 0 no problems, 1 problems, 2 wrong usage.
    """
    if elsewhere := code_elsewhere(Path.cwd()):
        click.secho(wrapped(f"playground: {elsewhere}", sys.stderr), err=True, dim=True)
