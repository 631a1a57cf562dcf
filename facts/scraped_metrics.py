"""The metrics that Prometheus scrapes from the parts of the traffic path, with their labels and buckets.

Each file of facts/data/metrics names its source in its first lines. Those of the engine are from vLLM's wheel
(facts/data/vllm, `python -m facts.data.refresh_vllm`). A line is a name, a kind, the labels, and a histogram's buckets;
a line that begins with `*` gives labels of every metric of its file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from .vllm import VERSION

DATA = Path(__file__).parent / "data"
FOLDER = DATA / "metrics"
ENGINE = DATA / "vllm" / f"metrics-{VERSION}.txt"
GPU = "gpu"
"""The file of the GPU metrics. Their names have a prefix that the settings choose."""

TARGET_LABELS = frozenset(
    {
        *("container", "endpoint", "instance", "job", "namespace", "pod", "service"),
        *("model_name", "track"),
    }
)
"""Labels that Prometheus adds to every sample of a target: those of the Prometheus operator, and those that this
toolkit's own monitors add (serving/watching/monitors.py)."""

EXPORTED = frozenset({"exported_namespace"})
"""What Prometheus calls a label of a sample that a label of its target hides."""

_SUFFIXES = {
    "histogram": {"_bucket": frozenset({"le"}), "_sum": frozenset[str](), "_count": frozenset[str]()},
    "summary": {"": frozenset({"quantile"}), "_sum": frozenset[str](), "_count": frozenset[str]()},
}


@dataclass(frozen=True, kw_only=True)
class ScrapedMetric:
    """A family of metrics as one part of the traffic path prints it."""

    name: str
    kind: str
    """`counter`, `gauge`, `histogram` or `summary`."""

    labels: frozenset[str]
    """Labels that the part itself adds."""

    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram's buckets, without +Inf. Empty for a histogram whose bounds depend on the model."""

    source: str
    """Name of its file."""


def parse_metrics(text: str, source: str) -> Iterator[ScrapedMetric]:
    """The metrics of one file."""
    common: frozenset[str] = frozenset()
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, *words = line.split(" ")
        if name == "*":
            common = _labels(words[0])
            continue
        kind, labels, *bounds = words
        yield ScrapedMetric(
            name=name,
            kind=kind,
            labels=common | _labels(labels),
            buckets=tuple(float(each) for each in bounds[0].split(",")) if bounds else (),
            source=source,
        )


def _labels(text: str) -> frozenset[str]:
    return frozenset() if text == "-" else frozenset(text.split(","))


@cache
def _families() -> Mapping[str, ScrapedMetric]:
    files = {path.stem: path for path in sorted(FOLDER.glob("*.txt"))} | {"vllm": ENGINE}
    return MappingProxyType(
        {
            metric.name: metric
            for source, path in files.items()
            for metric in parse_metrics(path.read_text(encoding="utf-8"), source)
        }
    )


@cache
def known_series(gpu_prefix: str) -> Mapping[str, ScrapedMetric]:
    """Every name of a series, with the suffixes of histograms and summaries, to what it is."""
    found: dict[str, ScrapedMetric] = {}
    for metric in _families().values():
        prefix = gpu_prefix if metric.source == GPU else ""
        for suffix, labels in _SUFFIXES.get(metric.kind, {"": frozenset[str]()}).items():
            name = f"{prefix}{metric.name}{suffix}"
            found[name] = ScrapedMetric(
                name=name,
                kind=metric.kind,
                labels=metric.labels | labels,
                buckets=metric.buckets,
                source=metric.source,
            )
    return MappingProxyType(found)


def bucket_edges(histogram: str) -> tuple[float, ...]:
    """The upper bounds of a histogram by its name without a suffix."""
    return _families()[histogram].buckets
