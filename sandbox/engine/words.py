"""The engine's commands, and what the sandbox knows about them."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Literal, cast

ACTIVE = frozenset({"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch"})
"""Engine commands that call providers."""

UPDATES = frozenset({"up", "update"})
PREVIEWS = frozenset({"preview", "pre"})
DESTROYS = frozenset({"destroy", "down", "dn"})
REFRESHES = frozenset({"refresh"})
IMPORTS = frozenset({"import"})

OF_A_STACK = ACTIVE | {"stack", "config", "state", "cancel", "logs"}
"""Engine commands that accept --stack. Other commands must not get the option."""

OF_NO_PROJECT = frozenset({"help", "version", "gen-completion"})
"""Engine commands that read neither a project nor a stack."""

COMMANDS = OF_A_STACK | {
    *("about", "api", "console", "convert", "deployment", "do", "env", "gen-completion", "help", "insights"),
    *("install", "login", "logout", "neo", "new", "org", "package", "plugin", "policy", "project", "schema"),
    *("template", "version", "whoami"),
    *("convert-trace", "gen-markdown", "replay-events", "view-trace"),
}
"""All commands of the pinned engine, as `pulumi help` lists them. The last line is for developers."""

_DEBUGGING = re.compile(r"-[a-z]*[dv].*|--(debug|verbose|logtostderr|logflow|event-log)(=.*)?", re.IGNORECASE)
"""Options with which the engine shows or stores debug messages."""

_STACK = re.compile(r"(--stack|-[defjyQ]*s)(=(?P<value>.*))?|-[defjyQ]*s(?P<attached>[^=].*)")
"""The option that names the stack. Letters before `s` are short options without a value."""

_DEBUGGING_VARIABLES = frozenset({"PULUMI_OPTION_DEBUG", "PULUMI_OPTION_VERBOSE", "PULUMI_OPTION_EVENT_LOG"})

QUIET = frozenset({"--json", "-j", "--help", "-h"})
"""Options that request other output than a page for a reader."""

ANSWERED = frozenset(
    {"--yes", "-y", "--skip-preview", "-f", "--preview-only", "--json", "-j", "--non-interactive"}
)
"""Options with which the engine asks no question, or writes for a program."""

_DETAILS = frozenset(
    {
        "--diff",
        "--show-config",
        "--show-full-output",
        "--show-reads",
        "--show-replacement-steps",
        "--show-sames",
    }
)
"""Options that ask for the engine's own lines. Source: `up --help`, `preview --help` and `destroy --help` of the pinned
engine."""

_NAME_THE_STACK = (("stack", "rm"), ("stack", "remove"), ("stack", "delete"), ("cancel",))
"""Commands whose argument is a stack. They refuse --stack beside it."""


def shows_debug_messages(arguments: list[str]) -> bool:
    """Whether the engine shows or stores the debug messages of a program. Otherwise it drops them."""
    return any(map(_DEBUGGING.fullmatch, arguments)) or not _DEBUGGING_VARIABLES.isdisjoint(os.environ)


def chosen_stack(arguments: Sequence[str]) -> str | None:
    """The stack that a command line names, with --stack, -s or as the command's argument."""
    for word, after in zip(arguments, [*arguments[1:], None], strict=True):
        if found := _STACK.fullmatch(word):
            own = found["value"] if found["value"] is not None else found["attached"]
            return after if own is None else own
    for words in _NAME_THE_STACK:
        named = [word for word in arguments[len(words) :] if not word.startswith("-")]
        if tuple(arguments[: len(words)]) == words and named:
            return named[0]
    return None


def refuses_stack(arguments: Sequence[str]) -> bool:
    """Whether a command refuses --stack, although others of its group accept it. Source: their --help."""
    several = (("stack", "ls"), ("stack", "list"), ("state", "move"), ("state", "upgrade"))
    return tuple(arguments) == ("state",) or tuple(arguments[:2]) in several


def names_a_stack(words: Sequence[str]) -> bool:
    """Whether an argument of the command is a stack."""
    return any(tuple(words[: len(each)]) == each for each in _NAME_THE_STACK)


def without_option(arguments: Iterable[str], option: str) -> tuple[list[str], str | None]:
    """The arguments without an option that has a value, and the value."""
    kept, named = list[str](), None
    words = iter(arguments)
    for word in words:
        name, given, value = word.partition("=")
        if name == option:
            named = value if given else next(words, "")
        else:
            kept.append(word)
    return kept, named


Extent = Literal["short", "brief", "whole"]
"""How much a page shows. brief: without what the summary of the stack says. whole: the engine's own output, and every
section of the report."""


def without_extent(arguments: list[str]) -> tuple[list[str], Extent]:
    """The arguments without the sandbox's own --brief and --verbose, and what they ask for.

    The engine's --verbose has a number, so it stays.
    """
    kept, extent = list[str](), cast(Extent, "short")
    for word, after in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--brief":
            extent = "brief"
        elif word == "--verbose" and not after.isdecimal():
            extent = "whole"
        else:
            kept.append(word)
    return kept, extent


def asks_for_details(arguments: Iterable[str]) -> bool:
    """Whether a command line asks for the engine's own lines about each resource."""
    return any(word.split("=")[0] in _DETAILS for word in arguments)


def is_for_a_program(arguments: Iterable[str]) -> bool:
    """Whether a command line asks for JSON, or only for help."""
    return any(word.split("=")[0] in QUIET for word in arguments)


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON. After `--` there are no options."""
    words = arguments[: arguments.index("--") if "--" in arguments else None]
    return bool({"--json", "--json=true", "-j"} & {*words})


def is_answered(arguments: Sequence[str]) -> bool:
    """Whether the engine asks no question, even on a terminal."""
    # `import -f` names a file. It is --skip-preview with all other commands.
    answers = ANSWERED - {"-f"} if arguments[0] in IMPORTS else ANSWERED
    return any(word.split("=")[0] in answers for word in arguments)
