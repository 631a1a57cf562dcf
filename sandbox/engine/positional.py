"""The arguments of an engine command that belong to no option, such as `staging` after `preview`.

The engine takes none for these commands, except for `up`, where it is a template that it would download.
"""

import re
from collections.abc import Iterator, Sequence

from facts.problem import nearest
from sandbox.engine.words import DESTROYS, PREVIEWS, REFRESHES, UPDATES, without_extent

_TAKES_NONE = UPDATES | PREVIEWS | DESTROYS | REFRESHES

WITH_VALUE = frozenset(
    {
        *("--color", "--config", "--config-file", "--cwd", "--event-log", "--exclude", "--import-file"),
        *("--import-pending-creates", "--memprofilerate", "--message", "--otel-traces", "--override-env"),
        *("--parallel", "--policy-pack", "--policy-pack-config", "--profiling", "--replace", "--save-plan"),
        *("--plan", "--secrets-provider", "--stack", "--target", "--target-replace", "--tracing"),
        *("--tracing-header", "--verbose"),
    }
)
"""Options whose value may be the next word. Source: `up`, `preview`, `destroy` and `refresh --help` of the pinned
engine, and its hidden --plan and --event-log. `tests/engine` compares them."""

SHORT_WITH_VALUE = "Ccmpstvx"
"""The letters of those with a short form."""

_SHORT = re.compile(rf"-[^-{SHORT_WITH_VALUE}]*[{SHORT_WITH_VALUE}]")


class ArgumentError(Exception):
    """A command has an argument that it does not take, or an option lacks its value."""


def check_arguments(arguments: Sequence[str], stacks: Sequence[str]) -> None:
    """Raise ArgumentError for an argument that a command does not take, or for an option without its value.

    `stacks`: those with a config.
    """
    (word, *without), _ = without_extent([*arguments])
    if without and takes_next(without[-1]):
        raise ArgumentError(f"{without[-1]}: has no value. Write it after the option, with a space or a `=`")
    extra = next(positional(without), None) if word in _TAKES_NONE else None
    if extra is not None:
        known = extra if extra in stacks else nearest(extra, stacks)
        raise ArgumentError(
            f"{word} takes no argument {extra!r}. To name a stack, use the option: "
            f"sandbox {word} --stack {known or 'NAME'}"
        )


def positional(words: Sequence[str]) -> Iterator[str]:
    """The words that are neither options nor their values."""
    value = False
    for index, word in enumerate(words):
        if value:
            value = False
        elif word == "--":
            yield from words[index + 1 :]
            return
        elif word.startswith("-") and word != "-":
            value = takes_next(word)
        else:
            yield word


def takes_next(word: str) -> bool:
    """Whether the word is an option whose value is the next word."""
    return word in WITH_VALUE or _SHORT.fullmatch(word) is not None
