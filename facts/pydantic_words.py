"""Turns pydantic's errors into Problems: exact path, value, what is allowed, how to fix it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from facts.problem import Problem, nearest
from facts.pydantic_fields import Loc, model_at

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$"


class _Mark:
    """Shown in a Problem that has no value to show."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


MISSING = _Mark("missing")
EMPTY = _Mark("empty")
UNKNOWN = _Mark("unknown")
HIDDEN = _Mark("[plain text]")
MAPPING = _Mark("a mapping")

_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)\.(?:\s|$)")

_TYPES = {
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
}

_TRUTHS: Mapping[str, str] = {
    **dict.fromkeys(("yes", "on", "y", "true"), "true"),
    **dict.fromkeys(("no", "off", "n", "false"), "false"),
}
"""Text that other YAML parsers read as true or false, and both words in quotes."""

_WITH_CONTEXT = {
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_pattern_mismatch": "must match {pattern}",
    "too_short": "must have {min_length} or more items",
    "value_error": "{error}",
}


def first_sentence(text: str) -> str:
    """The first sentence, on one line and without its full stop. `e.g. ` and `i.e. ` do not end a sentence."""
    return _SENTENCE_END.split(" ".join(text.split()))[0]


def path_of(section: str, loc: Iterable[int | str]) -> str:
    """The path of a location in a section, e.g. `gpu.pools[0].nodes`."""
    return section + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)


def problems_of(section: str, model: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    """One Problem for each error that pydantic found in a section. A misspelt key is not named as missing too."""
    details = error.errors(include_url=False)
    for detail in details:
        if detail["type"] != "missing" or not _is_misspelt(detail["loc"], details):
            yield _problem(section, model, detail)


def _is_misspelt(missing: Loc, details: Iterable[ErrorDetails]) -> bool:
    """Whether an unknown key beside a missing one means it."""
    beside = {kind: set[str]() for kind in ("missing", "extra_forbidden")}
    for each in details:
        if each["type"] in beside and each["loc"][:-1] == missing[:-1]:
            beside[each["type"]].add(str(each["loc"][-1]))
    return any(nearest(key, sorted(beside["missing"])) == missing[-1] for key in beside["extra_forbidden"])


def _problem(section: str, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    path, kind, value = path_of(section, detail["loc"]), detail["type"], detail["input"]
    context: Mapping[str, object] = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, model, detail["loc"])
    if kind == "missing":
        return Problem(path, MISSING, "is required", _help(model, detail["loc"]))
    if kind == "literal_error":
        return _not_a_choice(path, value, str(context["expected"]))
    if kind == "string_pattern_mismatch" and context["pattern"] == NAME_PATTERN:
        return Problem(path, value, "must be 2 to 40 of a-z, 0-9 and -, starting with a letter")
    if kind in _WITH_CONTEXT:
        # The mapping that breaks a rule on several keys, perhaps the whole file, would be too long to show.
        shown = MAPPING if isinstance(value, Mapping) else value
        return Problem(path, shown, _WITH_CONTEXT[kind].format_map(context))
    return Problem(path, _shown(value), _TYPES.get(kind, detail["msg"]), _cure(kind, value))


def _shown(value: object) -> object:
    """The value, or `empty` for None, which is a word of Python."""
    return EMPTY if value is None else value


def _cure(kind: str, value: object) -> str:
    """How to fix a value of the wrong type in YAML."""
    if kind == "string_type" and isinstance(value, int | float):
        return "Put it in quotes"
    if kind == "bool_type" and str(value).lower() in _TRUTHS:
        return f"Write {_TRUTHS[str(value).lower()]}: the engine reads this as text"
    if kind in {"int_type", "float_type"} and isinstance(value, str) and _is_number(value):
        return "Remove the quotes"
    return ""


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _unknown_key(path: str, model: type[BaseModel], loc: Loc) -> Problem:
    known = _keys(model_at(model, loc[:-1]))
    return Problem.not_one_of(
        path,
        str(loc[-1]),
        known,
        "is not a known key",
        shown=UNKNOWN,
    )


def unknown_section(name: str, known: Iterable[str]) -> Problem:
    """A section that does not exist."""
    return Problem.not_one_of(
        name,
        name,
        known,
        "is not a known section",
        shown=UNKNOWN,
    )


def choices_in(expected: str) -> list[str]:
    """The words in pydantic's list of expected words, such as `'a', 'b' or 'c'`."""
    return [choice.strip("' ") for choice in expected.replace(" or ", ", ").split(", ")]


def _not_a_choice(path: str, value: object, expected: str) -> Problem:
    word = value if isinstance(value, str) else ""
    return Problem.not_one_of(path, word, choices_in(expected), shown=_shown(value))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _help(model: type[BaseModel], loc: Loc) -> str:
    """The first sentence of a missing key's docstring."""
    parent = model_at(model, loc[:-1])
    for name, field in parent.model_fields.items():
        if (field.alias or name) == loc[-1] and field.description:
            return first_sentence(field.description)
    return ""
