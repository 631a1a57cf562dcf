"""One sandbox command, from its first check to its clean-up."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox.asking import AGREED, agreed, asks
from sandbox.engine.pin import Engine
from sandbox.engine.words import (
    DESTROYS,
    IMPORTS,
    PREVIEWS,
    REFRESHES,
    UPDATES,
    Extent,
    asks_for_details,
    asks_for_json,
    is_answered,
    is_for_a_program,
    shows_debug_messages,
    without_extent,
    without_option,
)
from sandbox.engine_process import EngineFailedError, EngineProcess, has_official_language_host
from sandbox.home import Home
from sandbox.recovery import Recovery
from sandbox.workspace import encrypted_paths, fault_of, known_stacks, lay_out, stack_file

Say = Callable[[str], None]

CONFIG_FILE = "--config-file"
"""The engine would write its encryption settings into the file that this option names, so it gets a copy instead."""

PLACEHOLDER_SECRET = "sandbox-placeholder"  # noqa: S105 - a placeholder


class UnknownStackError(Exception):
    """The stack has no config file."""


def _unknown(stack: str, known: Sequence[str]) -> str:
    file = f"Pulumi.{stack}.yaml"
    if not known:
        return f"--stack: {stack!r}; the project has no stack configs. Create {file}"
    copied = f"To create a new stack, copy a config: cp Pulumi.{known[-1]}.yaml {file}"
    return f"--stack: {stack!r}; must be one of {', '.join(known)}. {copied}"


@contextmanager
def alone(home: Home, say: Say) -> Iterator[int]:
    """Hold the run lock, which the engine inherits. Waits if another command holds it."""
    home.prepare()
    with home.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another sandbox command is running: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def forget_state(home: Home, say: Say) -> None:
    """Delete the state and config copies of all stacks. The caller also empties the cloud."""
    with alone(home, say):
        for folder in (home.state, home.workspace):
            shutil.rmtree(folder, ignore_errors=True)
        home.run_record.unlink(missing_ok=True)


def is_paged(arguments: list[str]) -> bool:
    """Whether a command's output is shown as a page, and not as the engine writes it.

    The engine itself must have the terminal if it asks a question there.
    """
    word = arguments[0]
    if word not in PREVIEWS | UPDATES | DESTROYS | REFRESHES | IMPORTS or is_for_a_program(arguments):
        return False
    asks_itself = sys.stdin.isatty() and sys.stdout.isatty() and not is_answered(arguments)
    return word in PREVIEWS or not (asks_itself or asks_for_details(arguments))


def without_project(engine: Engine, arguments: list[str]) -> int:
    """Run a command that reads neither a project nor a stack, such as one that asks for help: it works in any folder,
    and beside a command that runs."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder), Path(folder))
        home.prepare()
        return EngineProcess(engine, home).run(arguments)


