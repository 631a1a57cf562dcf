"""`make up`: deploy the stack on the sandbox. Show check, plan and cost while the engine is installed."""

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from tools.entry import stack_named, start
from tools.sandbox_command import output_of, run_sandbox
from tools.system_tools import BIN

console = Console(highlight=False, soft_wrap=True)


def heading(text: str) -> None:
    """Print a heading for the next part."""
    console.print(f"\n[bold]{text}[/bold]")
    sys.stdout.flush()


def run(*words: str, given: str | None = None) -> int:
    """Run one of the project's commands on this terminal."""
    return subprocess.run([str(BIN / words[0]), *words[1:]], input=given, text=True, check=False).returncode


def engine_is_here() -> bool:
    """Whether the engine is installed."""
    return (
        subprocess.run(
            [str(BIN / "sandbox"), "engine", "--no-install"], capture_output=True, check=False
        ).returncode
        == 0
    )


def last_message(lines: list[str]) -> list[str]:
    """The sandbox's last message, with all its lines."""
    starts = [index for index, line in enumerate(lines) if line.startswith("sandbox: ")]
    return lines[starts[-1] :] if starts else lines


class EngineInstallation:
    """Installs the engine in the background, and prints the installer's messages as they arrive."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [str(BIN / "sandbox"), "engine"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None  # noqa: S101 - asked for above
        for line in self.process.stderr:
            self.said.append(line.rstrip())
            console.print(line.rstrip(), style="dim", markup=False)

    def stop(self) -> None:
        """Stop the installer. Its downloads and compiled packages are kept for the next time."""
        self.process.terminate()
        self.process.wait()

    def finish(self) -> int:
        """Wait for the installer. Returns its exit status."""
        status = self.process.wait()
        self.reader.join()
        if status:
            # The failure may be far above in the output, so it is repeated.
            console.print("\n".join(last_message(self.said)), style="red", markup=False)
        return status


def show_offline_parts(stack: str, *, cost: bool) -> int:
    """Show the settings check, the memory plan and, while the engine is installed, the cost. Returns the check's
    status."""
    heading(f"Settings of {stack}")
    status = run("playground", "check", stack)
    if status == 0:
        heading("Memory plan")
        run("playground", "plan", stack)
        if cost:
            heading("Cost")
            run("playground", "report", stack)
    return status


def changes_of(history: Sequence[Mapping[str, Any]], message: str) -> Mapping[str, int]:
    """The changes of the run with this message. Another run may have ended since."""
    mine = (entry for entry in history if entry.get("message") == message)
    return next(mine, {}).get("resourceChanges") or {}


def summarise(stack: str, message: str) -> int:
    """Print the summary at the end of `make up`."""
    history = json.loads(output_of("stack", "history", "--json", "--page-size", "20", "--stack", stack))
    changes = json.dumps(changes_of(history, message))
    exported = output_of("stack", "export", "--stack", stack)
    return run("playground", "summary", stack, "--changes", changes, given=exported)


def main() -> int:
    """Show check, plan and cost, which need no engine. Then run `up` and print the summary."""
    stack, verbose = stack_named("--verbose"), "--verbose" in sys.argv
    engine = None if engine_is_here() else EngineInstallation()
    status = show_offline_parts(stack, cost=engine is not None)
    if status:
        if engine:
            engine.stop()
        return status
    if engine and engine.finish():
        return 1
    heading(f"pulumi up of {stack} on the sandbox")
    # The summary shows what there is and what it costs.
    brief = [] if verbose else ["--brief"]
    message = f"make up {uuid.uuid4().hex[:8]}"
    up = [
        "up",
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        "--message",
        message,
        "--stack",
        stack,
        *brief,
    ]
    if run_sandbox(*up, verbose=verbose):
        return 1
    return summarise(stack, message)


if __name__ == "__main__":
    start(main)
