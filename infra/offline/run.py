"""Runs this program in this process against stand-ins that answer and record: no engine, no account, one second.

Reports use it where no engine is at hand, and the snapshots of the tests, which are the upgrade baseline.
"""

import asyncio
import json
import logging
import os
import runpy
from collections.abc import Generator
from contextlib import contextmanager

from infra.project.stackfile import StackFile
from infra.settings.reading.prefixes import PROJECT

from .answers import CALLS, outputs_of
from .recorder import Cloud, Recorder, record
from .recording import Recording


def run_offline(file: StackFile, stack: str) -> Recording:
    """Run the program for `stack` with the settings of `file`. What the program raises comes out as it is."""
    config = {f"{PROJECT}:{name}": json.dumps(content) for name, content in file.sections.items()}
    encrypted = sorted({f"{PROJECT}:{path.split('.')[0]}" for path in file.encrypted})
    recorder = Recorder(Cloud(calls=CALLS, outputs=outputs_of), stack)
    with _sandbox_rules():
        return record(_program, recorder, config, secret_keys=encrypted, logger=_quiet_logger())


async def _program() -> None:
    """Run the program, and wait for all it began.

    The SDK would wait too, but wake whenever one of a thousand outputs is there and look through all of them again.
    What fails is left to the SDK, which knows whose error it is.
    """
    runpy.run_module("infra", run_name="__main__", alter_sys=False)
    itself = asyncio.current_task()
    failed = False
    while not failed and (others := asyncio.all_tasks() - {itself}):
        done, _ = await asyncio.wait(others, return_when=asyncio.FIRST_EXCEPTION)
        failed = any(task.cancelled() or task.exception() for task in done)


def _quiet_logger() -> logging.Logger:
    """The program's warnings are `playground check`'s to show; its errors come out as exceptions."""
    logger = logging.getLogger("playground.offline")
    logger.setLevel(logging.CRITICAL)
    return logger


@contextmanager
def _sandbox_rules() -> Generator[None]:
    """Placeholders are warnings here: nothing is created. Output in text is an error, as in every test."""
    before = dict(os.environ)
    os.environ |= {"SANDBOX": "1", "PULUMI_ERROR_OUTPUT_STRING": "1"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
