"""The arguments of an engine command that belong to no option, such as `staging` after `preview`.

The engine takes none for most commands, except for `up`, where it is a template that it would download. It answers a
wrong number of them with a page about all its options.
"""

import re
from collections.abc import Iterator, Sequence

from facts.problem import nearest
from sandbox.engine.words import (
    DESTROYS,
    IMPORTS,
    PREVIEWS,
    REFRESHES,
    UPDATES,
    chosen_stack,
    names_a_stack,
    without_extent,
)

_TAKE_NONE = frozenset((word,) for word in UPDATES | PREVIEWS | DESTROYS | REFRESHES) | {
    ("stack", "export"),
    ("stack", "import"),
    ("stack", "history"),
    ("stack", "hist"),
    ("logs",),
}

_IMPORT_FILES = frozenset({"-f", "--file", "--from"})

_OF_AN_IMPORT = 3
"""An import without a file has a type, a name and an id."""

_WITH_COMMANDS = frozenset({"config", "stack", "state"})

WITH_VALUE = frozenset(
    {
        *("--color", "--config", "--config-file", "--cwd", "--event-log", "--exclude", "--import-file"),
        *("--import-pending-creates", "--memprofilerate", "--message", "--otel-traces", "--override-env"),
        *("--parallel", "--policy-pack", "--policy-pack-config", "--profiling", "--replace", "--save-plan"),
        *("--plan", "--secrets-provider", "--stack", "--target", "--target-replace", "--tracing"),
        *("--tracing-header", "--verbose"),
        *(
            "--dependency-edge-color",
            "--dot-fragment",
            "--file",
            "--from",
            "--generate-resources",
            "--out",
            "--output",
        ),
        *(
            "--page",
            "--page-size",
            "--parent",
            "--parent-edge-color",
            "--properties",
            "--provider",
            "--version",
        ),
    }
)
"""Options whose value may be the next word. Source: the `--help` of the pinned engine's commands with a stack, and its
hidden --plan and --event-log. The tests compare them."""

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
    if (stack := chosen_stack(arguments)) is not None and (not stack or stack.startswith("-")):
        raise ArgumentError(
            f"--stack: {stack!r}; must be the name of a stack. A variable on the command line may not be set"
        )
    words = (word, *positional(without))
    if names_a_stack(words):
        return
    command = words[:1] if words[0] not in _WITH_COMMANDS else words[:2]
    extra = _extra(words, command, stacks)
    if extra is not None:
        known = extra if extra in stacks else nearest(extra, stacks)
        # The word after `stack` or `config` may itself be the stack.
        meant = " ".join(command[:1] if extra in command[1:] else command)
        raise ArgumentError(
            f"{meant} takes no argument {extra!r}. To name a stack, use the option: "
            f"`sandbox {meant} --stack {known or 'NAME'}`"
        )
    _check_missing(words, without)


def _extra(words: tuple[str, ...], command: tuple[str, ...], stacks: Sequence[str]) -> str | None:
    """The first argument that the command does not take."""
    others = words[len(command) :]
    if command in _TAKE_NONE:
        return next(iter(others), None)
    # Arguments of other commands may have the name of a stack: those of `import` or `stack tag set`.
    meant = [*command[1:], *(others if command == ("stack", "output") else ())]
    return next((each for each in meant if each in stacks), None)


def _check_missing(words: tuple[str, ...], options: Sequence[str]) -> None:
    has_file = any(each.partition("=")[0] in _IMPORT_FILES for each in options)
    if words[0] in IMPORTS and len(words) <= _OF_AN_IMPORT and not has_file:
        raise ArgumentError(
            "import needs a type, a name and an id, or a file: `sandbox import oci:Core/vcn:Vcn NAME OCID`, or "
            "`sandbox import --file FILE`"
        )
    if words == ("stack", "graph"):
        raise ArgumentError("stack graph needs a file to write: `sandbox stack graph FILE`")


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
