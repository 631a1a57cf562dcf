"""What the measurements span. Outside, the answer is "unknown".

A family has a box of its figures, apart for engines of one GPU and of several, which exchange data. Its number formats
and GPUs are those of both boxes. A model with a window, a state or a sparse attention is outside: no figure of vLLM
has one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from facts.throughput.figures import Measurement
from facts.throughput.hardware import peaks_of
from serving.catalogue.model import Model

from .loads import Load
from .measured import measured_engine
from .work import Engine, family_of

Limits = tuple[float, float]

MARGIN = 1.25
"""How far beyond the figures a length may be: their work is counted, and one publication often has one length."""

WITH_MARGIN = frozenset({"prompt", "answer"})

NAMES: Mapping[str, str] = {
    "parameters": "billion parameters",
    "concurrency": "requests at the same time",
    "prompt": "tokens of a prompt",
    "answer": "tokens of an answer",
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """The box of one family on one GPU, or on several."""

    parameters: Limits
    concurrency: Limits
    prompt: Limits
    answer: Limits
    gpus: Limits
    """Of the whole family."""
    formats: tuple[str, ...]
    """Number formats of the weights, of the whole family."""
    eager: bool
    """Whether a figure is without graphs."""
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            **{name: list(getattr(self, name)) for name in (*NAMES, "gpus")},
            "formats": list(self.formats),
            "eager": self.eager,
            "sources": list(self.sources),
        }


def read_span(value: Mapping[str, object]) -> Span:
    """The span of its JSON."""
    limits = {name: tuple(cast("list[float]", value[name])) for name in (*NAMES, "gpus")}
    return Span(
        **cast("dict[str, Limits]", limits),
        formats=tuple(cast("list[str]", value["formats"])),
        eager=bool(value["eager"]),
        sources=tuple(cast("list[str]", value["sources"])),
    )


def span_name(engine: Engine) -> str:
    """The name of the box that an engine must be in."""
    return f"{family_of(engine.model)} on {'one GPU' if engine.gpus == 1 else 'several GPUs'}"


def spans(figures: Sequence[Measurement]) -> dict[str, Span]:
    """The boxes of these figures, by name."""
    pairs = [(engine, each) for each in figures if (engine := measured_engine(each)) is not None]
    found: dict[str, Span] = {}
    for name in sorted({span_name(engine) for engine, _ in pairs}):
        box = [(engine, each) for engine, each in pairs if span_name(engine) == name]
        family = [engine for engine, _ in pairs if span_name(engine).split()[0] == name.split()[0]]
        found[name] = Span(
            parameters=_limits(engine.model.parameters_billion for engine, _ in box),
            concurrency=_limits(min(each.concurrency, each.requests) for _, each in box),
            prompt=_limits(each.prompt for _, each in box),
            answer=_limits(each.answer for _, each in box),
            gpus=_limits(engine.gpus for engine in family),
            formats=tuple(sorted({engine.model.weight_type for engine in family})),
            eager=any(each.eager for _, each in box),
            sources=tuple(sorted({each.source for _, each in box})),
        )
    return found


def _limits(values: Iterator[float]) -> Limits:
    found = list(values)
    return min(found), max(found)


def outside(engine: Engine, load: Load, known: Mapping[str, Span]) -> list[str]:
    """Why no figure says how fast this engine answers the load. Empty: figures span it."""
    model = engine.model
    if peaks_of(engine.shape) is None:
        return [f"{engine.shape.name} has {engine.shape.gpu_name or 'no GPU'}, of which there are no figures"]
    reasons = [*_kinds(model)]
    span = known.get(span_name(engine))
    if span is None:
        return [*reasons, f"no figure is of {span_name(engine)}"]
    if model.weight_type not in span.formats:
        reasons.append(f"no figure is of weights in {model.weight_type}, only {' and '.join(span.formats)}")
    if engine.eager and not span.eager:
        reasons.append("no figure is without graphs")
    values = {"parameters": model.parameters_billion, "gpus": engine.gpus, **_loads(load)}
    for name, words in {**NAMES, "gpus": "GPUs"}.items():
        least, most = cast("Limits", getattr(span, name))
        margin = MARGIN if name in WITH_MARGIN else 1.0
        if not least / margin <= values[name] <= most * margin:
            reasons.append(f"{values[name]:,.6g} {words}: the figures have {_words(least, most)}")
    return reasons


def _words(least: float, most: float) -> str:
    return f"only {least:,.6g}" if least == most else f"{least:,.6g} to {most:,.6g}"


def _loads(load: Load) -> dict[str, float]:
    return {"concurrency": load.concurrency, "prompt": load.prompt, "answer": load.answer}


def _kinds(model: Model) -> Iterator[str]:
    if model.window:
        yield "no figure is of layers with a sliding window"
    if model.state:
        yield "no figure is of layers with linear attention"
    if model.index_bytes:
        yield "no figure is of sparse attention"
