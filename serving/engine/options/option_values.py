"""Checks values of engine options, and keys inside JSON options, against the types in the pinned version of vLLM."""

from collections.abc import Iterator

from facts.names import carried_problem
from facts.problem import Problem
from facts.vllm import ROCM_QUANTIZATIONS, VERSION
from facts.vllm_values import FIELD_KINDS, json_value, option_kind, wrong_fields, wrong_value
from serving.catalogue.model import OptionValue
from serving.engine.options.media_limits import OPTION as MEDIA
from serving.engine.options.media_limits import media_problems

SWITCHES = frozenset({"True", "False", "true", "false"})
"""The texts of true and false: from booleans in YAML, or from words that a program in another language passes."""

LISTED = "accepts several values in vLLM, but only one here"


def value_problems(name: str, value: OptionValue, place: str) -> Iterator[Problem]:
    """Problems with the value of a known option. `name` is as vLLM lists it, with any keys after a dot."""
    stem, dot, path = name.partition(".")
    kind = option_kind(stem)
    if allowed := carried_problem(str(value)):
        yield Problem(place, f"{str(value)[:20]}…", allowed)
        return
    if kind is None or (stem == "--attention-backend" and str(value).lower() == "auto"):
        return
    if dot:
        nested = media_problems(path, value, place) if stem == MEDIA else None
        yield from nested or _nested_problems(stem, kind, path, value, place)
        return
    yield from _plain_problems(stem, kind, value, place)


def _plain_problems(stem: str, kind: str, value: OptionValue, place: str) -> Iterator[Problem]:
    if kind != "switch" and str(value) in SWITCHES:
        yield Problem(place, value, f"{stem} is not a switch: it needs a value", "")
        return
    allowed = wrong_value(kind, value)
    if allowed and kind.startswith("list") and "," in str(value):
        allowed = f"{LISTED}: {allowed}"
    if allowed:
        yield Problem(place, value, allowed, _advice(kind))
    elif stem == MEDIA:
        yield from media_problems("", value, place)
    elif kind.startswith("json "):
        for where, found, wrong, fix in wrong_fields(kind.split(" ")[1], json_value(value)):
            yield Problem(f"{place}.{where}", found, wrong, fix)
    if stem == "--quantization" and str(value) not in ROCM_QUANTIZATIONS:
        otherwise = "Leave it out: the model's files state their quantization"
        allowed = f"vLLM {VERSION} does not support it on AMD GPUs"
        yield Problem.not_one_of(
            place, str(value), ROCM_QUANTIZATIONS, allowed, shown=value, otherwise=otherwise
        )


def _advice(kind: str) -> str:
    return """Write it as '{"key": value}'""" if kind.startswith("json") else ""


def _nested_problems(stem: str, kind: str, path: str, value: OptionValue, place: str) -> Iterator[Problem]:
    if not kind.startswith(("json", "any")):
        yield Problem(
            place, value, f"{stem} does not accept keys after a dot", f"Write it as {stem.lstrip('-')}"
        )
        return
    owner = kind.partition(" ")[2]
    for key in path.removesuffix("+").split("."):
        if not owner:
            return
        found = FIELD_KINDS.get(f"{owner}.{key}")
        if found is None:
            names = {name.partition(".")[2] for name in FIELD_KINDS if name.startswith(f"{owner}.")}
            yield Problem.not_one_of(place, key, names, f"{key} is not a field of {owner}", shown=value)
            return
        kind = found
        owner = found.partition(" ")[2] if found.startswith("json ") else ""
    allowed = None if kind.startswith(("json", "list")) else wrong_value(kind, value)
    if allowed:
        yield Problem(place, value, allowed)
