"""What clients and Prometheus see while the cache of the limits does not answer."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from facts.charts import CHARTS
from tests.traffic.parts.path import Gate
from tests.traffic.parts.rule_tests import promtool, write_files

FASTER = 15
"""How much faster than a cluster the time of the alert passes: a second is an interval of 15 s."""

ERRORS = "envoy_cluster_ratelimit_error"
ALERT = "RateLimiterFails"


@dataclass
class Asked:
    """Requests in a row: when they began, how long they took, and their status."""

    answers: list[tuple[float, float, int]] = field(default_factory=list[tuple[float, float, int]])

    def after(self, moment: float) -> "Asked":
        """Those that began after a time of `time.monotonic`."""
        return Asked([each for each in self.answers if each[0] > moment])

    @property
    def statuses(self) -> set[int]:
        """Every status."""
        return {status for _, _, status in self.answers}

    @property
    def longest(self) -> float:
        """Seconds of the longest one."""
        return max(seconds for _, seconds, _ in self.answers)

    def since(self, moment: float, status: int) -> float:
        """Seconds from a time until no answer had another status."""
        late = [began + seconds for began, seconds, found in self.answers if found != status]
        return max([0.0, *(end - moment for end in late)])


@contextmanager
def asking(gate: Gate, key: str) -> Iterator[Asked]:
    """Asks one request after another within the block."""
    made = Asked()

    def ask() -> None:
        began = time.monotonic()
        status = gate.ask(key).status
        made.answers.append((began, time.monotonic() - began, status))

    with _every(0.02, ask):
        yield made


@contextmanager
def scraped(gate: Gate) -> Iterator[list[float]]:
    """Envoy's count of failed questions to the service, once a second. -1: there is no such metric yet."""
    values = list[float]()

    def scrape() -> None:
        lines = [each for each in gate.metrics().splitlines() if each.startswith(f"{ERRORS}{{")]
        values.append(sum(float(each.rsplit(" ", 1)[1]) for each in lines) if lines else -1)

    with _every(1, scrape):
        yield values


@contextmanager
def _every(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Acts again and again beside the block, with a pause between."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(seconds):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def firing(program: str, folder: Path, values: Sequence[float]) -> int:
    """Runs promtool on the alert with these samples. Returns the second in which it fires first, -1 if in none."""
    write_files(folder)
    namespace = CHARTS["gateway"].namespace
    samples = " ".join("_" if value < 0 else f"{value:g}" for value in values)
    series = {"series": f'{ERRORS}{{job="envoys",namespace="{namespace}"}}', "values": samples}
    for second in range(len(values)):
        expected = [{"labels": f'{{alertname="{ALERT}"}}', "value": 1}]
        test = {
            "interval": f"{FASTER}s", "input_series": [series],
            "promql_expr_test": [{"expr": f'group by (alertname) (ALERTS{{alertstate="firing",alertname="{ALERT}"}})',
                                  "eval_time": f"{FASTER * second}s", "exp_samples": expected}],
        }  # fmt: skip
        content = {"rule_files": ["gateway.rules.yaml"], "evaluation_interval": f"{FASTER}s", "tests": [test]}
        (folder / "lost.yaml").write_text(yaml.safe_dump(content))
        status, said = promtool(program, "test", "rules", "lost.yaml", folder=folder)
        if status == 0:
            return second
        assert re.search(r"got:\s*nil", said), said
    return -1
