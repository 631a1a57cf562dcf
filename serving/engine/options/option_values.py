"""Values of engine options by the types that the pinned version gives them, keys inside JSON options included."""

from collections.abc import Iterator

from facts.names import carried_problem
from facts.problem import Problem
from facts.vllm import ROCM_QUANTIZATIONS, VERSION
from facts.vllm_values import FIELD_KINDS, json_value, option_kind, wrong_fields, wrong_value
from serving.catalogue.model import OptionValue
from serving.engine.options.media_limits import OPTION as MEDIA
from serving.engine.options.media_limits import media_problems

SWITCHES = frozenset({"True", "False", "true", "false"})
"""How true and false come here: as booleans of YAML, or as words from a program in another language."""

LISTED = "takes several values, and one can be given here"


def value_problems(name: str, value: OptionValue, place: str) -> Iterator[Problem]:
    """What is wrong with the value of an option that exists; `name` is as vLLM lists it, keys after a dot included."""
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
        yield Problem(place, value, f"{stem} is no switch: it takes a value", "")
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
        otherwise = "Leave it out: the files say how they are quantized"
        allowed = f"vLLM {VERSION} does not take it on AMD GPUs"
        yield Problem.not_one_of(
            place, str(value), ROCM_QUANTIZATIONS, allowed, shown=value, otherwise=otherwise
        )


def _advice(kind: str) -> str:
    return """Write it as '{"key": value}'""" if kind.startswith("json") else ""


def _nested_problems(stem: str, kind: str, path: str, value: OptionValue, place: str) -> Iterator[Problem]:
    if not kind.startswith(("json", "any")):
        yield Problem(place, value, f"{stem} takes no keys after a dot", f"Write it as {stem.lstrip('-')}")
        return
    owner = kind.partition(" ")[2]
    for key in path.removesuffix("+").split("."):
        if not owner:
            return
        found = FIELD_KINDS.get(f"{owner}.{key}")
        if found is None:
            names = {name.partition(".")[2] for name in FIELD_KINDS if name.startswith(f"{owner}.")}
            yield Problem.not_one_of(place, key, names, f"{key} is no field of {owner}", shown=value)
            return
        kind = found
        owner = found.partition(" ")[2] if found.startswith("json ") else ""
    allowed = None if kind.startswith(("json", "list")) else wrong_value(kind, value)
    if allowed:
        yield Problem(place, value, allowed)
