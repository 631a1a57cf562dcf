"""`sandbox`: runs the real Pulumi engine against stand-ins for OCI and Kubernetes."""

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import click

from facts.json_group import JsonGroup
from facts.json_output import foresee, is_wanted, refusal, remember
from facts.problem import InvalidInput, did_you_mean
from facts.product import NAME
from facts.projects import NoProjectError
from facts.terminal import wrap_message, wrapped
from facts.unforeseen import unforeseen
from sandbox.engine.find import obtain_engine, present_engine
from sandbox.engine.paths import with_whole_paths
from sandbox.engine.pin import VERSION, Engine, EngineUnavailableError
from sandbox.engine.positional import ArgumentError, check_arguments
from sandbox.engine.words import (
    ACTIVE,
    COMMANDS,
    OF_A_STACK,
    OF_NO_PROJECT,
    asks_for_json,
    chosen_stack,
    refuses_stack,
)
from sandbox.engine_process import EngineFailedError
from sandbox.home import Home
from sandbox.session import Session, UnknownStackError, forget_state, without_project
from sandbox.store import NoPlaceError, OtherLayoutError
from sandbox.variables import RealProviderError, WrongVariableError, check_variables
from sandbox.wire.record import WireError
from sandbox.workspace import fault_of, known_stacks, stack_file

_LISTED = "`sandbox help` lists the engine's"

SIGNALLED = 128
"""A shell's exit status for a program that a signal ended is this plus the signal's number."""

CONFIG_WRITES = (
    "set", "set-all", "rm", "remove", "delete", "rm-all", "remove-all", "delete-all", "cp", "copy", "refresh",
)  # fmt: skip
_COPIES = "the sandbox uses copies of the stack configs: edit Pulumi.STACK.yaml in the project instead"
_NO_CURRENT_STACK = "the sandbox selects no stack: name it with --stack, or in the variable STACK"
_OF_A_FILE = (
    "the sandbox creates a stack when a command first names it. Write its file Pulumi.NAME.yaml, for example with "
    "`playground new NAME --from staging`"
)
REFUSED = {
    ("login",): "the sandbox has its own login",
    ("logout",): "the sandbox has its own login",
    ("new",): "the sandbox runs an existing project",
    **dict.fromkeys([("stack", word) for word in ("select", "unselect")], _NO_CURRENT_STACK),
    ("stack", "rename"): "a stack has the name of its file. Destroy it, rename the file and deploy it again",
    **dict.fromkeys([("stack", word) for word in ("init", "new", "create", "setup")], _OF_A_FILE),
    **dict.fromkeys([("config", word) for word in CONFIG_WRITES], _COPIES),
    **dict.fromkeys([("config", "env", word) for word in ("add", "init", "remove", "rm")], _COPIES),
}
"""Commands that the sandbox refuses, with the reason. Their aliases: `--help` of the pinned engine."""

DEFAULT_STACK = "staging"

LOADED = {"cloud": "sandbox.cloud_cli", "env": "sandbox.wire.cli", "serve": "sandbox.wire.cli"}
"""Commands with the module that is imported when they are used, because that takes as long as the rest of a start."""

REFUSALS = (
    ArgumentError,
    InvalidInput,
    EngineFailedError,
    EngineUnavailableError,
    NoPlaceError,
    NoProjectError,
    OtherLayoutError,
    RealProviderError,
    UnknownStackError,
    WireError,
    WrongVariableError,
)
"""Errors that end a command with a message instead of a traceback."""


def say(line: str) -> None:
    """Print a line of the sandbox on standard error."""
    click.secho(wrapped(f"sandbox: {line}", sys.stderr), err=True, dim=True)


class EngineWords(JsonGroup):
    """A group that passes every other command to the engine unchanged."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *LOADED])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LOADED:
            return _load(cmd_name)
        own = super().get_command(ctx, cmd_name)
        if own is None and cmd_name not in COMMANDS:
            # The engine would suggest only its own commands, as `pulumi …`.
            hint = did_you_mean(cmd_name, (*self.list_commands(ctx), *sorted(COMMANDS)))
            ctx.fail(f"No such command {cmd_name!r}. {hint or _LISTED}")
        return own or _engine_command(cmd_name)

    def has_own_options(self, args: Sequence[str]) -> bool:
        # The options of the engine's commands are the engine's.
        return bool(args) and args[0] not in COMMANDS

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. A refusal is wrapped for the terminal, or shown as JSON with --json."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if is_wanted(ctx):
                click.echo(refusal(error.format_message()))
                raise click.exceptions.Exit(error.exit_code) from None
            wrap_message(error)
            raise
        except REFUSALS as error:
            if not is_wanted(ctx):
                raise
            click.echo(refusal(str(error), error.problems if isinstance(error, InvalidInput) else ()))
            raise click.exceptions.Exit(1) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click calls it
        formatter.write_paragraph()
        formatter.write_text(
            "All other commands go to the Pulumi engine: `sandbox up`, preview, refresh, destroy, stack output … "
            "`sandbox up --help` shows the engine's own help. The stack is the one in --stack, else in the variable "
            f"STACK, else {DEFAULT_STACK}. up, preview, destroy, refresh and import show a page; --verbose, without a "
            "number, shows the engine's own output and the whole report."
        )


@cache
def _load(name: str) -> click.Command:
    module = import_module(LOADED[name])
    if name == "cloud":
        module.on_reset(lambda home: forget_state(home, say))
    command: click.Command = getattr(module, name)
    return command


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
    @click.pass_context
    def run(context: click.Context, arguments: tuple[str, ...]) -> None:
        foresee(context, ["--json"] if asks_for_json(arguments) else [])
        helping = word not in ACTIVE or asks_for_help(arguments)
        raise SystemExit(_exit_status(_pass_on([word, *arguments]), helping=helping))

    return run


def asks_for_help(arguments: Iterable[str]) -> bool:
    """Whether a command line only asks for the engine's help."""
    return bool({"--help", "-h"} & set(arguments))


