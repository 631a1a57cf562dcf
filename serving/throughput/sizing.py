"""How many GPUs a demand needs: the layouts of a model, what each can take, and what a month costs.

A layout must hold the bounds at the slow end of the ranges. The nodes are whole: bare metal is not sold by the GPU.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from facts.shapes import Shape
from serving.catalogue.model import Model
from serving.engine.memory.allocations import ACTIVATION_BYTES, GB
from serving.engine.memory.cache import kv_types
from serving.engine.memory.plan import layouts

from .factors import fitted_factors
from .loads import Load
from .predict import Prediction, Unknown, predict
from .span import span_name
from .work import Engine


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What the users of one model ask for."""

    model: Model
    requests_per_minute: float
    prompt: float
    """Tokens, on average."""
    answer: float
    """Tokens, on average."""
    ttft_seconds: float
    """Longest mean time to the first token."""
    itl_seconds: float | None = None
    """Longest mean time between tokens. None: any."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One layout that answers the demand."""

    model: str
    tensor_parallel: int
    weights: str
    """Number format of the weights."""
    quantized: bool
    """Whether the engine converts the files while it loads them (engine option `quantization: fp8`)."""
    cache: str
    replicas: int
    concurrency: int
    """Requests at the same time in one replica, up to which the bounds hold."""
    prediction: Prediction
    """Of one replica with so many requests."""

    @property
    def gpus(self) -> int:
        """GPUs of all replicas."""
        return self.tensor_parallel * self.replicas


@dataclass(frozen=True)
class Refused:
    """A layout that is not possible, or not known."""

    tensor_parallel: int
    weights: str
    reasons: tuple[str, ...]


def variants(model: Model) -> Iterator[tuple[Model, bool]]:
    """The model as its files are, and in FP8 if vLLM can convert them. The second value: whether it is converted."""
    yield model, False
    if model.weight_type == "bf16":
        wide = 2 * model.vocabulary_size * model.hidden_size
        size = (model.parameters_billion * GB - wide) + wide * ACTIVATION_BYTES
        # The embedding and the output layer keep their format.
        changed = {"weight_type": "fp8", "weights_gb": round(size / GB, 1), "weights_known": "assumed"}
        yield model.model_copy(update=changed), True


def size(demand: Demand, shape: Shape, gpus: int | None = None) -> tuple[list[Choice], list[Refused]]:
    """The layouts that answer the demand, cheapest first, and those that do not, with the reasons.

    `gpus`: only this tensor parallel size.
    """
    choices: list[Choice] = []
    refused: list[Refused] = []
    for model, quantized in variants(demand.model):
        for each in layouts(model, shape):
            if gpus is not None and each != gpus:
                continue
            cache = "fp8" if quantized and "fp8" in kv_types(model) else model.kv_cache_type or "auto"
            engine = Engine(model=model, shape=shape, gpus=each, cache=cache)
            found = _choice(demand, engine, quantized=quantized)
            if isinstance(found, Choice):
                choices.append(found)
            else:
                refused.append(Refused(each, model.weight_type, found))
    choices.sort(key=lambda each: (nodes_for([each], shape), each.gpus, each.tensor_parallel))
    return choices, refused


def _choice(demand: Demand, engine: Engine, *, quantized: bool) -> Choice | tuple[str, ...]:
    load = Load(prompt=demand.prompt, answer=demand.answer, concurrency=1)
    span = fitted_factors().spans.get(span_name(engine))
    spanned = (span.concurrency(engine.model.parameters_billion) if span else None) or (1, 1)
    least = math.ceil(spanned[0])
    most = math.floor(min(spanned[1], engine.running(spanned[1], load.context)))
    first = predict(engine, replace(load, concurrency=least))
    if isinstance(first, Unknown):
        return first.reasons
    if most < least:
        return (f"{most:,} requests fit in its cache: the figures begin at {least:,}",)
    if missed := _missed(demand, first):
        return missed
    concurrency, prediction = _most(demand, engine, load, (least, most), first)
    return Choice(
        model=demand.model.name,
        tensor_parallel=engine.gpus,
        weights=engine.model.weight_type,
        quantized=quantized,
        cache=engine.cache,
        replicas=max(1, math.ceil(demand.requests_per_minute / prediction.requests_per_minute.low)),
        concurrency=concurrency,
        prediction=prediction,
    )


def _most(
    demand: Demand, engine: Engine, load: Load, limits: tuple[int, int], first: Prediction
) -> tuple[int, Prediction]:
    """The most requests at the same time for which the bounds hold. More requests never make an answer faster."""
    (low, high), found = limits, first
    while low < high:
        middle = (low + high + 1) // 2
        tried = predict(engine, replace(load, concurrency=middle))
        if isinstance(tried, Unknown) or _missed(demand, tried):
            high = middle - 1
        else:
            low, found = middle, tried
    return low, found


def _missed(demand: Demand, prediction: Prediction) -> tuple[str, ...]:
    """The bounds that the slow end of the range does not hold."""
    found: list[str] = []
    first, between = prediction.ttft_seconds.high, prediction.itl_seconds.high
    if first > demand.ttft_seconds:
        found.append(f"the first token takes up to {first:.2f} s, more than {demand.ttft_seconds:g} s")
    if demand.itl_seconds is not None and between > demand.itl_seconds:
        found.append(
            f"the next token takes up to {between * 1000:.0f} ms, more than {demand.itl_seconds * 1000:g} ms"
        )
    return tuple(found)


def nodes_for(choices: Sequence[Choice], shape: Shape) -> int:
    """Whole nodes for all replicas. The sizes are powers of two, so the largest first leave no gap."""
    nodes, rest = 0, list[int]()
    for each in choices:
        # Most nodes have replicas of one choice only. To place each of many thousand replicas would take minutes.
        full, over = divmod(each.replicas, shape.gpus // each.tensor_parallel)
        nodes += full
        rest += [each.tensor_parallel] * over
    free: list[int] = []
    for gpus in sorted(rest, reverse=True):
        place = next((index for index, room in enumerate(free) if room >= gpus), None)
        if place is None:
            free.append(shape.gpus - gpus)
        else:
            free[place] -= gpus
    return nodes + len(free)


def usd_per_million(price_per_gpu_hour: float, choice: Choice) -> tuple[float, float, float]:
    """Price of a million answer tokens of a replica that is always busy: low, predicted, high."""
    hour = price_per_gpu_hour * choice.tensor_parallel
    speed = choice.prediction.output_tps
    low, value, high = (hour / (tps * 3600) * 1e6 for tps in (speed.high, speed.value, speed.low))
    return low, value, high
