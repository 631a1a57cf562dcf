"""The harness of the safeguards stops processes as the pods' fields say, and acts each safeguard's absence."""

import subprocess
import sys
import time
import urllib.request
from dataclasses import replace

import pytest

from serving.engine.deadlines import DEFAULT_PRE_STOP_SECONDS, DRAIN_MARGIN_SECONDS
from tests.bench import safeguards
from tests.bench.safeguards import SAFEGUARDS, Safeguard
from tests.support.ports import free_port
from tests.traffic.parts.fleet import wait_for
from tests.traffic.parts.rollout import ENGINE, FASTER, ROUTER, Stop, service

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)


def test_the_times_are_those_of_prods_pods() -> None:
    assert ENGINE.wait == DEFAULT_PRE_STOP_SECONDS
    assert ENGINE.grace == ENGINE.wait + ENGINE.drain + DRAIN_MARGIN_SECONDS
    assert ENGINE.surge
    assert ROUTER.wait + ROUTER.drain < ROUTER.grace


def test_a_process_that_ignores_sigterm_is_killed_at_the_end_of_its_grace() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    begun = time.monotonic()
    Stop(wait=2, grace=8, drain=0, surge=True).act(process)
    took = time.monotonic() - begun
    assert 8 / FASTER <= took < 8, "the clock is faster than a cluster's"
    assert process.returncode == -9


def test_a_service_forgets_an_endpoint_when_kube_proxy_hears_of_it() -> None:
    with service(free_port()) as front:
        with pytest.raises(OSError, match=r"Remote end closed|reset"):
            urllib.request.urlopen(f"http://127.0.0.1:{front.port}", timeout=5)
        front.remove(front.endpoints[0], 1, faster=100)
        wait_for(lambda: front.endpoints == [])


@pytest.mark.parametrize(
    ("lost", "quiet", "verdict"), [([0, 3, 3, 3], 0, "PASS"), ([0, 0, 0, 0, 2, 2], 3, "FAIL")]
)
def test_a_safeguard_that_nothing_misses_is_a_failure(
    lost: list[int], quiet: int, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = iter(lost)
    monkeypatch.setattr(safeguards, "SAFEGUARDS", [Safeguard("it", "a fault", lambda _kept: next(runs))])
    kept, without = safeguards.figures()
    assert (kept.verdict, without.value, without.verdict) == ("PASS", quiet, verdict)
    assert not list(runs)


def test_every_safeguard_has_a_fault_of_its_own_name() -> None:
    assert len({each.name for each in SAFEGUARDS}) == len(SAFEGUARDS) == 13
    assert all(each.fault for each in SAFEGUARDS)
    assert replace(ENGINE, surge=False) != ENGINE
