"""What the measurements span. Outside, the answer is "unknown".

A family has a span of its figures, apart for engines of one GPU and of several, which exchange data. Its number formats
and GPUs are those of both spans. A model with a window, a state, a sparse attention or an image encoder is outside: no
figure of vLLM that counts has one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from facts.throughput.figures import Measurement
from facts.throughput.hardware import peaks_of
from serving.catalogue.model import Model

from .hull import Limits, Point, corners, limits_between
from .loads import Load
from .measured import measured_engine
from .work import Engine, family_of

MARGIN = 1.25
"""How far beyond the figures a length or a number of requests may be: their work is counted, and one publication often
has one of them."""

SIZES = 1.1
"""How far the sizes of models may be apart that count as one size, as a factor."""

WITH_IMAGES = "ForConditionalGeneration"
"""End of the architecture's name of a model that also reads images. Those of the one series with figures are slower
than text models of their size, and too few to say how much slower others are."""

LENGTHS: Mapping[str, str] = {"prompt": "tokens of a prompt", "answer": "tokens of an answer"}


@dataclass(frozen=True, kw_only=True)
class Span:
    """That of one family on one GPU, or on several."""

    corners: tuple[Point, ...]
    """Of the hull of sizes and requests at the same time."""
    prompt: Limits
    answer: Limits
    gpus: Limits
    """Of the whole family."""
    formats: tuple[str, ...]
    """Number formats of the weights, of the whole family."""
    eager: bool
    """Whether a figure is without graphs."""
    sources: tuple[str, ...]

    @property
    def parameters(self) -> Limits:
        """Of the smallest and the largest model, in billions."""
        return _limits(size for size, _ in self.corners)

    def concurrency(self, parameters: float) -> Limits | None:
        """Least and most requests at the same time for a model of this size. None: the size is outside."""
        found = limits_between(self.corners, parameters / SIZES, parameters * SIZES)
        return (found[0] / MARGIN, found[1] * MARGIN) if found else None

    def as_json(self) -> dict[str, object]:
        return {
            "corners": [list(each) for each in self.corners],
            **{name: list(getattr(self, name)) for name in (*LENGTHS, "gpus")},
            "formats": list(self.formats),
            "eager": self.eager,
            "sources": list(self.sources),
        }


def read_span(value: Mapping[str, object]) -> Span:
    """The span of its JSON."""
    limits = {name: tuple(cast("list[float]", value[name])) for name in (*LENGTHS, "gpus")}
    return Span(
        **cast("dict[str, Limits]", limits),
        corners=tuple((size, requests) for size, requests in cast("list[Point]", value["corners"])),
        formats=tuple(cast("list[str]", value["formats"])),
        eager=bool(value["eager"]),
        sources=tuple(cast("list[str]", value["sources"])),
    )


def span_name(engine: Engine) -> str:
    """The name of the span that an engine must be in."""
    return f"{family_of(engine.model)} on {'one GPU' if engine.gpus == 1 else 'several GPUs'}"


def spans(figures: Sequence[Measurement]) -> dict[str, Span]:
    """The spans of these figures, by name."""
    pairs = [(engine, each) for each in figures if (engine := measured_engine(each)) is not None]
    found: dict[str, Span] = {}
    for name in sorted({span_name(engine) for engine, _ in pairs}):
        own = [(engine, each) for engine, each in pairs if span_name(engine) == name]
        family = [engine for engine, _ in pairs if span_name(engine).split()[0] == name.split()[0]]
        found[name] = Span(
            corners=corners(
                (engine.model.parameters_billion, min(each.concurrency, each.requests))
                for engine, each in own
            ),
            prompt=_limits(each.prompt for _, each in own),
            answer=_limits(each.answer for _, each in own),
            gpus=_limits(engine.gpus for engine in family),
            formats=tuple(sorted({engine.model.weight_type for engine in family})),
            eager=any(each.eager for _, each in own),
            sources=tuple(sorted({each.source for _, each in own})),
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
    return [*reasons, *_beyond(engine, load, span)]


def _beyond(engine: Engine, load: Load, span: Span) -> Iterator[str]:
    size, requests = engine.model.parameters_billion, span.concurrency(engine.model.parameters_billion)
    if requests is None:
        yield f"{size:,.6g} billion parameters: the figures have {_words(*span.parameters)}"
    elif not requests[0] <= load.concurrency <= requests[1]:
        of_size = (requests[0] * MARGIN, requests[1] / MARGIN)
        yield (
            f"{load.concurrency:,.6g} requests at the same time of a model of {size:,.6g} billion parameters: the "
            f"figures have {_words(*(round(each) for each in of_size))}"
        )
    least, most = span.gpus
    if not least <= engine.gpus <= most:
        yield f"{engine.gpus} GPUs: the figures have {_words(least, most)}"
    for name, words in LENGTHS.items():
        value, (least, most) = getattr(load, name), cast("Limits", getattr(span, name))
        if not least / MARGIN <= value <= most * MARGIN:
            yield f"{value:,.6g} {words}: the figures have {_words(least, most)}"


def _words(least: float, most: float) -> str:
    return f"only {least:,.6g}" if least == most else f"{least:,.6g} to {most:,.6g}"


def _kinds(model: Model) -> Iterator[str]:
    if model.window:
        yield "no figure is of layers with a sliding window"
    if model.state:
        yield "no figure is of layers with linear attention"
    if model.index_bytes:
        yield "no figure is of sparse attention"
    if model.architecture.endswith(WITH_IMAGES):
        yield "no figure that counts is of a model with an image encoder"
