"""Commands on a terminal that change something: the sandbox's preview and question replace the engine's own.

The engine asks below its own output. There, the sandbox's warnings about losses would come too late.
"""

import sys
from collections.abc import Callable, Sequence

import click

from sandbox.engine.words import DESTROYS, UPDATES, is_answered

_OF_UP_ALONE = frozenset({"--continue-on-error"})
"""Options without a value that only `up` has, and that do not change a preview. Source: the `--help` of both commands
in the pinned engine."""

_NOT_FOR_A_PREVIEW = frozenset({"--secrets-provider", "--strict"})
"""Options with which the engine asks its own question. The first has a value and exists only in `up`. The engine
refuses the second together with --skip-preview. Source: `up --help` and cmd/pulumi/operations/up.go of the pinned
engine."""

AGREED = ("--skip-preview", "--yes")
"""Options of the update after the user has said yes."""

DECLINED = 1
"""The exit status after the user has said no."""


def asks(arguments: Sequence[str]) -> bool:
    """Whether the sandbox asks before this command instead of the engine. It does so only on a terminal."""
    named = {word.split("=")[0] for word in arguments}
    return (
        not is_answered(arguments)
        and not named & _NOT_FOR_A_PREVIEW
        and sys.stdin.isatty()
        and sys.stdout.isatty()
    )


def agreed(preview: Callable[[list[str]], int], arguments: Sequence[str]) -> int | None:
    """Preview a command and ask. None after a yes, DECLINED after a no; the preview's exit status if it failed.

    `preview` runs the engine's preview with these words and shows it.
    """
    word, *others = arguments
    if word in UPDATES:
        shown = preview(["preview", *(each for each in others if each not in _OF_UP_ALONE)])
    else:
        shown = preview([*arguments, "--preview-only"])
    if shown:
        return shown
    if not _said_yes("update" if word in UPDATES else "destroy" if word in DESTROYS else word):
        click.secho("sandbox: nothing was changed", err=True)
        return DECLINED
    return None


def _said_yes(word: str) -> bool:
    try:
        return click.confirm(f"Perform this {word}?")
    except click.Abort:
        # Ctrl-C and the end of the input mean no. The command must still end in order.
        return False
