"""A run without an engine leaves the process as it was."""

import asyncio
import gc
import sys

import pulumi
import pytest

from infra.offline.run import run_offline
from infra.project.stackfile import StackFile


def open_loops() -> int:
    """Python prints a traceback if it collects one of them after its sockets."""
    return sum(
        isinstance(each, asyncio.AbstractEventLoop) and not each.is_closed() for each in gc.get_objects()
    )


def test_tracebacks_are_complete_and_no_loop_is_open_after_a_refused_run():
    gc.collect()
    before = open_loops()
    with pytest.raises(pulumi.RunError):
        run_offline(StackFile({}, frozenset(), "Pulumi.test.yaml"), "test")
    assert getattr(sys, "tracebacklimit", None) is None
    assert open_loops() == before
