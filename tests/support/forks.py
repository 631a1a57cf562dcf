"""Runs commands of `playground` or `sandbox`, each in a fork of one process that has imported the program's modules.

Each line of the input is a command. Its answer is one line, the exit status. A fork does what the console script does.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

from genai_playground import commands
from tests.support.forked_programs import fork_programs, import_program
from tools.system_tools import BIN

APART = "sandbox.host.program"
"""This module is a program. The sandbox runs it as a process of its own."""


def main(program: str) -> None:
    """Answer commands until the input ends."""
    {"playground": import_playground, "sandbox": import_sandbox}[program]()
    # Otherwise a fork visits, and so copies, every object of this process.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        command = json.loads(line)
        ours = program == "sandbox" and runs_our_program(command)
        if ours:
            prepare()
        if not (fork := os.fork()):
            take(command, program)
            if ours:
                fork_programs()
            getattr(commands, program)()
            return
        _, status = os.waitpid(fork, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - it is the answer


def runs_our_program(command: dict[str, Any]) -> bool:
    """Whether the engine runs this repository's program in the command."""
    return command["words"][:1] != ["cloud"] and Path(command["folder"], "infra").is_symlink()


@cache
def prepare() -> None:
    """Import the program's modules once, before the first command that runs it."""
    import_program()
    gc.collect()
    gc.freeze()


def import_playground() -> None:
    """Import the modules of all commands, as the commands do."""
    from infra.commands import cli

    for name in cli.COMMANDS:
        assert cli.main.get_command(None, name)  # type: ignore[arg-type]


def import_sandbox() -> None:
    """Import all modules of the sandbox."""
    import sandbox

    for module in pkgutil.walk_packages(sandbox.__path__, "sandbox."):
        if module.name != APART:
            importlib.import_module(module.name)


def take(command: dict[str, Any], program: str) -> None:
    """Take over the words, folder, environment, output and time limit of a command."""
    os.environ.clear()
    os.environ.update(command["environment"])
    os.chdir(command["folder"])
    signal.alarm(command["seconds"])
    for number, path in enumerate((os.devnull, command["output"], command["errors"])):
        file = os.open(path, os.O_RDWR | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    sys.stdout = open(1, "w", closefd=False, encoding="utf-8", buffering=1 if os.isatty(1) else -1)  # noqa: SIM115
    sys.argv = [str(BIN / program), *command["words"]]


if __name__ == "__main__":
    main(sys.argv[1])
