"""Is each safeguard of a rollout needed? Each is taken out in turn, in the fault that it is for.

With the safeguard nothing may be lost, and without it something must be lost in three of five runs. The times are those
of prod's pods (`rollout.rendered`).
"""

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.figure import Figure
from tests.serving.gateway.args import tenant
from tests.traffic.parts.fleet import MODEL, Fleet, RouterProcess, fleet, stable, wait_for
from tests.traffic.parts.load import Load, Outcome, load, one
from tests.traffic.parts.path import args_for, gate
from tests.traffic.parts.rollout import DEFAULT_GRACE_SECONDS, ENGINE, FASTER, ROUTER, Stop, service

RUNS, ENOUGH = 5, 3
CLIENTS, REQUESTS, PAUSE = 6, 120, 0.03

BLIND_SECONDS = 60
"""How long a router may hear nothing after its watch breaks."""

BROKEN = 7
"""More engines than a request has attempts (`router_rules.ATTEMPTS`)."""

LATE_SECONDS = 12
"""How late kube-proxy may hear that a pod is terminating."""

LOADING_SECONDS = 150
"""How long the new engine loads: longer than the old one takes to end."""

ENVOY_DEFAULTS = {"drainTimeout": 60, "minDrainDuration": 10}
"""Envoy Gateway's own times (ShutdownConfig in api/v1alpha1/shutdown_types.go)."""

SMG_DRAIN_SECONDS = 180
"""smg's own default of --shutdown-grace-period-secs (its --help)."""


@dataclass(frozen=True)
class Safeguard:
    """A safeguard, and what is lost with it and without it in its fault."""

    name: str
    fault: str
    lost: Callable[[bool], int]
    """Requests lost. The argument says whether the safeguard is there."""


def figures() -> list[Figure]:
    """Two figures for each safeguard."""
    return [figure for each in SAFEGUARDS for figure in _measured(each)]


def _measured(safeguard: Safeguard) -> Iterator[Figure]:
    kept = safeguard.lost(True)
    yield Figure(f"with {safeguard.name}: lost", kept, "requests", safeguard.fault, 0)
    lost: list[int] = []
    # Three runs decide it as well as five.
    while len(lost) < RUNS and sum(map(bool, lost)) < ENOUGH:
        lost.append(safeguard.lost(False))
    shown = f"lost: {', '.join(map(str, lost))}"
    quiet = sum(not each for each in lost)
    yield Figure(f"without {safeguard.name}: quiet runs", quiet, f"of {len(lost)}", shown, RUNS - ENOUGH)