def _exit_status(status: int, *, helping: bool) -> int:
    """The sandbox's exit status for the engine's. An engine that a signal ended prints nothing, so a line says it.

    A closed pipe (`--help | head`) also ends the engine by a signal. Nothing was running then, so no line is printed.
    """
    if status >= 0:
        return status
    if helping and status == -signal.SIGPIPE:
        return 0
    say(f"the engine was stopped by {signal.Signals(-status).name}: the next command recovers first")
    return SIGNALLED - status


@click.group(cls=EngineWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=NAME, message=f"sandbox %(version)s with Pulumi {VERSION}")
def cli() -> None:
    """Run the real Pulumi engine and your program against stand-ins for OCI and Kubernetes.

    Nothing leaves this machine. The state, the secrets and the sandbox's cloud are in the folder SANDBOX_HOME
    (default: .sandbox).
    """


@cli.command("engine")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    is_eager=True,
    callback=remember,
    help="Print path, version and origin as JSON.",
)
@click.option("--no-install", is_flag=True, help="Do not install; exit with 1 if the engine is missing.")
def engine_command(as_json: bool, no_install: bool) -> None:
    """Show the Pulumi engine; install it first if missing."""
    engine = present_engine() if no_install else obtain_engine(say)
    if engine is None:
        raise click.ClickException(f"Pulumi {VERSION} is not installed: `sandbox engine` installs it")
    _print_engine(engine, as_json)


def _print_engine(engine: Engine, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"path": str(engine.path), "version": engine.version, "origin": engine.origin}))
    else:
        click.echo(f"Pulumi {engine.version} at {engine.path} (from {engine.origin})")


def _refuse(arguments: Sequence[str]) -> None:
    found = next((words for words in REFUSED if tuple(arguments[: len(words)]) == words), None)
    if found and not asks_for_help(arguments):
        raise click.ClickException(f"`{' '.join(found)}` does not work in the sandbox: {REFUSED[found]}")


def _pass_on(arguments: list[str]) -> int:
    word = arguments[0]
    _refuse(arguments)
    engine = obtain_engine(say)
    if word in OF_NO_PROJECT or asks_for_help(arguments):
        return without_project(engine, arguments)
    session = Session(Home.of(Path.cwd()), engine, say)
    if word not in OF_A_STACK or refuses_stack(arguments):
        return _told(session, session.passive(arguments))
    check_arguments(arguments, known_stacks(session.home.project))
    arguments = with_whole_paths(arguments, Path.cwd())
    stack = chosen_stack(arguments)
    if stack is None:
        stack = os.environ.get("STACK") or DEFAULT_STACK
        arguments = [*arguments, "--stack", stack]
    check_variables()
    if word in ACTIVE:
        status = session.active(without_code(arguments), stack or DEFAULT_STACK)
    else:
        status = session.passive(arguments, stack)
    fault = fault_of(stack_file(session.home.project, stack or DEFAULT_STACK)) if status > 0 else None
    return _told(session, status, advice(arguments, status), fault)


def _told(session: Session, status: int, notes: Iterable[str] = (), fault: InvalidInput | None = None) -> int:
    """Say the notes, or print them with the engine's own refusal as JSON. Returns the status."""
    notes = [*notes, *([str(fault)] if fault else [])]
    if session.refusals:
        click.echo(refusal("\n".join([*session.refusals, *notes]), fault.problems if fault else ()))
    else:
        for note in notes:
            say(note)
    return status


def without_code(arguments: list[str]) -> list[str]:
    """An import without generated code: the engine generates it from a provider's schema, which a stand-in lacks."""
    asked = any(word.split("=")[0] in ("--generate-code", "--out", "-o") for word in arguments)
    return [*arguments, "--generate-code=false"] if arguments[0] == "import" and not asked else arguments


def advice(arguments: list[str], status: int) -> Iterator[str]:
    """Advice that the engine does not give, or gives for a login that is not the sandbox's."""
    destroyed = arguments[0] in ("destroy", "down", "dn") and "--remove" not in arguments
    if status > 0 or destroyed:
        yield (
            "where the engine says `pulumi …`, run `sandbox …` instead: `pulumi` would use a stack of your own login"
        )
    if arguments[0] == "import" and status == 0 and "--preview-only" not in arguments:
        kept = "--protect=false" in arguments
        yield (
            "the imported resources are not protected: the next `sandbox up` deletes them unless the program declares "
            "them"
            if kept
            else "the imported resources are protected: `sandbox up` and `sandbox destroy` refuse to delete them until "
            "you run `sandbox state unprotect URN`. --protect=false imports without protection"
        )
        yield "declare them in the program with the same type and name; `sandbox cloud show ID` shows their values"


def main() -> None:
    """Entry point of the console script."""
    try:
        cli.main(standalone_mode=True)
    except REFUSALS as failure:
        click.secho(wrapped(f"sandbox: {failure}", sys.stderr), err=True, fg="red")
        sys.exit(1)
    except Exception as error:
        click.secho(wrapped(f"sandbox: {unforeseen(error)}", sys.stderr), err=True, fg="red")
        sys.exit(1)


if __name__ == "__main__":
    main()
