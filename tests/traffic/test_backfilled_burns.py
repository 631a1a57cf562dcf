"""Alerts on objectives in a real Prometheus over three days of backfilled blocks: each model has another fault.

promtool steps through the same days in memory, with samples every 10 or 30 minutes. Here the samples are
two minutes apart, so the short windows (5 and 30 minutes) have real ones too.
"""

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from serving.watching.catalogue import load_subject
from tests.support.system_tools import tool
from tests.traffic.parts.fleet import wait_for
from tests.traffic.parts.prometheus import prometheus
from tests.traffic.parts.rule_tests import GROUPS, MODEL, Values, merged_series, queried

pytestmark = pytest.mark.prove

DAYS, STEP = 3, 120
"""Days that are backfilled, and seconds between two samples."""

BURNS = load_subject("objectives")
QUIET, NEAR = "quiet", "near"


def rate_of(value: str | float) -> tuple[float, float]:
    """The first value of a series, and its growth in a second."""
    if not isinstance(value, str):
        return float(value), 0
    found = re.fullmatch(r"([\d.]+)/(\d*)m", value)
    assert found, value
    return 0, float(found[1]) / (60 * int(found[2] or 1))


def models() -> Mapping[str, Values]:
    """The changes of a quiet time, by the name of the model that has them."""
    faults: dict[str, Values] = {name: alert.fault.series for name, alert in BURNS.items()}
    nearly: dict[str, Values] = {f"{NEAR}-{name}": alert.near for name, alert in BURNS.items() if alert.near}
    return {QUIET: {}, **faults, **nearly}


def open_metrics(now: int) -> Iterator[str]:
    """Every series of every model, from three days ago until now. One series after the other."""
    metrics = queried("objectives")
    moments = range(now - DAYS * 86_400, now + 1, STEP)
    for model, change in models().items():
        for name, value in merged_series(change).items():
            if value == "absent" or name.partition("{")[0] not in metrics:
                continue
            series = name.replace(f'model_name="{MODEL}"', f'model_name="{model}"')
            assert series != name
            start, growth = rate_of(value)
            yield from (f"{series} {start + growth * (each - moments[0]):.3f} {each}\n" for each in moments)
    yield "# EOF\n"


def test_each_burn_fires_in_its_model_alone_and_none_in_a_quiet_one(tmp_path: Path) -> None:
    text = tmp_path / "days.txt"
    with text.open("w") as file:
        file.writelines(open_metrics(int(time.time())))
    words = ("tsdb", "create-blocks-from", "--max-block-duration=128h", "openmetrics", str(text))
    done = subprocess.run(
        [tool("promtool"), *words, str(tmp_path / "data")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    groups = [{"name": "objectives", "rules": GROUPS["objectives"]}]
    with prometheus(tmp_path, groups, [], "127.0.0.1:1", factor=1) as found:
        wait_for(lambda: bool(found.alerts("firing")))
        # A group stores its alerts one after another. The second evaluation begins when the first has ended.
        found.await_evaluation()
        found.await_evaluation()
        series = found.query('ALERTS{alertstate="firing"}')
        recorded = found.query("model:errors:ratio_rate3d")
    fired: dict[str, set[str]] = {}
    for labels, _ in series:
        fired.setdefault(labels["model_name"], set()).add(labels["alertname"])
    assert fired == {name: {name, *alert.fault.also} for name, alert in BURNS.items()}
    assert {labels["model_name"] for labels, _ in recorded} == set(models())
