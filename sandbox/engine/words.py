"""The engine's commands, and what the sandbox knows about them."""

import os
import re

ACTIVE = frozenset({"up", "update", "preview", "pre", "refresh", "destroy", "down", "dn", "import", "watch"})
"""Engine commands that call providers."""

OF_A_STACK = ACTIVE | {"stack", "config", "state", "cancel", "logs"}
"""Engine commands that accept --stack. Other commands must not get the option."""

COMMANDS = OF_A_STACK | {
    *("about", "api", "console", "convert", "deployment", "do", "env", "gen-completion", "help", "insights"),
    *("install", "login", "logout", "neo", "new", "org", "package", "plugin", "policy", "project", "schema"),
    *("template", "version", "whoami"),
    *("convert-trace", "gen-markdown", "replay-events", "view-trace"),
}
"""All commands of the pinned engine, as `pulumi help` lists them. The last line is for developers."""

_DEBUGGING = re.compile(r"-[a-z]*[dv].*|--(debug|verbose|logtostderr|logflow|event-log)(=.*)?", re.IGNORECASE)
"""Options with which the engine shows or stores debug messages."""

_DEBUGGING_VARIABLES = frozenset({"PULUMI_OPTION_DEBUG", "PULUMI_OPTION_VERBOSE", "PULUMI_OPTION_EVENT_LOG"})

_NAME_THE_STACK = (["stack", "rm"], ["cancel"])
"""Commands whose argument is a stack. They refuse --stack beside it."""


def shows_debug_messages(arguments: list[str]) -> bool:
    """Whether the engine shows or stores the debug messages of a program. Otherwise it drops them."""
    return any(map(_DEBUGGING.fullmatch, arguments)) or not _DEBUGGING_VARIABLES.isdisjoint(os.environ)


def chosen_stack(arguments: list[str]) -> str | None:
    """The stack that a command line names, with --stack, -s or as the command's argument."""
    for index, word in enumerate(arguments):
        if word in ("--stack", "-s") and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith("--stack="):
            return word.partition("=")[2]
    for words in _NAME_THE_STACK:
        named = [word for word in arguments[len(words) :] if not word.startswith("-")]
        if arguments[: len(words)] == words and named:
            return named[0]
    return None
