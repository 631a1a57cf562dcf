"""Time saved by writing the engine's state once, at the end of an `up`, instead of after each step."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.variables import AT_THE_END, CHECKPOINTS, EACH
from tests.bench.figure import Figure
from tests.bench.harness import engine_on, link_repository, up_seconds
from tools.component_rules import ROOT

BOUND = 0.4


@contextmanager
def state_written(when: str) -> Iterator[None]:
    """Let the engine write its state at each step or at the end."""
    before = os.environ.get(CHECKPOINTS)
    os.environ[CHECKPOINTS] = when
    try:
        yield
    finally:
        del os.environ[CHECKPOINTS]
        if before is not None:
            os.environ[CHECKPOINTS] = before


def first_up(stack: str, when: str) -> float:
    """Seconds of a stack's first up."""
    with tempfile.TemporaryDirectory() as scratch, state_written(when):
        folder = Path(scratch) / stack
        link_repository(folder, ROOT, stack)
        with engine_on(folder) as process:
            return up_seconds(process)


def figures() -> list[Figure]:
    """An `up` of prod with each setting."""
    each, end = first_up("prod", EACH), first_up("prod", AT_THE_END)
    return [
        Figure(
            "up of prod, state written at the end against at each step",
            end / each,
            "x",
            f"{end:.1f} s against {each:.1f} s",
            BOUND,
        )
    ]
