"""Runs the engine's command line with the sandbox's own home, state and passphrase instead of the user's."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import click

from sandbox.engine.pin import Engine
from sandbox.home import Home
from sandbox.variables import AT_THE_END, BACKEND, checkpoints

PASSED_ON = ("PULUMI_PARALLEL", "PULUMI_PARALLEL_DIFF", "PULUMI_OPTION_", "PULUMI_EXPERIMENTAL")
"""The user's engine variables that the sandbox keeps: they only change how the engine works."""

_OTHER_PROJECT = ("PULUMI_OPTION_CWD", "PULUMI_OPTION_STACK")
"""The sandbox runs the project of the current folder, and names the stack of each command."""


MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit for the size of a gRPC message."""

TICK_SECONDS = 0.3


def has_official_language_host(engine: Engine) -> bool:
    """Whether Pulumi's own Python host is installed beside the engine or on PATH."""
    name = "pulumi-language-python"
    return (engine.path.parent / name).exists() or shutil.which(name) is not None


def engine_environment(home: Home) -> dict[str, str]:
    """The variables of the engine and of the program: the sandbox's own replace the user's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PULUMI_", "OCI_", "TF_VAR_", "KUBE"))
        or (name.startswith(PASSED_ON) and name not in _OTHER_PROJECT)
    }
    return kept | {
        "PULUMI_HOME": str(home.plugins),
        "PULUMI_BACKEND_URL": os.environ.get(BACKEND) or f"file://{home.state}",
        "PULUMI_SKIP_CHECKPOINTS": str(checkpoints() == AT_THE_END).lower(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home.passphrase),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The engine accepts --event-log only with its debugging commands.
        "PULUMI_DEBUG_COMMANDS": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_ERROR_OUTPUT_STRING": "1",
        "SANDBOX": "1",
        "SANDBOX_HOME": str(home.folder),
        # Programs beside the sandbox's commands are found too, after those on the user's PATH.
        "PATH": os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)]),
    }


@dataclass(frozen=True)
class EngineProcess:
    """One engine in one sandbox. `attached` contains the variables that make it use the stand-ins."""

    engine: Engine
    home: Home
    attached: dict[str, str] = field(default_factory=dict[str, str])

    def environment(self) -> dict[str, str]:
        """The variables of every engine process."""
        return {**engine_environment(self.home), **self.attached}

    def run(
        self,
        arguments: list[str],
        *,
        locks: tuple[int, ...] = (),
        output: IO[bytes] | None = None,
        errors: IO[bytes] | None = None,
        tick: Callable[[], None] = lambda: None,
    ) -> int:
        """Run the engine on the user's terminal, or with its output in files, and return its exit status.

        `tick` is called about three times a second while the engine runs.

        The terminal sends Ctrl-C to the engine too, and the engine then stops in order: this function waits for it.
        The engine inherits `locks`. If the sandbox is killed, they stay locked until the engine has ended.
        """
        with subprocess.Popen(
            self._command(arguments),
            cwd=self.home.workspace,
            env=self.environment(),
            pass_fds=locks,
            stdout=output,
            stderr=errors,
        ) as process:
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            ended = signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
            try:
                return _waited(process, tick)
            finally:
                signal.signal(signal.SIGINT, before)
                signal.signal(signal.SIGTERM, ended)

    def run_for_a_program(self, arguments: list[str], *, locks: tuple[int, ...] = ()) -> tuple[int, str]:
        """Run the engine with its JSON on standard output. Returns its exit status, and why it failed without JSON."""
        with TemporaryFile() as output, TemporaryFile() as errors:
            shown = _Shown(output)
            status = self.run(arguments, locks=locks, output=output, errors=errors, tick=shown.rest)
            shown.rest()
            errors.seek(0)
            said = errors.read().decode(errors="replace")
        if status > 0 and not shown.seen:
            return status, said.strip().removeprefix("error: ") or f"the engine ended with status {status}"
        click.echo(said, err=True, nl=False)
        return status, ""

    def ask(self, arguments: list[str], *, check: bool = True) -> str:
        """Run the engine without a terminal and return its output. Raises EngineFailedError with its message."""
        done = subprocess.run(
            self._command(["--non-interactive", *arguments]),
            cwd=self.home.workspace,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode != 0:
            raise EngineFailedError(arguments, done.stderr.strip() or done.stdout.strip())
        return done.stdout

    def has_stack(self, stack: str) -> bool:
        """Whether a stack has state. The engine, which takes a third of a second, is only asked if no file shows it."""
        project = json.loads((self.home.workspace / "Pulumi.yaml").read_text(encoding="utf-8")).get("name")
        file = self.home.state / ".pulumi" / "stacks" / str(project) / f"{stack}.json"
        return (not os.environ.get(BACKEND) and file.is_file()) or stack in self.stacks()

    def stacks(self) -> set[str]:
        """The stacks that have state."""
        listed: list[dict[str, Any]] = json.loads(self.ask(["stack", "ls", "--json"]) or "[]")
        return {stack["name"].rsplit("/", 1)[-1] for stack in listed}

    def _command(self, arguments: list[str]) -> list[str]:
        return [str(self.engine.path), *arguments]


@dataclass
class _Shown:
    """Passes on what a process writes into a file, while it writes."""

    file: IO[bytes]
    seen: int = 0

    def rest(self) -> None:
        size = os.fstat(self.file.fileno()).st_size
        if size > self.seen:
            # The process writes at the file's own position.
            more = os.pread(self.file.fileno(), size - self.seen, self.seen)
            self.seen = size
            try:
                click.echo(more, nl=False)
            except BrokenPipeError:
                # The reader has enough. The engine must still end in order, and so must the sandbox.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _waited(process: "subprocess.Popen[bytes]", tick: Callable[[], None]) -> int:
    while True:
        try:
            return process.wait(TICK_SECONDS)
        except subprocess.TimeoutExpired:
            tick()


class EngineFailedError(Exception):
    """The engine refused a command that the sandbox itself runs."""

    def __init__(self, arguments: list[str], said: str) -> None:
        super().__init__(f"pulumi {' '.join(arguments)} failed:\n{said}")
