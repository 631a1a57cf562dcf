"""A replay of requests before an autoscaler: ours, a queue-length default and the requirement's thresholds.

    python -m tests.bench replay [TRACE.csv]

Without a file, the requests are generated (tests/traffic/parts/traces.py). They are scaled until three engines are as
busy as `requestsOut` allows. Engines and time are simulated: no figure says how fast a GPU is.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from serving.catalogue import catalogue
from serving.engine.startup import StartupAssumptions
from tests.bench.figure import Figure
from tests.traffic.parts.scaling_policies import REQUIRED_SECONDS, Ours, QueueLength, Required
from tests.traffic.parts.scaling_states import policy
from tests.traffic.parts.simulation import CLOCK, Outcome, Policy, Simulation
from tests.traffic.parts.traces import Asked, generated, read_trace, scaled_to

MODEL = "qwen3-32b"
ENGINES = 3
LEAST, MOST = 2, 8
GOAL = 0.7
_QUIET = REQUIRED_SECONDS[1]


def figures(trace: Path | None = None) -> list[Figure]:
    """All figures of a trace, or of the generated requests."""
    asked = read_trace(trace) if trace else list(generated())
    name = trace.name if trace else "generated"
    return [*compared(scaled(asked), name)]


def start_seconds() -> float:
    """How long a start of the model is assumed to take, with staged weights and the image on the node."""
    rates = StartupAssumptions()
    load = catalogue()[MODEL].weights_gb / rates.load_gb_per_second
    return load + rates.compile_seconds + rates.process_seconds


def scaled(asked: Sequence[Asked]) -> list[Asked]:
    """As many requests as keep three engines at `requestsOut`."""
    busy = sum(
        (CLOCK.first_ms + CLOCK.token_ms * each.answer) / 1e3 + CLOCK.prefill_us * each.prompt / 1e6
        for each in asked
    )
    at_once = busy / asked[-1].at
    return scaled_to(asked, ENGINES * policy().requests.out / at_once)


def run(asked: Sequence[Asked], chosen: Policy, first: int = ENGINES) -> Outcome:
    """One policy."""
    return Simulation(asked, chosen, first=first, start_seconds=start_seconds()).run()


def compared(asked: Sequence[Asked], name: str) -> Iterator[Figure]:
    """Our policy beside the others, with the same bounds; and beside the others' best bounds."""
    ours = run(asked, Ours(policy=policy(), least=LEAST, most=MOST))
    queue = run(asked, QueueLength(least=LEAST, most=MOST))
    required = run(asked, Required(least=LEAST, most=MOST))
    said = f"{name}, {len(asked):,} requests, {LEAST} to {MOST} engines, start {start_seconds():,.0f} s"
    for who, outcome in {"ours": ours, "queue length": queue, "requirement": required}.items():
        yield Figure(f"replay: GPU-hours, {who}", outcome.gpu_hours, "h", said)
        yield Figure(
            f"replay: p99 of the first token, {who}",
            outcome.p99_seconds,
            "s",
            f"mean {outcome.mean_engines:.1f} engines",
        )
        bound = 0 if who == "ours" else None
        changes = f"{len(outcome.changes)} changes"
        yield Figure(f"replay: turns within {_QUIET} s, {who}", outcome.turns(_QUIET), "", changes, bound)
        said = ""
    for sign, way, seconds in ((1, "added", policy().out_seconds), (-1, "removed", policy().in_seconds)):
        others = f"queue length {queue.most_in(seconds, sign)}, requirement {required.most_in(seconds, sign)}"
        yield Figure(
            f"replay: engines {way} in {seconds} s, ours", ours.most_in(seconds, sign), "", others, 1
        )
    for who, other in (("queue length", queue), ("requirement", required)):
        yield _same_bounds(who, ours, other)
    for who, make in (("queue length", QueueLength), ("requirement", Required)):
        yield _by_hindsight(asked, who, make, ours)


def _same_bounds(who: str, ours: Outcome, other: Outcome) -> Figure:
    """Our hours as a share of another policy's with the same bounds. The goal is beside the queue length's, and counts
    only if our first tokens are not later."""
    said = f"p99 {ours.p99_seconds:.2f} s against {other.p99_seconds:.2f} s"
    bound = (GOAL if ours.p99_seconds <= other.p99_seconds else 0) if who == "queue length" else None
    share = ours.gpu_hours / other.gpu_hours
    return Figure(f"replay: GPU-hours, ours of the {who}'s, same bounds", share, "x", said, bound)


def _by_hindsight(asked: Sequence[Asked], who: str, make: Callable[..., Policy], ours: Outcome) -> Figure:
    """Our hours as a share of another policy's with the fewest `minEngines` that make it as fast as ours."""
    for least in range(LEAST, MOST + 1):
        other = run(asked, make(least=least, most=MOST), max(ENGINES, least))
        if other.p99_seconds <= max(ours.p99_seconds, 1):
            said = (
                f"equal p99 or better, by a minEngines known only in hindsight: {least},"
                f" {other.gpu_hours:.2f} h, p99 {other.p99_seconds:.2f} s"
            )
            return Figure(
                f"replay: GPU-hours, ours of the {who}'s, best bounds",
                ours.gpu_hours / other.gpu_hours,
                "x",
                said,
            )
    return Figure(
        f"replay: GPU-hours, ours of the {who}'s, best bounds",
        0,
        "x",
        f"up to {MOST} engines are not as fast",
    )