@dataclass(frozen=True)
class Session:
    """The sandbox of one project, in which commands run."""

    home: Home
    engine: Engine
    say: Say
    refusals: list[str] = field(default_factory=list[str])
    """Why the engine failed without the JSON that it was asked for."""

    def passive(self, arguments: list[str], stack: str | None = None) -> int:
        """Run a command that calls no provider."""
        process = EngineProcess(self.engine, self.home)
        arguments, config = without_option(arguments, CONFIG_FILE)
        with alone(self.home, self.say) as lock:
            self._prepare(process, stack, config)
            return self._plainly(process, arguments, lock)

    def _plainly(self, process: EngineProcess, arguments: list[str], lock: int) -> int:
        """Run the engine with its own output."""
        if not asks_for_json(arguments):
            return process.run(arguments, locks=(lock,))
        status, refused = process.run_for_a_program(arguments, locks=(lock,))
        self.refusals.extend(each for each in (refused, self.home.note_on(refused)) if each)
        return status

    def active(self, arguments: list[str], stack: str) -> int:
        """Run a command against the stand-ins: up, preview, refresh, destroy, import."""
        # The servers load the SDK and gRPC, which take most of a second. Other commands do not need them.
        from sandbox.engine_servers import serve  # noqa: PLC0415

        arguments, extent = without_extent(arguments)
        arguments, config = without_option(arguments, CONFIG_FILE)
        debug = shows_debug_messages(arguments)
        with alone(self.home, self.say) as lock, serve(self.home, debug=debug) as servers:
            own_host = not has_official_language_host(self.engine)
            attached = servers.environment(own_language_host=own_host)
            process = EngineProcess(self.engine, self.home, attached)
            self._prepare(process, stack, config)
            show = partial(self._run, process, stack, lock, extent=extent)
            word, recovery = arguments[0], self._recovery(process)
            mine = recovery if recovery is not None and recovery.stack == stack else None
            if recovery is not None:
                recovery.begin(keep=mine is not None and word in UPDATES | PREVIEWS)
            if recovery is not None and mine is None:
                self.home.run_record.unlink()
            if mine is not None and word in PREVIEWS:
                return show(arguments)
            told = word in UPDATES | REFRESHES | IMPORTS | DESTROYS and asks(arguments)
            if told:
                ended = agreed(show, arguments)
                if ended is not None:
                    return self._not_begun(ended, stack)
                arguments = [*arguments, *AGREED]
            self._record(stack)
            status = show(arguments, told=told)
            if mine is not None and word in UPDATES and status >= 0:
                mine.take_back()
            return self._finished(status)

    def _not_begun(self, status: int, stack: str) -> int:
        """After a no or a failed preview nothing has changed. After a killed preview the next command recovers."""
        if status < 0:
            self._record(stack)
        return status

    def _finished(self, status: int) -> int:
        """Remove the run record, unless the engine was killed: with the record, the next command recovers."""
        if status >= 0:
            self.home.run_record.unlink(missing_ok=True)
        return status

    def _recovery(self, process: EngineProcess) -> Recovery | None:
        interrupted = self._interrupted_stack()
        return Recovery(process, self.home, interrupted, self.say) if interrupted else None

    def _run(
        self,
        process: EngineProcess,
        stack: str,
        lock: int,
        arguments: list[str],
        *,
        extent: Extent,
        told: bool = False,
    ) -> int:
        """Run the engine. `told`: whether a preview has shown the report."""
        if not is_paged(arguments):
            return self._plainly(process, arguments, lock)
        # A page needs the cloud's rules and the report. Other commands do not.
        from sandbox.engine_page import Page  # noqa: PLC0415

        return Page(process, arguments, stack, locks=(lock,), extent=extent, told=told).run()

    def _prepare(self, process: EngineProcess, stack: str | None, config: str | None) -> None:
        if stack is None:
            lay_out(self.home)
            return
        known = known_stacks(self.home.project)
        if stack not in known:
            raise UnknownStackError(_unknown(stack, known))
        file = Path(config) if config else stack_file(self.home.project, stack)
        lay_out(self.home, stack, file)
        if not process.has_stack(stack):
            try:
                process.ask(["stack", "init", stack, "--no-select"])
            except EngineFailedError as refused:
                raise fault_of(file) or refused from None
        for path in encrypted_paths(file):
            process.ask(["config", "set", "--secret", "--path", path, PLACEHOLDER_SECRET, "--stack", stack])
            self.say(f"{path} is encrypted for the real stack: the sandbox uses a placeholder")

    def _interrupted_stack(self) -> str | None:
        """The stack of an interrupted command, or None. The caller holds the lock, so no command is running."""
        if not self.home.run_record.exists():
            return None
        try:
            record: dict[str, Any] = json.loads(self.home.run_record.read_text())
        except json.JSONDecodeError:
            return None
        return str(record["stack"])

    def _record(self, stack: str) -> None:
        scratch = self.home.run_record.with_suffix(".new")
        scratch.write_text(json.dumps({"stack": stack, "pid": os.getpid()}))
        scratch.replace(self.home.run_record)
