"""An `up` of prod compared with staging: seconds per resource, and the time of a second `up`."""

import re
import tempfile
import time
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.harness import STACK, engine_on, link_repository
from tools.component_rules import ROOT


def number_of(text: str, what: str) -> int:
    """The number of resources that an `up` reports as created or unchanged."""
    found = re.search(rf"^ +(?:\+ )?(\d+) {what}$", text, re.MULTILINE)
    return int(found[1]) if found else 0


def ups(stack: str, scratch: Path) -> tuple[float, float, int]:
    """Seconds of a first and of a second `up`, and the number of resources. Raises if the second changes anything."""
    folder = scratch / stack
    link_repository(folder, ROOT, stack)
    with engine_on(folder) as process:
        begun = time.perf_counter()
        made = process.ask(["up", "--yes", "--skip-preview", "--stack", STACK])
        between = time.perf_counter()
        kept = process.ask(["up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", STACK])
        ended = time.perf_counter()
    count = number_of(made, "created")
    if number_of(kept, "unchanged") != count:
        raise RuntimeError(f"a second up of {stack} changed something:\n{kept}")
    return between - begun, ended - between, count


def figures() -> list[Figure]:
    """Both stacks in one run, staging first."""
    with tempfile.TemporaryDirectory() as scratch:
        first, again, count = ups("staging", Path(scratch))
        estate_first, estate_again, estate_count = ups("prod", Path(scratch))
    each, estate_each = first / count * 1000, estate_first / estate_count * 1000
    return [
        Figure("up of prod", estate_first, "s", f"{estate_count} resources, {estate_each:.0f} ms each"),
        Figure(
            "seconds per resource in prod's up against staging's",
            estate_each / each,
            "x",
            f"{estate_count} of {estate_each:.0f} ms against {count} of {each:.0f} ms",
        ),
        Figure(
            "no-op up of prod",
            estate_again,
            "s",
            f"{estate_count} unchanged, nothing else; staging {again:.2f} s",
        ),
    ]
