"""`sandbox`: the real Pulumi engine against stand-ins for the clouds."""

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from facts.problem import InvalidInput
from facts.product import NAME
from facts.projects import NoProjectError
from facts.unforeseen import unforeseen
from sandbox.cloud_cli import cloud, on_reset
from sandbox.cloud_options import HELP_OPTIONS
from sandbox.engine.find import obtain_engine, present_engine
from sandbox.engine.pin import VERSION, Engine, EngineUnavailableError
from sandbox.engine_process import EngineFailedError
from sandbox.home import Home
from sandbox.passthrough import RealProviderError
from sandbox.session import Session, UnknownStackError, forget_state
from sandbox.store import NoPlaceError, OtherLayoutError
from sandbox.variables import WrongVariableError, check_variables

ACTIVE = {"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch"}
"""Engine commands that call providers."""

OF_A_STACK = ACTIVE | {"stack", "config", "state", "cancel", "logs"}
"""Engine commands that take --stack; a word that the engine does not know must not be answered with that option."""

SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a program."""

REFUSED = {
    "login": "the sandbox has its own login",
    "logout": "the sandbox has its own login",
    "new": "the sandbox runs the project that is here",
}
CONFIG_WRITES = {"set", "set-all", "rm", "rm-all", "cp", "refresh"}
DEFAULT_STACK = "staging"

REFUSALS = (
    InvalidInput,
    EngineFailedError,
    EngineUnavailableError,
    NoPlaceError,
    NoProjectError,
    OtherLayoutError,
    RealProviderError,
    UnknownStackError,
    WrongVariableError,
)
"""What a command ends in with a sentence instead of a traceback."""


def say(line: str) -> None:
    """A line of the sandbox's own, on standard error."""
    click.secho(f"sandbox: {line}", err=True, dim=True)


class EngineWords(click.Group):
    """A group in which every word that is not ours goes to the engine as it stands."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        return own if own else _engine_command(cmd_name)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click calls it
        formatter.write_paragraph()
        formatter.write_text(
            "Every other word goes to the Pulumi engine: sandbox up, preview, refresh, destroy, stack output … "
            f"The stack is --stack, else STACK, else {DEFAULT_STACK}. `sandbox up --help` is the engine's own help."
        )


def _engine_command(word: str) -> click.Command:
    @click.command(
        word,
        context_settings={
            "ignore_unknown_options": True,
            "allow_interspersed_args": False,
            "help_option_names": [],
        },
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        helping = word not in ACTIVE or asks_for_help(arguments)
        raise SystemExit(_told(_pass_on([word, *arguments]), helping=helping))

    return run


def asks_for_help(arguments: Iterable[str]) -> bool:
    """Whether a command line asks the engine for its help only."""
    return bool({"--help", "-h"} & set(arguments))


def _told(status: int, *, helping: bool) -> int:
    """The exit status for an engine's; one that a signal ended has said nothing itself.

    A reader that has read enough (`--help | head`) ends the engine too: nothing was under way, so nothing is said.
    """
    if status >= 0:
        return status
    if helping and status == -signal.SIGPIPE:
        return 0
    say(f"the engine was ended by {signal.Signals(-status).name}: the next command recovers first")
    return SIGNALLED - status


@click.group(cls=EngineWords, context_settings=HELP_OPTIONS)
@click.version_option(package_name=NAME, message=f"sandbox %(version)s with Pulumi {VERSION}")
def cli() -> None:
    """Run the real Pulumi engine and the real program against stand-ins for OCI and Kubernetes.

    Nothing leaves this machine; state, secrets and the stand-ins' cloud live under SANDBOX_HOME (default .sandbox).
    """


cli.add_command(cloud)
on_reset(lambda home: forget_state(home, say))


@cli.command("engine")
@click.option("--json", "as_json", is_flag=True, help="Print path, version and origin as JSON.")
@click.option("--no-install", is_flag=True, help="Only look; exit 1 if the engine is not there.")
def engine_command(as_json: bool, no_install: bool) -> None:
    """Show the engine, getting it first where it is missing."""
    engine = present_engine() if no_install else obtain_engine(say)
    if engine is None:
        raise click.ClickException(f"Pulumi {VERSION} is not here yet: `sandbox engine` gets it")
    _print_engine(engine, as_json)


def _print_engine(engine: Engine, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"path": str(engine.path), "version": engine.version, "origin": engine.origin}))
    else:
        click.echo(f"Pulumi {engine.version} at {engine.path} (from {engine.origin})")


def chosen_stack(arguments: list[str]) -> str | None:
    """The stack that a command line names with --stack or -s."""
    for index, word in enumerate(arguments):
        if word in ("--stack", "-s") and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith("--stack="):
            return word.partition("=")[2]
    return None


def _pass_on(arguments: list[str]) -> int:
    word = arguments[0]
    if word in REFUSED:
        raise click.ClickException(f"`{word}` is not for the sandbox: {REFUSED[word]}")
    if word == "config" and len(arguments) > 1 and arguments[1] in CONFIG_WRITES:
        raise click.ClickException(
            "the sandbox works on copies of the stack configs: edit Pulumi.<stack>.yaml in the project instead"
        )
    session = Session(Home.of(Path.cwd()), obtain_engine(say), say)
    if word not in OF_A_STACK or asks_for_help(arguments):
        return session.passive(arguments)
    stack = chosen_stack(arguments)
    if stack is None and not (
        word == "stack" and len(arguments) > 1 and arguments[1] in ("ls", "init", "select")
    ):
        stack = os.environ.get("STACK", DEFAULT_STACK)
        arguments = [*arguments, "--stack", stack]
    if word not in ACTIVE:
        return session.passive(arguments, stack)
    check_variables()
    status = session.active(without_code(arguments), stack or DEFAULT_STACK)
    for line in advice(arguments, status):
        say(line)
    return status


def without_code(arguments: list[str]) -> list[str]:
    """An import without the declarations that the engine writes from a provider's schema: a stand-in has none."""
    asked = any(word.split("=")[0] in ("--generate-code", "--out", "-o") for word in arguments)
    return [*arguments, "--generate-code=false"] if arguments[0] == "import" and not asked else arguments


def advice(arguments: list[str], status: int) -> Iterator[str]:
    """What the engine leaves unsaid, or says for a login that is not the sandbox's."""
    destroyed = arguments[0] in ("destroy", "down", "dn") and "--remove" not in arguments
    if status > 0 or destroyed:
        yield (
            "where the engine says `pulumi …`, type `sandbox …` here: `pulumi` itself would aim at a stack of your "
            "own login"
        )
    if arguments[0] == "import" and status == 0 and "--preview-only" not in arguments:
        kept = "--protect=false" in arguments
        yield (
            "what was imported is not protected: the next `sandbox up` deletes what the program does not declare"
            if kept
            else "what was imported is protected: `sandbox up` and `sandbox destroy` refuse to delete it, until "
            "`sandbox state unprotect URN` lets it go. --protect=false imports without"
        )
        yield "declare it in the program with the same type and name; `sandbox cloud show ID` shows its values"


def main() -> None:
    """Entry point of the console script."""
    try:
        cli.main(standalone_mode=True)
    except REFUSALS as failure:
        click.secho(f"sandbox: {failure}", err=True, fg="red")
        sys.exit(1)
    except Exception as error:
        click.secho(f"sandbox: {unforeseen(error)}", err=True, fg="red")
        sys.exit(1)


if __name__ == "__main__":
    main()
