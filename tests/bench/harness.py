"""A project on the real engine with chosen providers. This process runs and times the commands."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.engine.find import obtain_engine
from sandbox.engine_process import EngineProcess
from sandbox.engine_servers import Providers, serve
from sandbox.home import Home
from sandbox.workspace import lay_out

STACK = "bench"


def write_project(folder: Path, program: str, config: str = "config: {}\n") -> None:
    """A project with one program."""
    (folder / "program").mkdir(parents=True, exist_ok=True)
    runtime = f"{{name: python, options: {{virtualenv: {sys.prefix}}}}}"
    (folder / "Pulumi.yaml").write_text(f"name: genai-playground\nmain: program\nruntime: {runtime}\n")
    (folder / f"Pulumi.{STACK}.yaml").write_text(config)
    (folder / "program" / "__main__.py").write_text(program)


def link_repository(folder: Path, repository: Path, stack: str) -> None:
    """The repository's own program and one of its stack files, under the stack name of the bench."""
    folder.mkdir(parents=True)
    (folder / "infra").symlink_to(repository / "infra")
    project = (repository / "Pulumi.yaml").read_text()
    (folder / "Pulumi.yaml").write_text(project.replace("virtualenv: .venv", f"virtualenv: {sys.prefix}"))
    (folder / f"Pulumi.{STACK}.yaml").write_text((repository / f"Pulumi.{stack}.yaml").read_text())


@contextmanager
def engine_on(folder: Path, providers: Callable[[Home], Providers] | None = None) -> Iterator[EngineProcess]:
    """The engine for a project, attached to the sandbox's stand-ins or to other providers."""
    home = Home(folder / "home", folder)
    home.prepare()
    lay_out(home, STACK)
    engine = obtain_engine(print)
    with serve(home, providers) if providers else serve(home) as servers:
        process = EngineProcess(engine, home, servers.environment(own_language_host=True))
        if STACK not in process.stacks():
            process.ask(["stack", "init", STACK, "--no-select"])
        yield process


def seconds(process: EngineProcess, *words: str) -> float:
    """Wall-clock seconds of one engine command."""
    begun = time.perf_counter()
    process.ask([*words, "--stack", STACK])
    return time.perf_counter() - begun


def preview_seconds(process: EngineProcess) -> float:
    """Seconds of one preview."""
    return seconds(process, "preview")


def up_seconds(process: EngineProcess) -> float:
    """Seconds of one `up` without a preview."""
    return seconds(process, "up", "--yes", "--skip-preview")
