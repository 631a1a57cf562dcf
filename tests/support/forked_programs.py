"""Runs this repository's program in forks of a process that has imported what the program imports.

Half of a run of the program is its imports. Programs of other projects, and commands that a test starts as a process of
their own, run as the sandbox starts them.
"""

import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from sandbox.host import language, program

OURS = ("infra", "components", "facts", "serving", "report", "pulumi", "pydantic")
"""The packages of the program."""

STACK = "prod"
"""The forked process has imported what this stack uses. A program that uses more imports it itself."""

SDKS = ("pulumi_oci", "pulumi_kubernetes")

MESSAGE = 1 << 20


def import_program() -> None:
    """Import the modules that the program imports for STACK. Another fork runs it, so this process keeps no state."""
    reading, writing = os.pipe()
    if not (fork := os.fork()):
        os.close(reading)
        with os.fdopen(writing, "w") as answer:
            json.dump(_imported_by_the_stack(), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        names: list[str] = json.load(answer)
    os.waitpid(fork, 0)
    for name in names:
        _import(name)


def _imported_by_the_stack() -> list[str]:
    from infra.loading import sdk_on_demand

    sdk_on_demand.install()
    from infra.offline.run import run_offline
    from infra.project.stackfile import read_stack_file
    from tests.infra.snapshots import file_of

    run_offline(read_stack_file(STACK, file_of(STACK)), STACK)
    return [name for name in sys.modules if name.startswith(OURS) and not name.startswith("infra.offline")]


def _import(name: str) -> None:
    package, _, last = name.rpartition(".")
    if package.startswith(SDKS):
        # A package of an SDK, loaded lazily, gives a class of a module's name in place of the module.
        getattr(importlib.import_module(package), last, None)
    if name not in sys.modules:
        importlib.import_module(name)


def fork_programs() -> None:
    """Let the language host of this process start programs as forks of a new process."""
    asks, takes = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if not (pid := os.fork()):
        asks.close()
        _answer(takes)
        os._exit(0)
    takes.close()

    def end() -> None:
        asks.close()
        os.waitpid(pid, 0)

    atexit.register(end)
    language.subprocess = _Subprocess(asks)  # type: ignore[assignment]


class _Subprocess:
    """Takes the place of the module for the language host."""

    PIPE, TimeoutExpired = subprocess.PIPE, subprocess.TimeoutExpired

    def __init__(self, asks: socket.socket) -> None:
        self._asks = asks

    def Popen(self, words: list[str], *, env: dict[str, str], **options: Any) -> Any:
        if Path(words[0]).parent.parent == Path(sys.prefix):
            return _Program(self._asks, env)
        return subprocess.Popen(words, env=env, **options)


class _Program:
    """A program in a fork, with the interface of a process."""

    def __init__(self, asks: socket.socket, environment: dict[str, str]) -> None:
        (theirs_in, ours_in), (ours_out, theirs_out), (ours_err, theirs_err) = (os.pipe() for _ in range(3))
        theirs = (theirs_in, theirs_out, theirs_err)
        socket.send_fds(asks, [json.dumps(environment).encode()], theirs)
        for each in theirs:
            os.close(each)
        self.stdin = os.fdopen(ours_in, "w", encoding="utf-8")
        self.stdout, self.stderr = (
            os.fdopen(each, encoding="utf-8", errors="replace") for each in (ours_out, ours_err)
        )
        self._pid = int(asks.recv(MESSAGE))
        self._status: int | None = None
        self._waiter = threading.Thread(target=self._wait, args=(asks,), daemon=True)
        self._waiter.start()

    def _wait(self, asks: socket.socket) -> None:
        self._status = int(asks.recv(MESSAGE))

    def poll(self) -> int | None:
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        self._waiter.join(timeout)
        if self._status is None:
            raise subprocess.TimeoutExpired("program", timeout or 0)
        return self._status

    def terminate(self) -> None:
        os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)


def _answer(takes: socket.socket) -> None:
    """Run one program after the other, each in a fork, until the command ends."""
    while True:
        text, files, _, _ = socket.recv_fds(takes, MESSAGE, 3)
        if not text:
            return
        if not (fork := os.fork()):
            takes.close()
            _become_program(json.loads(text), files)
        for file in files:
            os.close(file)
        takes.send(str(fork).encode())
        takes.send(str(os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])).encode())


def _become_program(environment: dict[str, str], files: list[int]) -> None:
    """Do what the sandbox's own host does: standard files, variables and session of the program, then its main."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = os.fdopen(0, closefd=False, encoding="utf-8")
    sys.stdout, sys.stderr = (_unbuffered(number) for number in (1, 2))
    try:
        program.main()
    finally:
        os._exit(1)


def _unbuffered(number: int) -> TextIOWrapper:
    """As `python -u` opens it."""
    return TextIOWrapper(os.fdopen(number, "wb", 0, closefd=False), "utf-8", write_through=True)
