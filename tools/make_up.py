"""`make up`: the stack on the sandbox, with something to read while the engine is being had."""

import subprocess
import sys
import threading
from pathlib import Path

from rich.console import Console

BIN = Path(sys.executable).parent
console = Console(highlight=False)


def heading(text: str) -> None:
    """A line that says what comes next."""
    console.print(f"\n[bold]{text}[/bold]")


def run(*words: str) -> int:
    """Run one of the project's commands on this terminal."""
    return subprocess.run([str(BIN / words[0]), *words[1:]], check=False).returncode


def get_engine() -> "subprocess.Popen[str]":
    """Start getting the engine; what it says is held back and shown in between."""
    return subprocess.Popen(
        [str(BIN / "sandbox"), "engine"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


class Progress:
    """Shows what the engine's installer says as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said: list[str] = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        assert self.process.stderr is not None  # noqa: S101 - asked for in get_engine
        for line in self.process.stderr:
            self.said.append(line.rstrip())
            console.print(f"[dim]{line.rstrip()}[/dim]", markup=True)

    def finish(self) -> int:
        """Wait for the engine; its exit status."""
        status = self.process.wait()
        self.thread.join()
        return status


def main() -> int:
    """Check, plan and price without an engine; then up; then the summary."""
    stack = sys.argv[1] if len(sys.argv) > 1 else "staging"
    engine = Progress(get_engine())
    heading(f"Settings of {stack}")
    if run("playground", "check", stack):
        engine.process.terminate()
        return 1
    heading("Memory plan")
    run("playground", "plan", "--stack", stack)
    heading("Cost, before anything is built")
    run("playground", "report", stack)
    if engine.finish():
        return 1
    heading(f"pulumi up of {stack} on the sandbox")
    if run("sandbox", "up", "--yes", "--skip-preview", "--stack", stack):
        return 1
    return run("playground", "summary", stack)


if __name__ == "__main__":
    sys.exit(main())
