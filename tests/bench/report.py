"""The report of a stack of 1,000 resources, compared with the preview that it follows; and its page.

`sandbox preview` shows the report by itself, from the engine's events, and starts no process for it. `playground
report` is a process of its own, and also writes the page. Its bound is for processor time, which hardly depends on
what else the machine does: a preview uses two processors, the report one.
"""

import json
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from infra.project.stackfile import PROJECT, ROOT
from sandbox.change_report import document_of, rendered
from sandbox.engine_process import EngineProcess
from tests.bench.estate import number_of
from tests.bench.figure import Figure
from tests.bench.harness import STACK, engine_on, link_repository
from tests.support.rendered_page import faults
from tools.browser import LOOKS, browser
from tools.system_tools import BIN, CHROMIUM, find

ROUNDS = 3
BOUND = 10.0
"""Percent of the preview."""

TEAMS, MODELS, NODES = 14, 17, 10
"""What prod gets in addition, and its GPU nodes."""


def config() -> dict[str, Any]:
    """Prod with more teams and models."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text("utf-8"))
    sections = content["config"]
    sections[f"{PROJECT}:gpu"]["pools"][0]["nodes"] = NODES
    serving = sections[f"{PROJECT}:serving"]
    teams, models = serving["teams"], serving["models"]
    teams += [{**teams[0], "name": f"team-{number}", "gpus": 1} for number in range(TEAMS)]
    models += [{**models[0], "name": f"model-{number}", "replicas": 1} for number in range(MODELS)]
    return content


def figures() -> list[Figure]:
    """Median of ROUNDS pairs, each on the stack as it is."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        link_repository(folder, ROOT, "prod")
        (folder / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(config()), encoding="utf-8")
        page = folder / "report.html"
        with engine_on(folder) as process:
            made = process.ask(["up", "--yes", "--skip-preview", "--stack", STACK])
            rounds = [_round(process, folder, page) for _ in range(ROUNDS)]
        return [*_time(rounds, number_of(made, "created")), *_page(page)]


Times = tuple[float, float]
"""Seconds of processor time, and of the clock."""


def _round(process: EngineProcess, folder: Path, page: Path) -> tuple[Times, Times, Times]:
    """Seconds of a preview, of its report as `sandbox preview` shows it, and of `playground report` with its page."""
    events = folder / "events.json"
    command = [str(BIN / "playground"), "report", STACK, "--preview", str(events), "--html", str(page)]
    begun = _now()
    process.ask(["preview", "--stack", STACK, "--event-log", str(events)])
    previewed = _now()
    read = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    found = document_of(read, process.home, STACK, done=False, extent="whole", dangers_told=False)
    rendered(found, (), verbose=True, others=True)
    shown = _now()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return _since(begun, previewed), _since(previewed, shown), _since(shown, _now())


def _since(begun: Times, ended: Times) -> Times:
    return ended[0] - begun[0], ended[1] - begun[1]


def _now() -> Times:
    """Of this process, which has the stand-ins, and of all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used), time.perf_counter()


def _time(rounds: list[tuple[Times, Times, Times]], resources: int) -> Iterator[Figure]:
    kinds = (
        (1, 1, "report shown by sandbox preview", BOUND),
        (2, 0, "report and page, processor time", BOUND),
        (2, 1, "report and page", None),
    )
    for part, kind, name, bound in kinds:
        share = 100 * statistics.median(each[part][kind] / each[0][kind] for each in rounds)
        preview, report = (statistics.median(each[side][kind] for each in rounds) for side in (0, part))
        said = f"{resources} resources, median of {ROUNDS}: {report:.2f} s against {preview:.2f} s"
        yield Figure(f"{name}, against the preview", share, "%", said, bound)


def _page(page: Path) -> Iterator[Figure]:
    yield Figure("the report's page", page.stat().st_size / 2**20, "MiB", "one file, with the JSON in it")
    program = find(CHROMIUM)
    assert program is not None, "the command installs it first"
    with browser(program) as tab:
        found = [f"{look.name}: {each}" for look in LOOKS for each in faults(tab, page, look)]
    said = (
        "; ".join(found[:3]) or "errors, requests, overlaps, weak contrast; light and dark, desktop and phone"
    )
    yield Figure("faults of the page in Chromium", len(found), "", said, 0)
