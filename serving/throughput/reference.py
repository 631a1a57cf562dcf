"""The speed of an engine under one reference load, for `playground plan`."""

from serving.engine.options.given import dashed
from serving.engine.request import PlanRequest

from .loads import Load
from .predict import Prediction, Unknown, predict
from .work import Engine

REFERENCE = Load(prompt=1000, answer=500, concurrency=64)
"""A chat: no measurement decides it, it only makes plans comparable."""


def reference_speed(request: PlanRequest, gpus: int) -> Prediction | Unknown:
    """The speed of a planned engine with this tensor parallel size."""
    given = {dashed(name) for name in (*(request.choices.engine_options or {}), *request.model.options)}
    if request.nodes > 1:
        return Unknown(("no figure is of an engine on several nodes",))
    for option in ("--quantization", "--speculative-config"):
        if option in given:
            return Unknown((f"no figure is with the option {option}",))
    needed = REFERENCE.prompt + REFERENCE.answer
    if request.context_tokens < needed:
        context = f"its context of {request.context_tokens:,} tokens"
        return Unknown((f"{context} is too short for a request of {needed:,g} tokens",))
    eager = not request.demands.graphs
    cache = "fp8" if request.kv_type.startswith("fp8") else "auto"
    return predict(
        Engine(model=request.model, shape=request.shape, gpus=gpus, cache=cache, eager=eager), REFERENCE
    )


def load_words(load: Load) -> str:
    """A load in words."""
    return f"{load.concurrency:g} requests of {load.prompt:,g} + {load.answer:,g} tokens at the same time"


def speed_sentence(request: PlanRequest, gpus: int) -> str:
    """That speed in a sentence."""
    load, found = REFERENCE, reference_speed(request, gpus)
    about = load_words(load)
    if isinstance(found, Unknown):
        return f"Speed with {about}: unknown ({'; '.join(found.reasons)})."
    tps, first = found.output_tps, found.ttft_seconds
    return (
        f"Speed with {about}: about {tps.value:,.0f} answer tokens a second ({tps.low:,.0f} to {tps.high:,.0f}), "
        f"first token after {first.value:.2f} s (to {first.high:.2f})."
    )
