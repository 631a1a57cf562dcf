"""The real routers while engines come, stop, hang and die, and while they stop themselves."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.traffic.parts.fleet import Fleet, RouterProcess, fleet, stable, wait_for
from tests.traffic.parts.load import Outcome, load, one
from tests.traffic.parts.rollout import start_engine, stop_engine

pytestmark = pytest.mark.prove

FASTER = 15
"""How much faster than a cluster this rollout is. `python -m tests.bench traffic` runs one that is not faster."""

CLIENTS = 4
BOTH = pytest.mark.parametrize("implementation", ["smg", "vllm-router"])


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Fleet]:
    with fleet(tmp_path) as found:
        yield found


def policy(implementation: str) -> dict[str, str]:
    """The default policy of smg. The other router's sends all these requests to one engine."""
    return {} if implementation == "smg" else {"policy": "round_robin"}


def both_used(made: Fleet, router: RouterProcess, *names: str) -> None:
    """Wait until requests reach all of these engines."""

    def used() -> bool:
        before = {name: made.engines[name].requests() for name in names}
        for turn in range(8):
            one(router.port, f"{time.monotonic()} {turn} " * 20)
        return all(made.engines[name].requests() > before[name] for name in names)

    wait_for(used)


@BOTH
def test_a_rollout_of_engines_loses_no_request(made: Fleet, implementation: str) -> None:
    start_engine(made, "old", faster=FASTER, token_ms=20)
    with made.router(implementation, options=policy(implementation)) as router:
        wait_for(router.ready)
        with load(router.port, clients=CLIENTS, stream=True) as traffic:
            wait_for(traffic.more(20))
            start_engine(made, "new", faster=FASTER, token_ms=20)
            both_used(made, router, "old", "new")
            stop_engine(made, "old", faster=FASTER)
            assert made.engines["old"].process.returncode == 0, "it ends before the kubelet kills it"
            wait_for(traffic.more(20))
    assert traffic.lost == []


@BOTH
def test_a_killed_engine_loses_only_what_ran_on_it(made: Fleet, implementation: str) -> None:
    for name in ("one", "two"):
        made.engine(name, stable(), token_ms=20)
    with made.router(implementation, options=policy(implementation)) as router:
        both_used(made, router, "one", "two")
        with load(router.port, clients=CLIENTS, stream=True) as traffic:
            wait_for(traffic.more(20))
            made.engines["two"].signal(signal.SIGKILL)
            wait_for(traffic.more(60))
        assert len(traffic.lost) <= CLIENTS
        assert all(each.answered for each in traffic.lost), (
            f"not tried again without an answer: {traffic.lost}"
        )


@BOTH
def test_an_engine_that_hangs_gets_no_more_requests(made: Fleet, implementation: str) -> None:
    for name in ("one", "two"):
        made.engine(name, stable())
    with made.router(implementation, options=policy(implementation)) as router:
        both_used(made, router, "one", "two")
        made.engines["two"].signal(signal.SIGSTOP)
        with load(router.port, clients=CLIENTS, seconds=4) as traffic:
            wait_for(lambda: router.workers() == 1)
            avoided = time.monotonic()
            wait_for(traffic.more(60))
        # What was sent before can still wait for its own time limit.
        later = [each for each in traffic.outcomes if each.sent > avoided]
        assert len(later) > CLIENTS
        assert [each for each in later if not each.whole] == []
        made.engines["two"].signal(signal.SIGCONT)
        both_used(made, router, "one", "two")


@BOTH
def test_a_new_engine_is_used_and_a_removed_one_is_not(made: Fleet, implementation: str) -> None:
    made.engine("one", stable())
    with made.router(implementation, options=policy(implementation)) as router:
        wait_for(router.ready)
        made.engine("two", stable())
        both_used(made, router, "one", "two")
        made.pods.stopping("one")

        def unused() -> bool:
            before = made.engines["one"].requests()
            for turn in range(6):
                assert one(router.port, f"{turn}").whole
            return made.engines["one"].requests() == before

        wait_for(unused)


@BOTH
def test_an_engine_that_ends_while_the_watch_is_blind_loses_nothing(made: Fleet, implementation: str) -> None:
    for name in ("one", "two"):
        made.engine(name, stable())
    with made.router(implementation, options=policy(implementation)) as router:
        both_used(made, router, "one", "two")
        made.pods.blind = True
        made.pods.remove("two")
        with load(router.port, clients=CLIENTS) as traffic:
            wait_for(traffic.more(20))
            made.engines["two"].signal(signal.SIGKILL)
            wait_for(traffic.more(60))
        assert len(traffic.lost) <= (0 if implementation == "smg" else CLIENTS)


@BOTH
def test_a_router_that_is_asked_to_stop_ends_its_streams_whole(made: Fleet, implementation: str) -> None:
    made.engine("one", stable(), token_ms=50)
    with made.router(implementation) as router:
        wait_for(router.ready)
        found: list[Outcome] = []
        stream = threading.Thread(
            target=lambda: found.append(one(router.port, "long", stream=True, tokens=80))
        )
        stream.start()
        wait_for(lambda: made.engines["one"].seen()["running"] == 1)
        router.process.send_signal(signal.SIGTERM)
        stream.join()
        router.process.wait(20)
    assert [each.whole for each in found] == [True]
