"""`playground size`: how many GPUs a demand needs, which layout, and what a month costs."""

from collections.abc import Iterator, Sequence
from math import isfinite

import click

from facts.json_output import as_json
from facts.problem import Problem
from facts.shapes import GPU_SHAPES, Shape, find_shape
from serving.catalogue.loader import catalogue, find_model
from serving.engine.memory.plan import layouts
from serving.throughput.sizing import Demand, size

from .common import json_option, price_list, say
from .refusal import PROBLEMS, RefusedError
from .size_text import Answer, answer_json, answer_lines

DEFAULT_SHAPE = "BM.GPU.MI300X.8"
MOST_TOKENS = 10_000_000
MOST_REQUESTS = 10_000_000
MOST_SECONDS = 3600

_FORM = "MODEL:REQUESTS:PROMPT:ANSWER"


class WrongOptionsError(RefusedError):
    """All wrong options at once."""

    exit_code = click.UsageError.exit_code


@click.command("size")
@click.option("--model", "model_name", metavar="MODEL", required=True, help="A model of the catalogue.")
@click.option("--requests-per-minute", "requests", metavar="N", required=True, help="Requests a minute.")
@click.option("--prompt", metavar="TOKENS", required=True, help="Tokens of a prompt, on average.")
@click.option("--answer", metavar="TOKENS", required=True, help="Tokens of an answer, on average.")
@click.option("--ttft", metavar="S", required=True, help="Longest mean time to the first token, in seconds.")
@click.option(
    "--itl",
    metavar="S",
    default="0.1",
    show_default=True,
    help="Longest mean time between tokens, in seconds.",
)
@click.option("--also", metavar=_FORM, multiple=True, help="A further model on the same nodes.")
@click.option("--shape", "shape_name", default=DEFAULT_SHAPE, show_default=True, help="Shape of the nodes.")
@click.option("--gpus", metavar="N", help="Only layouts with this many GPUs for one engine.")
@json_option
def size_command(
    *,
    model_name: str,
    requests: str,
    prompt: str,
    answer: str,
    ttft: str,
    itl: str,
    also: tuple[str, ...],
    shape_name: str,
    gpus: str | None,
    json_output: bool,
) -> None:
    """Show how many GPUs answer the requests to MODEL, in which layout, for how much a month.

    The speed is predicted from published measurements. A layout holds the bounds at the slow end of its range. Exit
    code 1: no layout does, or no measurement spans the model. Exit code 2: a wrong option.
    """
    problems: list[Problem] = []
    bounds = (_number(ttft, "--ttft", MOST_SECONDS, problems), _number(itl, "--itl", MOST_SECONDS, problems))
    words = [(model_name, requests, prompt, answer), *_further(also, problems)]
    places = [("--model", "--requests-per-minute", "--prompt", "--answer"), *[("--also",) * 4 for _ in also]]
    demands = [
        each
        for word, place in zip(words, places, strict=False)
        if (each := _demand(word, place, bounds, problems)) is not None
    ]
    shape = _shape(shape_name, problems)
    only = _gpus(gpus, shape, demands, problems)
    if problems or shape is None:
        raise WrongOptionsError("\n".join(str(problem) for problem in problems), problems)
    answers = [Answer(each, *size(each, shape, only)) for each in demands]
    prices = price_list()
    if json_output:
        click.echo(as_json(answer_json(answers, shape, prices)))
    else:
        for line, indent in answer_lines(answers, shape, prices):
            say(line, indent)
    if not all(each.choices for each in answers):
        raise SystemExit(PROBLEMS)


def _further(also: Sequence[str], problems: list[Problem]) -> Iterator[tuple[str, str, str, str]]:
    for word in also:
        parts = word.split(":")
        if len(parts) != len(_FORM.split(":")):
            problems.append(Problem("--also", word, f"must be {_FORM}, such as llama-3.1-8b:60:500:200"))
        else:
            yield parts[0], parts[1], parts[2], parts[3]


def _demand(
    words: tuple[str, str, str, str],
    places: tuple[str, ...],
    bounds: tuple[float, float],
    problems: list[Problem],
) -> Demand | None:
    model = find_model(words[0])
    if model is None:
        problems.append(
            Problem.not_one_of(places[0], words[0], catalogue(), "is not a model of the catalogue")
        )
    rate = _number(words[1], places[1], MOST_REQUESTS, problems)
    prompt, answer = (
        _number(word, place, MOST_TOKENS, problems, least=1)
        for word, place in zip(words[2:], places[2:], strict=True)
    )
    if model is None:
        return None
    if prompt + answer > model.max_context:
        allowed = f"with the answer must be at most {model.max_context:,} tokens, the context of {model.name}"
        problems.append(Problem(places[2], f"{prompt:.10g} + {answer:.10g}", allowed))
    return Demand(
        model=model,
        requests_per_minute=rate,
        prompt=prompt,
        answer=answer,
        ttft_seconds=bounds[0],
        itl_seconds=bounds[1],
    )


def _number(word: str, place: str, most: float, problems: list[Problem], *, least: float = 0.0) -> float:
    """The number of a word. A wrong one is added to the problems, and is 1 from there on."""
    try:
        value = float(word.replace("_", "?")) if word.isascii() else float("nan")
    except ValueError:
        value = float("nan")
    if isfinite(value) and 0 < value <= most and value >= least:
        return value
    limits = f"from {least:g} to {most:,}" if least else f"above 0, up to {most:,}"
    problems.append(Problem(place, word, f"must be a number {limits}"))
    return 1.0


def _shape(name: str, problems: list[Problem]) -> Shape | None:
    found = find_shape(name)
    if found is None or not found.gpus:
        problems.append(Problem.not_one_of("--shape", name, GPU_SHAPES, "is not a shape with GPUs"))
        return None
    return found


def _gpus(
    word: str | None, shape: Shape | None, demands: Sequence[Demand], problems: list[Problem]
) -> int | None:
    if word is None or shape is None:
        return None
    if word not in map(str, range(1, shape.gpus + 1)):
        problems.append(Problem("--gpus", word, f"must be a whole number from 1 to {shape.gpus}"))
        return None
    for each in demands:
        sizes = layouts(each.model, shape)
        if int(word) not in sizes:
            listed = ", ".join(map(str, sizes))
            problems.append(Problem("--gpus", word, f"must be one of {listed} for {each.model.name}"))
    return int(word)