@contextmanager
def _routed(
    engines: int, changed: dict[str, str] | None = None, *, drain: int = ENGINE.drain
) -> Iterator[tuple[Fleet, RouterProcess]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = stack.enter_context(fleet(folder))
        router = stack.enter_context(made.router("smg", changed=changed))
        for place in range(engines):
            made.engine(f"engine-{place}", stable(), token_ms=5, shutdown_timeout=drain // FASTER)
        wait_for(lambda: router.workers() == engines)
        yield made, router


@contextmanager
def _long_streams(
    port: int, seconds: float, count: int = 2, headers: Mapping[str, str] | None = None
) -> Iterator[list[Outcome]]:
    """Streams that take this long, of 5 ms a token."""
    found: list[Outcome] = []
    tokens = int(seconds / 0.0065)

    def run(number: int) -> None:
        text = f"long {number}"
        found.append(one(port, text, stream=True, seconds=120, tokens=tokens, headers=headers))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    yield found
    for thread in threads:
        thread.join()


def _lost(traffic: Load, streams: Sequence[Outcome] = ()) -> int:
    return len(traffic.lost) + sum(not each.whole for each in streams)


def engines_replaced(stop: Stop, *, blind: bool = False, probes: bool = True, loading: bool = False) -> int:
    """The one engine of a model is replaced while it streams."""
    with _routed(1, drain=stop.drain) as (made, router):
        old = made.engines["engine-0"]
        new = {"token_ms": 5, "load_seconds": LOADING_SECONDS / FASTER if loading else 0}
        with _long_streams(router.port, stop.wait / FASTER + 4) as streams:
            wait_for(lambda: old.seen()["running"] == 2)
            with load(router.port, clients=CLIENTS, stream=True) as traffic:
                wait_for(traffic.more(REQUESTS // 3))
                if stop.surge:
                    made.engine("new", stable(), awaited=probes, **new)
                    wait_for(lambda: not probes or router.workers() == 2)
                made.pods.blind = blind
                made.pods.stopping("engine-0")
                seeing = threading.Timer(BLIND_SECONDS / FASTER, made.pods.see)
                seeing.start()
                stop.act(old.process)
                seeing.join()
                made.pods.remove("engine-0")
                if not stop.surge:
                    made.engine("new", stable(), **new)
                wait_for(lambda: router.workers() == 1, 120)
                wait_for(traffic.more(REQUESTS // 3), 120)
    return _lost(traffic, streams)


def engine_killed(*, attempts: bool) -> int:
    """One of two engines is killed. Begun streams are lost in any case, and are not counted."""
    changed = None if attempts else {"disable-retries": ""}
    with _routed(2, changed) as (made, router), load(router.port, clients=CLIENTS, stream=True) as traffic:
        wait_for(traffic.more(REQUESTS // 3))
        made.engines["engine-1"].signal(signal.SIGKILL)
        wait_for(traffic.more(REQUESTS))
    return sum(not each.began for each in traffic.lost)


def engines_broken(*, breaker: bool) -> int:
    """All engines but one answer only errors, and their health checks are well: more than a request has attempts. The
    first requests, by which the breaker learns it, are not counted."""
    changed = None if breaker else {"disable-circuit-breaker": ""}
    with _routed(1, changed) as (made, router):
        for place in range(BROKEN):
            made.engine(f"broken-{place}", stable(), broken=1)
        wait_for(lambda: router.workers() == 1 + BROKEN)
        with load(router.port, clients=CLIENTS, stream=True) as first:
            wait_for(first.more(REQUESTS // 2))
        with load(router.port, clients=CLIENTS, stream=True) as traffic:
            wait_for(traffic.more(REQUESTS))
    return len(traffic.lost)


def engine_hung(*, health: bool) -> int:
    """The engine of two that knows the prompts hangs. What was sent in the first ten seconds is not counted."""
    changed = None if health else {"disable-health-check": ""}
    prefix = "the same long beginning of all prompts " * 20
    with _routed(2, changed) as (made, router):
        with load(router.port, clients=1, prefix=prefix) as known:
            wait_for(known.more(REQUESTS // 3))
        max(made.engines.values(), key=lambda each: each.requests()).signal(signal.SIGSTOP)
        with load(router.port, clients=CLIENTS, seconds=4, prefix=prefix):
            time.sleep(10)
        with load(router.port, clients=CLIENTS, seconds=4, prefix=prefix) as traffic:
            wait_for(traffic.more(REQUESTS), 120)
    return len(traffic.lost)


def routers_replaced(
    stop: Stop, *, drain: int = ROUTER.drain, stream_seconds: float = 0, faster: float = FASTER
) -> int:
    """One of two routers behind a Service is replaced, and the Service hears of it late."""
    changed = {"shutdown-grace-period-secs": str(drain // FASTER)}
    with _routed(1, changed) as (made, old), ExitStack() as stack:
        other = stack.enter_context(made.router("smg"))
        wait_for(lambda: other.workers() == 1)
        front = stack.enter_context(service(old.port, other.port))
        count = 2 if stream_seconds else 0
        with _long_streams(old.port, stream_seconds, count) as streams:
            wait_for(lambda: made.engines["engine-0"].seen()["running"] == count)
            # Few requests: a program without a running one ends at once.
            with load(front.port, clients=1, pause=PAUSE) as traffic:
                wait_for(traffic.more(REQUESTS // 3))
                front.remove(old.port, LATE_SECONDS, faster)
                stop.act(old.process, faster)
                wait_for(traffic.more(REQUESTS // 3))
    return _lost(traffic, streams)


def envoys_replaced(**changed: str) -> int:
    """One of two Envoys behind a Service is replaced while it streams, and the Service hears of it late."""
    args = args_for(tenants=[tenant(models=[MODEL])], cache_login=None)
    keys = {"research.1": "key"}
    streaming = "drainTimeout" in changed or not changed
    with _routed(1) as (made, router), ExitStack() as stack:
        old, other = (
            stack.enter_context(gate(made.folder / name, args, keys, router.port, faster=FASTER))
            for name in ("old", "other")
        )
        front = stack.enter_context(service(old.port, other.port))
        headers = old.headers("key")
        count, seconds = (2, ENVOY_DEFAULTS["drainTimeout"] / FASTER + 4) if streaming else (0, 0)
        with _long_streams(old.port, seconds, count, headers) as streams:
            wait_for(lambda: made.engines["engine-0"].seen()["running"] == count)
            with load(front.port, clients=1, pause=PAUSE, headers=headers) as traffic:
                wait_for(traffic.more(REQUESTS // 3))
                front.remove(old.port, LATE_SECONDS)
                old.stop(**changed)
                wait_for(traffic.more(REQUESTS // 3))
    return _lost(traffic, streams)


def _without_envoys(key: str, kept: bool) -> int:
    return envoys_replaced() if kept else envoys_replaced(**{key: f"{ENVOY_DEFAULTS[key]}s"})


def _default_grace(stop: Stop, kept: bool) -> Stop:
    return stop if kept else replace(stop, grace=DEFAULT_GRACE_SECONDS)


SAFEGUARDS = (
    Safeguard(
        "the engine's preStop",
        f"a router hears nothing for {BLIND_SECONDS} s",
        lambda kept: engines_replaced(ENGINE if kept else replace(ENGINE, wait=0), blind=True),
    ),
    Safeguard(
        "the engine's shutdown timeout",
        "streams longer than preStop",
        lambda kept: engines_replaced(ENGINE if kept else replace(ENGINE, drain=0)),
    ),
    Safeguard(
        "the engine's termination grace",
        f"streams longer than Kubernetes' default of {DEFAULT_GRACE_SECONDS} s",
        lambda kept: engines_replaced(_default_grace(ENGINE, kept)),
    ),
    Safeguard(
        "maxUnavailable: 0 of engines",
        "a model with one engine",
        lambda kept: engines_replaced(ENGINE if kept else replace(ENGINE, surge=False)),
    ),
    Safeguard(
        "the engine's startup and readiness probes",
        f"the new engine loads for {LOADING_SECONDS} s",
        lambda kept: engines_replaced(ENGINE, probes=kept, loading=True),
    ),
    Safeguard("the router's attempts", "an engine is killed", lambda kept: engine_killed(attempts=kept)),
    Safeguard(
        "the router's breaker",
        f"{BROKEN} of {BROKEN + 1} engines answer only errors",
        lambda kept: engines_broken(breaker=kept),
    ),
    Safeguard("the router's health checks", "an engine hangs", lambda kept: engine_hung(health=kept)),
    Safeguard(
        "the router's preStop",
        f"kube-proxy hears of it {LATE_SECONDS} s late",
        # smg serves for five seconds of its own clock after SIGTERM.
        lambda kept: routers_replaced(ROUTER if kept else replace(ROUTER, wait=0), faster=1),
    ),
    Safeguard(
        "the router's drain",
        f"streams longer than smg's default of {SMG_DRAIN_SECONDS} s",
        lambda kept: routers_replaced(
            ROUTER,
            drain=ROUTER.drain if kept else SMG_DRAIN_SECONDS,
            # smg begins to count when it has served for five more seconds.
            stream_seconds=(ROUTER.wait + SMG_DRAIN_SECONDS) / FASTER + 10,
        ),
    ),
    Safeguard(
        "the router's termination grace",
        f"streams longer than Kubernetes' default of {DEFAULT_GRACE_SECONDS} s",
        lambda kept: routers_replaced(
            _default_grace(ROUTER, kept), stream_seconds=DEFAULT_GRACE_SECONDS / FASTER + 4
        ),
    ),
    Safeguard(
        "Envoy's drainTimeout",
        "streams longer than Envoy Gateway's default of 60 s",
        lambda kept: _without_envoys("drainTimeout", kept),
    ),
    Safeguard(
        "Envoy's minDrainDuration",
        f"kube-proxy hears of it {LATE_SECONDS} s late",
        lambda kept: _without_envoys("minDrainDuration", kept),
    ),
)
