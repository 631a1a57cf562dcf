"""A histogram of a fake engine, with the buckets of vLLM's own."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from facts.scraped_metrics import bucket_edges


class Histogram:
    """Counts of observed seconds. `name`: that of the metric."""

    def __init__(self, name: str) -> None:
        self.name, self.edges = name, bucket_edges(name)
        self.counts, self.total = [0] * (len(self.edges) + 1), 0.0

    def observe(self, seconds: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.edges, seconds)] += 1
        self.total += seconds

    def lines(self, label: str) -> Iterator[str]:
        """The metric in Prometheus' form. `label`: the labels of every series."""
        yield f"# TYPE {self.name} histogram"
        bounds = (*map(str, self.edges), "+Inf")
        for bound, count in zip(bounds, accumulate(self.counts), strict=True):
            yield f'{self.name}_bucket{{{label},le="{bound}"}} {float(count)}'
        yield f"{self.name}_count{{{label}}} {float(sum(self.counts))}"
        yield f"{self.name}_sum{{{label}}} {self.total}"
