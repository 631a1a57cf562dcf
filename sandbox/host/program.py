"""Runs the user's program once, in a new process that the language host starts.

The settings of the run are one JSON line on standard input, so that no secret is in an argument list.

The process uses the program's environment, in which the sandbox may not be installed. So this module imports nothing
from the sandbox.
"""

import asyncio
import json
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

# Python puts the folder of a script first on the path. The program must not see this folder's files.
sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]

try:
    import grpc
    import pulumi
    from pulumi.runtime import reset_options, run_in_stack, set_all_config, stack
    from pulumi.runtime.settings import SETTINGS
except ModuleNotFoundError as missing:
    sys.exit(
        f"the program's environment {sys.prefix} does not contain {missing.name}: install `pulumi` there"
    )

FAILED_AND_SAID_SO = 32
"""The exit status that tells the language host that the user has already seen the error."""


@dataclass(frozen=True)
class ProgramRun:
    """The engine's settings for one run."""

    monitor_address: str
    engine_address: str
    project: str
    stack: str
    organization: str
    root_directory: str
    program_directory: str
    entry_point: str
    parallel: int
    dry_run: bool
    debug: bool
    config: dict[str, str] = field(default_factory=dict[str, str])
    secret_keys: list[str] = field(default_factory=list[str])

    def to_line(self) -> str:
        """The run as the line that `main` reads."""
        return json.dumps(asdict(self)) + "\n"


def entry_file(directory: Path, entry_point: str) -> str:
    """The file to run: the entry point, or the __main__.py in it if it is a folder."""
    entry = directory / entry_point
    return str(entry / "__main__.py" if entry.is_dir() else entry)


def own_traceback(failure: BaseException, program_directory: str) -> str:
    """The program's traceback, without the frames of the host and of runpy.

    If no frame belongs to the program (a call that failed after its last line, a syntax error), only the message.
    """
    shown = traceback.TracebackException.from_exception(failure)
    for index, frame in enumerate(shown.stack):
        if frame.filename.startswith(program_directory):
            shown.stack = traceback.StackSummary.from_list(shown.stack[index:])
            return "".join(shown.format())
    return "".join(shown.format_exception_only())


def run_program(run: ProgramRun) -> int:
    """Run the program to its end, and return the exit status for the process."""
    _tell_the_sdk(run)
    _wait_for_many_outputs()
    # The engine sees the program through a link. A traceback should show the user's own path.
    directory = str(Path(run.program_directory).resolve())
    os.chdir(directory)
    sys.path.insert(0, directory)
    path = entry_file(Path(directory), run.entry_point)
    sys.argv = [path]
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(run.parallel, 1) * 4))

    def program() -> "Awaitable[None] | None":
        runpy.run_path(path, run_name="__main__")
        return None

    try:
        loop.run_until_complete(run_in_stack(program))
    except pulumi.RunError as refusal:
        pulumi.log.error(str(refusal))
    except grpc.RpcError as failure:
        # When a run is cancelled, the engine closes the connection first. The user need not see that.
        if failure.code() != grpc.StatusCode.UNAVAILABLE:
            pulumi.log.error(f"the engine refused a call: {failure.details()}")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(bool(leave.code))
    except KeyboardInterrupt:
        return 1
    except BaseException as failure:
        pulumi.log.error(f"the program failed:\n{own_traceback(failure, directory)}")
    else:
        return 0
    finally:
        _settle(loop)
    return FAILED_AND_SAID_SO


def _tell_the_sdk(run: ProgramRun) -> None:
    reset_options(
        project=run.project,
        stack=run.stack,
        root_directory=run.root_directory,
        parallel=run.parallel,
        engine_address=run.engine_address,
        monitor_address=run.monitor_address,
        preview=run.dry_run,
        organization=run.organization,
    )
    set_all_config(run.config, run.secret_keys)
    if not run.debug:
        # Each message is a call that the program waits for. A stack has thousands, and the engine would drop them.
        pulumi.log.debug = lambda *_, **__: None


def _outputs() -> "list[asyncio.Task[object]]":
    return list(SETTINGS.outputs)  # pyright: ignore[reportAttributeAccessIssue] - the SDK's own property


def _wait_for_many_outputs() -> None:
    """Let the SDK wait for all outputs at once before it waits for each.

    It wakes up for each of a thousand outputs and checks all of them again, so its time grows with their square.
    """
    wait_for_each = stack.wait_for_rpcs

    async def wait(*words: bool, **options: bool) -> None:
        failed = False
        while not failed and (waiting := [each for each in _outputs() if not each.done()]):
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
            failed = any(each.cancelled() or each.exception() for each in done)
        await wait_for_each(*words, **options)

    stack.wait_for_rpcs = wait


def _settle(loop: asyncio.AbstractEventLoop) -> None:
    # The last messages to the engine are tasks too, and must arrive before the process ends.
    pulumi.log.debug("the program has ended")
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()
    sys.stdout.flush()
    sys.stderr.flush()


def _end_with_the_host() -> None:
    """Exit when the host closes standard input, so that no program keeps running after a killed host."""
    sys.stdin.read()
    os._exit(1)


def main() -> None:
    """Entry point: one JSON line on standard input, then the program."""
    run = ProgramRun(**json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_the_host, daemon=True).start()
    status = run_program(run)
    sys.stdout.flush()
    sys.stderr.flush()
    # Worker threads of the SDK may still wait for an engine that has ended.
    os._exit(status)


if __name__ == "__main__":
    main()
