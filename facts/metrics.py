"""The metrics of OCI Monitoring: namespaces, units, dimensions, and how often each metric is sent.

Each file of facts/data/oci_metrics is one namespace and names its source in its first lines. A line is a metric, its
unit, and what else is known of it; a line that begins with `*` holds for the whole file:

- `every=1h`: how often the metric is sent. An alarm's interval must not be shorter.
- `dimensions=a,b`: dimensions besides those of the file.
- `only=lbComponent:a|b`: the metric has no data for other values of this dimension. `values=…`: the dimension's values.
- `idle`: the metric is sent only when something happens, so its absence says nothing.
- `on=vm`, `on=bm`: only virtual machines, or only bare metal, send it.
- `comes-and-goes`: a node sends it, so it ends when a pool shrinks or stops.
- `third-party`: the name is known only from other people's code. Confirm it with `oci monitoring metric list`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent / "data" / "oci_metrics"

GPU_HEALTH = "gpu_infrastructure_health"
RDMA_HEALTH = "rdma_infrastructure_health"

RESERVED = ("oci_", "oracle_")
"""Only Oracle's own namespaces begin with these. Source: oci.monitoring.models.MetricDataDetails.namespace."""

MINUTES: Mapping[str, int] = MappingProxyType({"m": 1, "h": 60, "d": 1_440})
"""Minutes of each unit of an interval in MQL."""

_UNITS = frozenset(
    {
        "bits",
        "bytes",
        "count",
        "counter",
        "degrees",
        "gigabytes",
        "megabytes",
        "ms",
        "percent",
        "seconds",
        "share",
        "watts",
    }
)
_FLAGS = frozenset({"idle", "third-party"})


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric of a namespace."""

    name: str
    unit: str
    """`counter` is a count that only grows: an alarm needs its rate() or increment(). `share` is 0 to 1."""

    dimensions: frozenset[str]
    minutes: int
    """How often it is sent, in minutes."""

    sender: str
    """What sends it."""

    values: Mapping[str, frozenset[str]]
    """By dimension: the values with which the metric has data. A dimension that is not here can have any."""

    machines: str | None = None
    """`vm` or `bm`: the only kind of instance that sends it."""

    idle: bool = False
    """Whether it is sent only when something happens."""

    of_nodes: bool = False
    """Whether it ends with the node that sends it."""

    third_party: bool = False
    """Whether its name is known only from other people's code."""


@cache
def namespaces() -> Mapping[str, Mapping[str, Metric]]:
    """Every known namespace, with its metrics by name."""
    return MappingProxyType(
        {
            file.stem: MappingProxyType({each.name: each for each in parse_metrics(file.read_text("utf-8"))})
            for file in sorted(FOLDER.glob("*.txt"))
        }
    )


def metric_of(namespace: str, name: str) -> Metric | None:
    """The metric of a namespace, if both are known."""
    return namespaces().get(namespace, {}).get(name)


def dimensions_of(namespace: str, names: Iterable[str]) -> frozenset[str]:
    """The dimensions of any of these metrics."""
    found = (metric_of(namespace, name) for name in names)
    return frozenset(each for metric in found if metric for each in metric.dimensions)


def is_percent(namespace: str, metric: str) -> bool:
    """Whether the unit of a metric is percent."""
    found = metric_of(namespace, metric)
    return found is not None and found.unit == "percent"


LARGEST: Mapping[str, int] = MappingProxyType({"percent": 100, "share": 1})
"""Largest value of the units that have one."""


def parse_metrics(text: str) -> Iterator[Metric]:
    """The metrics of one file. Raises ValueError for a line that it cannot read."""
    common: dict[str, str] = {"dimensions": "", "comes-and-goes": "", "third-party": ""}
    for line in text.splitlines():
        if line.startswith("* "):
            key, _, value = line[2:].partition(" ")
            common[key] = value or "yes"
        elif line and not line.startswith("#"):
            yield _metric(line, common)


def _metric(line: str, common: Mapping[str, str]) -> Metric:
    name, unit, *rest = line.split()
    known = dict(word.split("=", 1) for word in rest if "=" in word)
    flags = {word for word in rest if "=" not in word}
    wrong = flags - _FLAGS | known.keys() - {"dimensions", "every", "on", "only", "values"}
    if wrong or unit not in _UNITS:
        raise ValueError(f"{line}: {', '.join(wrong) or unit}")
    words = (*common["dimensions"].split(","), *known.get("dimensions", "").split(","))
    every = known.get("every", common["every"])
    return Metric(
        name=name,
        unit=unit,
        dimensions=frozenset(word for word in words if word),
        minutes=int(every[:-1]) * MINUTES[every[-1]],
        sender=common["sender"],
        values=MappingProxyType(
            dict(_values(each) for each in (known.get("only"), known.get("values")) if each)
        ),
        machines=known.get("on"),
        idle="idle" in flags,
        of_nodes=bool(common["comes-and-goes"]),
        third_party="third-party" in flags or bool(common["third-party"]),
    )


def _values(text: str) -> tuple[str, frozenset[str]]:
    dimension, _, values = text.partition(":")
    return dimension, frozenset(values.split("|"))
