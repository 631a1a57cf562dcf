"""`sandbox up` on a terminal: the sandbox's preview and one question, in place of the engine's own.

The engine asks below its own output, where what a change loses would be said too late.
"""

import sys
from collections.abc import Sequence

import click

from sandbox.engine_process import EngineProcess

_ANSWERED = frozenset({"--yes", "-y", "--skip-preview", "-f", "--json", "-j", "--non-interactive"})
"""Words with which the engine asks nothing, or speaks to a program."""

_OF_UP_ALONE = frozenset({"--continue-on-error"})
"""Words without a value that `up` has and `preview` has not, and that change nothing in a preview. Source: the `--help`
of both in the pinned engine."""

_NOT_FOR_A_PREVIEW = frozenset({"--secrets-provider", "--strict"})
"""Words with which the engine asks by itself: the first has a value and belongs to `up` alone, and the engine refuses
the second beside --skip-preview. Source: `up --help` and cmd/pulumi/operations/up.go of the pinned engine."""

AGREED = ("--skip-preview", "--yes")
"""What an update is run with after a yes."""

DECLINED = 1
"""The exit status after a no."""


def asks(arguments: Sequence[str]) -> bool:
    """Whether the sandbox asks before this update, on a terminal, in place of the engine."""
    named = {word.split("=")[0] for word in arguments}
    return not named & (_ANSWERED | _NOT_FOR_A_PREVIEW) and sys.stdin.isatty() and sys.stdout.isatty()


def agreed(process: EngineProcess, arguments: Sequence[str], locks: tuple[int, ...]) -> int | None:
    """Preview an update and ask; None after a yes, else the exit status: the preview's, or DECLINED after a no."""
    # The preview loads the cloud's rules, which a command line that asks nothing does without.
    from sandbox.preview import preview  # noqa: PLC0415

    rest = (each for each in arguments[1:] if each not in _OF_UP_ALONE)
    shown = preview(process, ["preview", *rest], locks)
    if shown:
        return shown
    if not _said_yes():
        click.secho("sandbox: nothing was changed", err=True)
        return DECLINED
    return None


def _said_yes() -> bool:
    try:
        return click.confirm("Perform this update?")
    except click.Abort:
        # Ctrl-C and an end of the input are a no; the command still has to end in order.
        return False
