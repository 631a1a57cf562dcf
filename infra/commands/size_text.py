"""What `playground size` prints: the layouts in sentences, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from pydantic.alias_generators import to_camel

from facts.prices import PriceList
from facts.shapes import Shape
from facts.wording import plural
from serving.throughput.sizing import Choice, Demand, Refused, nodes_for, usd_per_million

NEXT_BEST = 3
"""Layouts after the best that are printed. JSON has all of them."""


@dataclass(frozen=True)
class Answer:
    """The layouts for one demand."""

    demand: Demand
    choices: list[Choice]
    refused: list[Refused]


def _month(nodes: int, shape: Shape, prices: PriceList) -> float | None:
    price = prices.gpu_hour(shape.name)
    return None if price is None else nodes * shape.gpus * price * prices.hours_per_month


def answer_lines(answers: Sequence[Answer], shape: Shape, prices: PriceList) -> Iterator[tuple[str, int]]:
    """Lines with their indents."""
    for each in answers:
        demand = each.demand
        requests = "request" if demand.requests_per_minute == 1 else "requests"
        yield (
            f"{demand.model.name}: {demand.requests_per_minute:,.10g} {requests} a minute of {demand.prompt:,.10g} + "
            f"{demand.answer:,.10g} tokens, first token within {demand.ttft_seconds:g} s, next within "
            f"{(demand.itl_seconds or 0) * 1000:g} ms",
            0,
        )
        for place, choice in enumerate(each.choices[: 1 + NEXT_BEST]):
            yield f"{'Best' if not place else f'Next {place}'}: {_choice_line(choice, shape, prices)}", 2
            yield from ((line, 4) for line in _speed_lines(choice, shape, prices))
        if not each.choices:
            yield "Unknown, or not possible:", 2
        elif each.refused:
            yield "Not counted:", 2
        yield from ((_refused_line(refused), 4) for refused in each.refused)
    if len(answers) > 1 and all(each.choices for each in answers):
        best = [each.choices[0] for each in answers]
        nodes = nodes_for(best, shape)
        gpus = sum(each.gpus for each in best)
        yield f"Together: {plural('node', nodes)} for {plural('GPU', gpus)}{_money(nodes, shape, prices)}", 0
    yield "Predicted from published measurements; ranges and sources: docs/throughput.md.", 0


def _choice_line(choice: Choice, shape: Shape, prices: PriceList) -> str:
    nodes = nodes_for([choice], shape)
    weights = f"{choice.weights} weights" + (" (quantization: fp8)" if choice.quantized else "")
    return (
        f"{choice.replicas} x {plural('GPU', choice.tensor_parallel)}, {weights}, cache {choice.cache}: "
        f"{plural('GPU', choice.gpus)} on {plural('node', nodes)}{_money(nodes, shape, prices)}"
    )


def _money(nodes: int, shape: Shape, prices: PriceList) -> str:
    month = _month(nodes, shape, prices)
    return ", no price known" if month is None else f", {month:,.0f} {prices.currency} a month"


def _speed_lines(choice: Choice, shape: Shape, prices: PriceList) -> Iterator[str]:
    found = choice.prediction
    tps, first, between = found.output_tps, found.ttft_seconds, found.itl_seconds
    yield (
        f"Each, with {choice.concurrency:,} requests at the same time: {tps.value:,.0f} answer tokens a second "
        f"({tps.low:,.0f} to {tps.high:,.0f}), first token {first.value:.2f} s (to {first.high:.2f}), next "
        f"{between.value * 1000:.0f} ms (to {between.high * 1000:.0f})."
    )
    price = prices.gpu_hour(shape.name)
    if price is not None:
        low, value, high = usd_per_million(price, choice)
        yield f"{value:.2f} {prices.currency} for a million answer tokens when busy ({low:.2f} to {high:.2f})."


def _refused_line(refused: Refused) -> str:
    return f"{plural('GPU', refused.tensor_parallel)}, {refused.weights}: {'; '.join(refused.reasons)}"


def answer_json(answers: Sequence[Answer], shape: Shape, prices: PriceList) -> dict[str, object]:
    """All layouts, with amounts in the currency of the price list."""
    return {
        "shape": shape.name,
        "currency": prices.currency,
        "models": [
            {
                "model": each.demand.model.name,
                "choices": [_choice_json(choice, shape, prices) for choice in each.choices],
                "notCounted": [_camel(asdict(refused)) for refused in each.refused],
            }
            for each in answers
        ],
        "together": _together(answers, shape, prices),
    }


def _together(answers: Sequence[Answer], shape: Shape, prices: PriceList) -> dict[str, object] | None:
    if not all(each.choices for each in answers):
        return None
    best = [each.choices[0] for each in answers]
    nodes = nodes_for(best, shape)
    return {
        "gpus": sum(each.gpus for each in best),
        "nodes": nodes,
        "monthly": _month(nodes, shape, prices),
    }


def _choice_json(choice: Choice, shape: Shape, prices: PriceList) -> dict[str, object]:
    nodes, price = nodes_for([choice], shape), prices.gpu_hour(shape.name)
    million = None if price is None else usd_per_million(price, choice)
    return {
        **_camel(asdict(choice)),
        "gpus": choice.gpus,
        "nodes": nodes,
        "monthly": _month(nodes, shape, prices),
        "perMillionAnswerTokens": None
        if million is None
        else dict(zip(("low", "value", "high"), million, strict=True)),
    }


def _camel(value: Mapping[str, object]) -> dict[str, object]:
    return {
        to_camel(key): _camel(cast("dict[str, object]", each)) if isinstance(each, dict) else each
        for key, each in value.items()
    }
