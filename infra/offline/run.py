"""Runs the program in this process against stand-ins. It needs no engine and no account, and takes about a second.

Reports and the snapshots of the tests use it. The snapshots are the baseline of upgrades.
"""

import asyncio
import json
import logging
import os
import runpy
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from infra.project.stackfile import StackFile
from infra.settings.reading.prefixes import PROJECT

from .answers import CALLS, outputs_of
from .recorder import Cloud, Recorder, record
from .recording import Recording


def run_offline(
    file: StackFile, stack: str, recorder_of: Callable[[Cloud, str], Recorder] = Recorder
) -> Recording:
    """Run the program for `stack` with the settings of `file`. Exceptions of the program are not changed.

    `recorder_of` makes the recorder for the offline cloud and the stack.
    """
    config = {f"{PROJECT}:{name}": json.dumps(content) for name, content in file.sections.items()}
    encrypted = sorted({f"{PROJECT}:{path.split('.')[0]}" for path in file.encrypted})
    recorder = recorder_of(Cloud(calls=CALLS, outputs=outputs_of), stack)
    with _sandbox_rules(), _short_stack_traces():
        return record(_program, recorder, config, secret_keys=encrypted, logger=_quiet_logger())


async def _program() -> None:
    """Run the program, and wait for all of its tasks.

    The SDK would wait too, but it wakes up for each of a thousand outputs and checks all of them again. The SDK handles
    failed tasks, because it knows the resource of an error.
    """
    runpy.run_module("infra", run_name="__main__", alter_sys=False)
    itself = asyncio.current_task()
    failed = False
    while not failed and (others := asyncio.all_tasks() - {itself}):
        done, _ = await asyncio.wait(others, return_when=asyncio.FIRST_EXCEPTION)
        failed = any(task.cancelled() or task.exception() for task in done)


def _quiet_logger() -> logging.Logger:
    """A logger without output: `playground check` shows the program's warnings, and errors are exceptions."""
    logger = logging.getLogger("playground.offline")
    logger.setLevel(logging.CRITICAL)
    return logger


@contextmanager
def _sandbox_rules() -> Generator[None]:
    """Run as on the sandbox: placeholders are warnings, because nothing is created. An output used as text is an
    error."""
    before = dict(os.environ)
    os.environ |= {"SANDBOX": "1", "PULUMI_ERROR_OUTPUT_STRING": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _short_stack_traces() -> Generator[None]:
    """Let the SDK read only one frame of the stack, because a recording has no stack traces.

    The SDK reads all frames for each resource, to send them to the engine. That takes a noticeable part of `playground
    report`. The SDK needs at least one frame. The limit also shortens the tracebacks that are printed during the run.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = 1
    try:
        yield
    finally:
        sys.tracebacklimit = before
