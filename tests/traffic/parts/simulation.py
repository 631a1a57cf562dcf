"""Engines and their autoscaler on a clock of their own: an hour takes a second.

An engine costs what the fake engine costs (tests/traffic/parts/engine.py): a time for the first token, one for each
token of the prompt and one for each token of the answer. Prompts are read one after the other. An engine runs `SLOTS`
requests at the same time, as long as their tokens fit its cache; others wait in it. A router gives a request to the
engine with the fewest.
"""

import heapq
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.traffic.parts.engine import Choices
from tests.traffic.parts.horizontal import SYNC_SECONDS
from tests.traffic.parts.traces import Asked

SLOTS = 64
"""Requests that an engine runs at the same time: those with which serving.jobs.benchmark measures by default."""

CACHE_TOKENS = 224_000
"""Tokens of an engine's cache: half of what qwen3-32b has on one MI300X (`playground plan qwen3-32b --gpus 1`)."""

CLOCK = Choices(first_ms=50, token_ms=30, prefill_us=40)
"""Assumed times of an engine: 33 tokens a second for each answer, 25,000 tokens of prompts a second."""

SMOOTH_SAMPLES, GUARD_SECONDS = 8, 300


@dataclass(eq=False)
class Engine:
    """One engine."""

    born: float
    ready: float
    running: int = 0
    cached: int = 0
    reading_until: float = 0
    waiting: deque[Asked] = field(default_factory=deque[Asked])
    leaving: bool = False

    @property
    def requests(self) -> int:
        return self.running + len(self.waiting)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the autoscaler's queries see."""

    now: float
    present: int
    ready: int
    waiting: int
    """Now."""

    requests: float
    """Running and waiting, on average over two minutes."""

    cache: float
    """The sum of the caches' use, on average over two minutes."""

    first_tokens: Sequence[float]
    """Times to the first token in the guard's window."""


class Policy(Protocol):
    """What decides the number of engines."""

    def decide(self, sample: Sample) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a policy cost, and what users saw."""

    gpu_hours: float
    p99_seconds: float
    mean_engines: float
    changes: Sequence[tuple[float, int]]

    def turns(self, seconds: float) -> int:
        """How often an engine was removed within some seconds after one was added, or the reverse."""
        pairs = zip(self.changes, self.changes[1:], strict=False)
        return sum(a * b < 0 and later - at <= seconds for (at, a), (later, b) in pairs)

    def most_in(self, seconds: float, sign: int) -> int:
        """The most engines added (1) or removed (-1) in a period."""
        own = [(at, abs(change)) for at, change in self.changes if change * sign > 0]
        return max(
            (sum(each for at, each in own if begin <= at < begin + seconds) for begin, _ in own), default=0
        )


class Simulation:
    """One run. GPU-hours count until the last request arrives; then every request still gets its first token."""

    def __init__(
        self, requests: Sequence[Asked], policy: Policy, *, first: int, start_seconds: float
    ) -> None:
        self.requests, self.policy, self.start_seconds = requests, policy, start_seconds
        self.end = requests[-1].at
        self.engines = [Engine(born=0, ready=0) for _ in range(first)]
        self.present = first
        self.ends: list[tuple[float, int, Engine, int]] = []
        self.firsts: list[tuple[float, float]] = []
        self.window: deque[tuple[float, float]] = deque()
        self.samples: deque[tuple[int, float]] = deque(maxlen=SMOOTH_SAMPLES)
        self.times: list[float] = []
        self.changes: list[tuple[float, int]] = []
        self.sizes: list[int] = []
        self.used = 0.0

    def run(self) -> Outcome:
        """The outcome after all requests have their first token."""
        arrivals, tick, place = self.requests, float(SYNC_SECONDS), 0
        while place < len(arrivals) or len(self.times) < len(arrivals):
            arrival = arrivals[place].at if place < len(arrivals) else math.inf
            finish = self.ends[0][0] if self.ends else math.inf
            if tick <= arrival and tick <= finish:
                self._autoscale(tick)
                tick += SYNC_SECONDS
            elif finish <= arrival:
                self._finish(*heapq.heappop(self.ends))
            else:
                ready = [each for each in self.engines if not each.leaving and each.ready <= arrival]
                engine = min(ready, key=lambda each: each.requests)
                engine.waiting.append(arrivals[place])
                place += 1
                self._admit(engine, arrival)
        for engine in self.engines:
            self._count(engine, self.end)
        slowest = sorted(self.times)
        return Outcome(
            gpu_hours=self.used / 3600,
            p99_seconds=slowest[math.ceil(0.99 * len(slowest)) - 1],
            mean_engines=sum(self.sizes) / len(self.sizes),
            changes=self.changes,
        )

    def _admit(self, engine: Engine, now: float) -> None:
        while engine.waiting and engine.running < SLOTS:
            asked = engine.waiting[0]
            tokens = asked.prompt + asked.answer
            if engine.running and engine.cached + tokens > CACHE_TOKENS:
                return
            engine.waiting.popleft()
            engine.running += 1
            engine.cached += tokens
            engine.reading_until = max(now, engine.reading_until) + asked.prompt * CLOCK.prefill_us / 1e6
            first = engine.reading_until + CLOCK.first_ms / 1e3
            self.times.append(first - asked.at)
            heapq.heappush(self.firsts, (first, first - asked.at))
            entry = (first + asked.answer * CLOCK.token_ms / 1e3, len(self.times), engine, tokens)
            heapq.heappush(self.ends, entry)

    def _finish(self, now: float, _order: int, engine: Engine, tokens: int) -> None:
        engine.running -= 1
        engine.cached -= tokens
        self._admit(engine, now)
        if engine.leaving and not engine.requests:
            self._remove(engine, now)

    def _autoscale(self, now: float) -> None:
        ready = [each for each in self.engines if not each.leaving and each.ready <= now]
        while self.firsts and self.firsts[0][0] <= now:
            self.window.append(heapq.heappop(self.firsts))
        while self.window and self.window[0][0] < now - GUARD_SECONDS:
            self.window.popleft()
        self.samples.append(
            (sum(each.requests for each in ready), sum(each.cached for each in ready) / CACHE_TOKENS)
        )
        count = len(self.samples)
        wanted = self.policy.decide(
            Sample(
                now=now,
                present=self.present,
                ready=len(ready),
                waiting=sum(len(each.waiting) for each in ready),
                requests=sum(each for each, _ in self.samples) / count,
                cache=sum(each for _, each in self.samples) / count,
                first_tokens=[seconds for _, seconds in self.window],
            )
        )
        if wanted != self.present:
            self.changes.append((now, wanted - self.present))
        for _ in range(self.present, wanted):
            self.engines.append(Engine(born=now, ready=now + self.start_seconds))
        for _ in range(wanted, self.present):
            self._stop_one(now)
        self.present = wanted
        if now <= self.end:
            self.sizes.append(wanted)

    def _stop_one(self, now: float) -> None:
        """As a ReplicaSet does, first one that is not ready. Its requests end before it goes."""
        staying = [each for each in self.engines if not each.leaving]
        engine = max(staying, key=lambda each: (each.ready > now, -each.requests))
        engine.leaving = True
        if not engine.requests:
            self._remove(engine, now)

    def _remove(self, engine: Engine, now: float) -> None:
        self._count(engine, now)
        self.engines.remove(engine)

    def _count(self, engine: Engine, now: float) -> None:
        self.used += max(0.0, min(now, self.end) - engine.born)
