"""The types of vLLM's options, fields of JSON options and environment variables.

`python -m facts.data.refresh_vllm` reads them from the wheel into facts/data/vllm/; facts/data/wheel/types.py describes
the form of a kind. A value that passes here has the right type. serving/engine checks whether it is sensible and fits
the other values.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import cast

from .json_text import read_json
from .problem import did_you_mean, nearest
from .vllm import SERVE_OPTIONS, VERSION, lines_of

Kinds = Mapping[str, str]


def _kinds(name: str) -> Kinds:
    pairs = (line.partition(" ") for line in lines_of(f"{name}-{VERSION}.txt"))
    return MappingProxyType({name: kind for name, _, kind in pairs})


OPTION_KINDS: Kinds = _kinds("option-kinds")
FIELD_KINDS: Kinds = _kinds("config-fields")
"""Fields of the classes that options accept as JSON, as `Class.field`."""

VARIABLE_KINDS: Kinds = MappingProxyType(
    {
        **_kinds("env"),
        # vllm/envs.py states no choices. vllm/logger.py gives the word to Python's `logging.config.dictConfig`, which
        # knows only these and refuses numbers in text.
        "VLLM_LOGGING_LEVEL": "name CRITICAL,DEBUG,ERROR,FATAL,INFO,NOTSET,WARN,WARNING",
    }
)
"""Every environment variable of vLLM. An empty kind accepts any text."""

_OPPOSITES = {"--enable-": "--disable-", "--disable-": "--enable-"}

HIDDEN_OPTIONS: frozenset[str] = frozenset(
    f"--no-{name.removeprefix('--')}"
    for name, kind in OPTION_KINDS.items()
    for prefix, opposite in _OPPOSITES.items()
    if kind == "switch" and name.startswith(prefix) and name.replace(prefix, opposite, 1) in SERVE_OPTIONS
)
"""Forms of switches that the parser accepts but its help does not list (vllm/utils/argparse_utils.py,
EnableDisableAction): `--no-enable-x` beside `--enable-x` and `--disable-x`."""

_SIZE = re.compile(r"\d{1,18}|\d{1,18}(\.\d+)?[kmgt]|\d{1,18}[KMGT]", re.ASCII)
"""18 digits are the toolkit's own limit: no number in vLLM is longer."""
_UNITS: Mapping[str, int] = MappingProxyType(
    {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
)
_BOUND = re.compile(r"(>=|<=|>|<)(-?[\d.]+)", re.ASCII)
_WORDS = {">=": "{} or more", "<=": "{} or less", ">": "above {}", "<": "below {}"}


def option_kind(stem: str) -> str | None:
    """Kind of an option, including the forms that turn a switch off; None if it is not known."""
    if stem in OPTION_KINDS:
        return OPTION_KINDS[stem]
    word = stem.removeprefix("--")
    others = (
        word.removeprefix("no-"),
        word.replace("disable-", "enable-", 1),
        word.replace("enable-", "disable-", 1),
    )
    return "switch" if any(OPTION_KINDS.get(f"--{other}") == "switch" for other in others) else None


def is_variable(name: str) -> bool:
    """Whether vLLM knows this variable. vLLM checks only variables that begin with VLLM_."""
    return name in VARIABLE_KINDS


def unknown_variable(name: str) -> str | None:
    """The reason why vLLM would not start with this variable, or None."""
    if not name.startswith("VLLM_") or is_variable(name):
        return None
    return f"vLLM {VERSION} has no such variable, and an engine does not start with an unknown variable"


def size_of(value: object) -> int | None:
    """A number as vLLM reads it if it accepts units: 16k is 16,000 and 16K is 16,384. None if it is not a number."""
    text = str(value).strip()
    if not _SIZE.fullmatch(text):
        return None
    unit = _UNITS.get(text[-1])
    return int(float(text[:-1]) * unit) if unit else int(text)


def wrong_value(kind: str, value: object) -> str | None:
    """What a value of this kind must be, or None if the value is valid."""
    words = kind.split(" ")
    head, rest = words[0], words[1:]
    bounds = [each for each in rest if _BOUND.fullmatch(each)]
    if head == "list":
        return wrong_value(" ".join(rest), value)
    if head in {"choice", "name"}:
        return _wrong_choice(rest[0].split(","), value, any_case=head == "name")
    if head in {"array", "json"}:
        return _wrong_json(head, value)
    if head == "switch":
        return None if str(value).lower() in {"true", "false"} else "must be true or false"
    if head in {"int", "size", "float"}:
        return _wrong_number(head, value, bounds)
    return None


def _wrong_json(head: str, value: object) -> str | None:
    if head == "array":
        return None if isinstance(_parsed(value), list) else """must be a JSON list, as '["*"]'"""
    return None if _as_object(value) is not None else "must be a JSON object"


def _wrong_choice(words: list[str], value: object, *, any_case: bool) -> str | None:
    text = str(value)
    if text in words or (any_case and text.lower() in {word.lower() for word in words}):
        return None
    meant = nearest(text, words)
    return f"must be {meant}, or another of {len(words)}" if meant and len(words) > 9 else _one_of(words)


def _one_of(words: list[str]) -> str:
    return f"must be one of {', '.join(words)}"


def _wrong_number(head: str, value: object, bounds: list[str]) -> str | None:
    number = _number(head, value)
    said = " and ".join(
        _WORDS[match[1]].format(match[2]) for each in bounds if (match := _BOUND.fullmatch(each))
    )
    noun = {"int": "a whole number", "size": "a whole number, as 16384 or 16K", "float": "a number"}[head]
    wanted = f"must be {noun}{f', {said}' if said else ''}"
    if number is None:
        return wanted
    return None if all(_within(number, each) for each in bounds) else wanted


def _number(head: str, value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if head == "size":
        # For auto and -1, vLLM derives the length itself.
        return -1 if str(value).lower() in {"auto", "-1"} else size_of(value)
    try:
        found = int(str(value)) if head == "int" else float(str(value))
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def _within(number: float, bound: str) -> bool:
    match = _BOUND.fullmatch(bound)
    if match is None:
        return True
    limit = float(match[2])
    return {">=": number >= limit, ">": number > limit, "<=": number <= limit, "<": number < limit}[match[1]]


def _as_object(value: object) -> dict[str, object] | None:
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    try:
        found: object = read_json(str(value))
    except ValueError:
        return None
    return cast("dict[str, object]", found) if isinstance(found, dict) else None


def _parsed(value: object) -> object:
    try:
        return read_json(value) if isinstance(value, str) else value
    except ValueError:
        return value


def field_value(value: object) -> object:
    """How vLLM reads the value of a dotted key: JSON, a number with a unit, or text."""
    found = _parsed(value)
    size = size_of(found) if isinstance(found, str) else None
    return found if size is None else size


def json_value(value: object) -> dict[str, object]:
    """The object in an option's JSON; empty if the JSON is not an object."""
    return _as_object(value) or {}


def wrong_fields(
    owner: str, given: Mapping[str, object], place: str = ""
) -> Iterator[tuple[str, object, str, str]]:
    """Unknown keys and keys with the wrong type in a JSON option: path, value, what is allowed, fix. vLLM refuses
    both."""
    names = {name.partition(".")[2] for name in FIELD_KINDS if name.startswith(f"{owner}.")}
    if not names:
        return
    for key, value in given.items():
        here = f"{place}.{key}" if place else key
        if key not in names:
            yield here, value, f"is no field of {owner}", did_you_mean(key, names)
            continue
        kind = FIELD_KINDS[f"{owner}.{key}"]
        if value is None or kind.startswith("list"):
            continue
        allowed = wrong_value(kind, value)
        if allowed:
            yield here, value, allowed, ""
        elif kind.startswith("json ") and isinstance(value, Mapping):
            yield from wrong_fields(kind.split(" ")[1], cast("Mapping[str, object]", value), here)
