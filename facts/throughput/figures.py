"""Published measurements of language models on MI300X, by source, with the settings that decide them.

A file of `figures/` is one source. A run has the settings that its rows share. Only figures were taken over: no text
and no code. Which kind a run is decides what its rows contain:

- `batch`: all requests at once, and the seconds until the last has its answer;
- `offline`: all requests at once, at most `concurrency` of them at the same time, and answer tokens a second;
- `online`: `concurrency` requests at the same time over HTTP, and for each also the time to the first token and
  between tokens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from facts.engine_yaml import EngineDate, read_yaml

FOLDER = Path(__file__).parent / "figures"

Kind = Literal["batch", "offline", "online"]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One published figure."""

    source: str
    """Name of its file."""
    published: str
    """Day of the publication, as 2026-05-25."""
    engine: str
    """`vllm` or `sglang`."""
    version: str
    """Of the engine, or `unknown`."""
    model: str
    gpus: int
    """Of one engine: the tensor parallel size."""
    replicas: int
    """Engines together. `output_tps` is that of one."""
    cache: str
    """Type of the key-value cache: `auto` or `fp8`."""
    eager: bool
    """Whether the engine ran without graphs."""
    kind: Kind
    concurrency: int
    """Requests that may run at the same time in one engine."""
    requests: int
    """Requests for one engine."""
    prompt: float
    """Tokens."""
    answer: float
    """Tokens."""
    output_tps: float
    """Answer tokens a second of one engine."""
    ttft_ms: float | None = None
    """Mean time to the first token. None: not published."""
    itl_ms: float | None = None
    """Mean time between tokens. None: not published."""
    steady: bool = False
    """Whether its requests arrived one by one. Otherwise all that may run arrived together."""
    left_out: str = ""
    """Why the fit does not use it. Empty: it does."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """One publication."""

    name: str
    publisher: str
    title: str
    link: str
    date: str
    note: str
    measurements: tuple[Measurement, ...]


@cache
def sources() -> tuple[Source, ...]:
    """All sources, by name."""
    return tuple(read_source(path) for path in sorted(FOLDER.glob("*.yaml")))


def measurements() -> tuple[Measurement, ...]:
    """All measurements of all sources."""
    return tuple(each for source in sources() for each in source.measurements)


def read_source(path: Path) -> Source:
    """The source of a file."""
    content = cast("Mapping[str, object]", read_yaml(path).value)
    runs = cast("list[Mapping[str, object]]", content["runs"])
    date = content["date"]
    day = date.written if isinstance(date, EngineDate) else str(date)
    return Source(
        name=path.stem,
        publisher=str(content["publisher"]),
        title=str(content["title"]),
        link=str(content["link"]),
        date=day,
        note=str(content.get("note", "")).strip(),
        measurements=tuple(each for run in runs for each in _measurements(path.stem, day, run)),
    )


def _measurements(source: str, published: str, run: Mapping[str, object]) -> Iterator[Measurement]:
    columns = cast("list[str]", run["columns"])
    replicas = int(cast("int", run.get("replicas", 1)))
    for row in cast("list[list[float]]", run["rows"]):
        cells = dict(zip(columns, row, strict=True))
        requests = max(1, round(cells["requests"] / replicas))
        yield Measurement(
            source=source,
            published=published,
            engine=str(run["engine"]),
            version=str(run["version"]),
            model=str(run["model"]),
            gpus=int(cast("int", run["gpus"])),
            replicas=replicas,
            cache=str(run["cache"]),
            eager=bool(run.get("eager", False)),
            kind=cast("Kind", run["kind"]),
            concurrency=round(cells.get("concurrency", requests)),
            requests=requests,
            prompt=cells["prompt"],
            answer=cells["answer"],
            output_tps=_output_tps(cells) / replicas,
            ttft_ms=cells.get("ttftMs"),
            itl_ms=cells.get("itlMs"),
            steady=run.get("arrivals") == "steady",
            left_out=str(run.get("leftOut", "")),
        )


def _output_tps(cells: Mapping[str, float]) -> float:
    if "outputTps" in cells:
        return cells["outputTps"]
    return cells["requests"] * cells["answer"] / cells["seconds"]
