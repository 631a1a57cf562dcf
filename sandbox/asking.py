"""`sandbox up` on a terminal: the sandbox's preview and one question, in place of the engine's own.

The engine asks below its own output, where what a change loses would be said too late.
"""

import sys
from collections.abc import Sequence

import click

from sandbox.engine_process import EngineProcess
from sandbox.preview import preview

_ANSWERED = frozenset({"--yes", "-y", "--skip-preview", "-f", "--json", "-j", "--non-interactive"})
"""Words with which the engine asks nothing, or speaks to a program."""

_OF_UP_ALONE = frozenset({"--continue-on-error", "--strict"})
"""Words without a value that `up` has and `preview` has not, and that change nothing in a preview. Source: the `--help`
of both in the pinned engine."""

_NOT_FOR_A_PREVIEW = frozenset({"--secrets-provider"})
"""Words with a value that only `up` has: the engine then asks by itself."""

DECLINED = 1
"""The exit status after a no."""


def asks(arguments: Sequence[str]) -> bool:
    """Whether an update would stop for a question, on a terminal."""
    named = {word.split("=")[0] for word in arguments}
    return not named & (_ANSWERED | _NOT_FOR_A_PREVIEW) and sys.stdin.isatty() and sys.stdout.isatty()


def ask_and_update(process: EngineProcess, arguments: Sequence[str], locks: tuple[int, ...]) -> int:
    """Preview, ask, update; the exit status of what ended it, DECLINED after a no."""
    word, *rest = arguments
    shown = preview(process, ["preview", *(each for each in rest if each not in _OF_UP_ALONE)], locks)
    if shown:
        return shown
    if not _agreed():
        click.secho("sandbox: nothing was changed", err=True)
        return DECLINED
    return process.run([word, *rest, "--skip-preview", "--yes"], locks=locks)


def _agreed() -> bool:
    try:
        return click.confirm("Perform this update?")
    except click.Abort:
        # Ctrl-C and an end of the input are a no; the command still has to end in order.
        return False
