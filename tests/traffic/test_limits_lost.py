"""The cache of the limits hangs or dies: requests pass or are refused, as the setting says, and an alert fires."""

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.serving.gateway.args import tenant
from tests.support.system_tools import tool
from tests.traffic.parts.fleet import MODEL, wait_for
from tests.traffic.parts.limiter import Limiter
from tests.traffic.parts.limits import Counting
from tests.traffic.parts.limits_lost import asking, firing, scraped
from tests.traffic.parts.path import Gate, args_for, gate, whole_path

pytestmark = [pytest.mark.prove, pytest.mark.gateway, pytest.mark.rate_limit]

KEY = "sk-marker-key"
SCRAPES = 11
"""Scrapes until the alert fires."""


@dataclass
class Scene:
    """Two Envoys that ask one rate limit service, one for each fail mode."""

    limiter: Limiter
    opened: Gate
    closed: Gate


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("lost")
    args = args_for(tenants=[tenant("research", models=[MODEL], requests_per_minute=100_000)])
    keys = {"research.1": KEY}
    with whole_path(folder, args, keys, engines=1) as path:
        assert path.limiter is not None
        counting = Counting(port=path.limiter.port, fail_closed=True)
        with gate(folder / "closed", args, keys, path.router.port, counting) as closed:
            yield Scene(path.limiter, path.gate, closed)


def test_a_cache_that_hangs_delays_a_request_by_less_than_a_second(scene: Scene) -> None:
    with asking(scene.opened, KEY) as passing, asking(scene.closed, KEY) as refused:
        scene.limiter.redis.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        time.sleep(3)
        until = time.monotonic()
        scene.limiter.redis.send_signal(signal.SIGCONT)
        wait_for(lambda: refused.after(time.monotonic() - 0.5).statuses == {200})
    assert passing.statuses == {200}
    assert passing.longest < 1
    assert {status for began, _, status in refused.answers if stopped + 1 < began < until - 1} == {500}


def test_without_the_cache_the_chosen_mode_is_in_force_within_a_second_and_an_alert_fires(
    scene: Scene, tmp_path: Path
) -> None:
    with (
        scraped(scene.opened) as values,
        asking(scene.opened, KEY) as passing,
        asking(scene.closed, KEY) as refused,
    ):
        wait_for(lambda: len(values) >= 2)
        before = len(values)
        scene.limiter.redis.kill()
        killed = time.monotonic()
        # The alert counts scrapes, which a busy machine makes later.
        wait_for(lambda: len(values) >= before + SCRAPES)
    assert passing.statuses == {200}
    assert passing.longest < 1
    assert refused.since(killed, 500) < 1
    assert values[-1] > max(values[before - 1], 0)
    assert firing(tool("promtool"), tmp_path, values) >= before
