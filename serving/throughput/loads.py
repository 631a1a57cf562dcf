"""The work of a load: of a published measurement, and of steady traffic."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from facts.throughput.figures import Measurement

from .work import Engine, Terms, added, seconds

STEADY = 8
"""From this many times the requests at the same time on, the beginning and the end of a run do not count."""

BATCH_TOKENS = 16384
"""Tokens of prompts that a step reads: vLLM's default on GPUs with this much memory (facts/data/vllm)."""

FIRST_TOKEN = "firstToken"  # noqa: S105 - a word of language models
"""Name of the factor by which a first token takes longer under steady traffic than its work and its wait: a server
mixes prompts and answers, and its requests arrive in bursts."""

GROWTH = 0.75
"""Mean share of an answer that the cache holds when all requests begin together and the cache has too little room."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """Steady traffic of one engine."""

    prompt: float
    """Tokens of a prompt, more than 0."""
    answer: float
    """Tokens of an answer, more than 0."""
    concurrency: float
    """Requests at the same time, at least 1."""

    @property
    def context(self) -> float:
        """Tokens in the cache of a request, on average over its answer."""
        return self.prompt + self.answer / 2


def wave(engine: Engine, batch: float, prompt: float, answer: float) -> Terms:
    """`batch` requests from their prompts to the ends of their answers. Steady traffic repeats this: while one request
    goes from begin to end, each of the others has its prompt read once."""
    return added(
        (batch, engine.prompt(prompt)),
        (answer, engine.step(batch, prompt + answer / 2)),
    )


def run_terms(engine: Engine, figure: Measurement) -> Terms:
    """The whole run of a measurement, whose time is all its answer tokens over its tokens a second."""
    steady = figure.steady or figure.requests >= STEADY * figure.concurrency
    kept = figure.prompt + figure.answer * (0.5 if steady else GROWTH)
    batch = engine.running(min(figure.concurrency, figure.requests), kept)
    whole = math.floor(figure.requests / batch)
    rest = figure.requests - whole * batch
    if steady or rest < 1:
        return added((figure.requests / batch, wave(engine, batch, figure.prompt, figure.answer)))
    return added(
        (whole, wave(engine, batch, figure.prompt, figure.answer)),
        (1, wave(engine, rest, figure.prompt, figure.answer)),
    )


def burst_terms(engine: Engine, figure: Measurement) -> Terms:
    """The mean time to the first token if all requests arrive together, as in the usual tool: requests of one length
    also end together, so each wave of them is a burst."""
    batch = min(figure.concurrency, figure.requests)
    steps = max(1.0, batch * figure.prompt / BATCH_TOKENS)
    return added(
        (batch * (1 + 1 / steps) / 2, engine.prompt(figure.prompt)),
        (1, engine.step(1, figure.prompt)),
    )


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast an engine answers steady traffic."""

    running: float
    """Requests at the same time: those of the load, or fewer if the cache has no room for all of them."""
    output_tps: float
    """Answer tokens a second."""
    total_tps: float
    """Prompt and answer tokens a second."""
    requests_per_second: float
    ttft_seconds: float
    """Mean time to the first token: waiting for a place, other prompts and the running step, then one step."""
    itl_seconds: float
    """Mean time between tokens of an answer, with the pauses for other prompts."""


def steady_speed(engine: Engine, load: Load, factors: Mapping[str, float]) -> Speed:
    """The speed with these factors. Requests without room in the cache wait, and their wait counts."""
    batch = engine.running(load.concurrency, load.context)
    read = seconds(engine.prompt(load.prompt), factors)
    step = seconds(engine.step(batch, load.context), factors)
    cycle = batch * read + load.answer * step
    rate = batch / cycle
    # A request meets all requests at the same time but itself: the only one waits for none.
    others = 1 - 1 / load.concurrency
    busy = min(rate * read * others, 0.99)
    # The mean wait of random arrivals at one server with a fixed service time (Pollaczek and Khinchine).
    queue = read * busy / (2 * (1 - busy)) + (load.concurrency - batch) / rate
    # A new request waits for half a step of the others, and gets its first token at the end of the next.
    first = others * cycle / load.answer / 2 + step + read
    return Speed(
        running=batch,
        output_tps=rate * load.answer,
        total_tps=rate * (load.answer + load.prompt),
        requests_per_second=rate,
        ttft_seconds=(queue + first) * factors.get(FIRST_TOKEN, 1.0),
        itl_seconds=cycle / load.answer,
    )
