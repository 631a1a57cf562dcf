"""`make bench`: print every figure, what it was compared with, and its bound. A figure beyond its bound is FAIL."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tests.bench import (
    alarms,
    autoscaler,
    boot,
    checkpoints,
    commands,
    estate,
    existing,
    flat,
    growth,
    policies,
    render,
    replay,
    report,
    safeguards,
    start,
    suite,
    throughput,
    traffic,
    weights,
    wire,
)
from tests.bench.figure import Figure
from tools.entry import start as run_tool
from tools.system_tools import CHROMIUM, PROMTOOL, REDIS, SystemTool, ensure

Part = tuple[str, Callable[[], list[Figure]]]

PARTS: dict[str, Callable[[], list[Figure]]] = {
    "alarms": lambda: [*alarms.figures()],
    "autoscaler": autoscaler.figures,
    "boot": boot.figures,
    "checkpoints": checkpoints.figures,
    "commands": commands.figures,
    "estate": estate.figures,
    "existing": existing.figures,
    "flat": flat.figures,
    "growth": growth.figures,
    "policies": policies.figures,
    "render": render.figures,
    "report": report.figures,
    "safeguards": safeguards.figures,
    "replay": replay.figures,
    "start": start.figures,
    "suite": suite.figures,
    "throughput": throughput.figures,
    "traffic": traffic.figures,
    "weights": weights.figures,
    "wire": wire.figures,
}


NEEDS: dict[str, list[SystemTool]] = {"report": [CHROMIUM], "traffic": [PROMTOOL, REDIS]}
"""Programs that parts run, beside those that are built from Go modules."""


def _install(parts: list[Part]) -> None:
    """Install what the parts need, before the first of them takes minutes. Refuses what is still missing."""
    missing = ensure([tool for name, _ in parts for tool in NEEDS.get(name, ())])
    if missing:
        said = "; ".join(f"{tool.name} is missing (apt-get install {tool.debian})" for tool in missing)
        names = " and ".join(name for name, tools in NEEDS.items() if any(tool in tools for tool in missing))
        raise click.ClickException(f"{said}. Install it, or name other parts than {names}")


def _parts(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> list[Part]:
    """The parts with their names. `replay` may be followed by a trace."""
    found: list[Part] = []
    for word in words:
        if word in PARTS:
            found.append((word, PARTS[word]))
        elif found and found[-1][0] == "replay" and Path(word).is_file():
            found[-1] = (f"replay {word}", partial(replay.figures, Path(word)))
        else:
            raise click.BadParameter(
                f"{word} is neither a part nor a trace after `replay`: {', '.join(PARTS)}"
            )
    return found or list(PARTS.items())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("parts", nargs=-1, callback=_parts)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(parts: list[Part], as_json: bool) -> None:
    """Measure PARTS (default: all); `replay TRACE.csv` replays a trace. Exits with 1 if a figure exceeds its bound."""
    _install(parts)
    measured: list[Figure] = []
    for name, measure in parts:
        click.echo(f"measuring {name}", err=True)
        measured += measure()
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in measured], indent=2))
    else:
        Console(highlight=False).print(table(measured))
    sys.exit(int(any(figure.falls_short for figure in measured)))


def table(measured: list[Figure]) -> Table:
    """The figures as a table."""
    columns: list[dict[str, Any]] = [{}, {"justify": "right"}, {"justify": "right"}, {}, {}]
    made = Table(title="Figures", title_justify="left")
    for name, options in zip(("figure", "measured", "at most", "", "compared"), columns, strict=True):
        made.add_column(name, **options)
    for figure in measured:
        bound = "" if figure.bound is None else f"{figure.bound:g} {figure.unit}"
        value = f"{figure.value:.2f} {figure.unit}"
        colour = "red" if figure.falls_short else "green"
        verdict = f"[{colour}]{figure.verdict}[/{colour}]" if figure.verdict else ""
        made.add_row(figure.name, value, bound, verdict, figure.compared)
    return made


if __name__ == "__main__":
    run_tool(main)
