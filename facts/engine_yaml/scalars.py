"""The value that Pulumi's engine reads from a YAML word. Most Python loaders read other values.

The engine reads YAML with Go's yaml.v3, writes it out and reads it again before it passes it to a program. `no`, `on`
and `10:30` are text; `1e3` is 1000; `0777` is 511; a date is written in Go's format for times; a number beyond 64 bits
becomes a float. Source: gopkg.in/yaml.v3 v3.0.1, resolve.go, and the engine's sdk/go/common/resource/config/object.go.
`tests/engine/test_yaml_as_the_engine.py` compares this file with the pinned engine.
"""

import base64
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from math import isfinite

PREFIX = "tag:yaml.org,2002:"
STR, BOOL, INT, FLOAT, NULL, TIME, BINARY, MERGE = (
    PREFIX + name for name in ("str", "bool", "int", "float", "null", "timestamp", "binary", "merge")
)

Word = bool | int | float | str | None

_WORDS: dict[str, Word] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_RESOLVED = {"", STR, BOOL, INT, FLOAT, NULL, TIME}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:([Tt ])([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,9})[0-9]*)?"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)
_LARGEST, _SMALLEST, _LARGEST_UNSIGNED = 2**63 - 1, -(2**63), 2**64 - 1
_FROM_HERE_EXPONENT, _FROM_HERE_IN_KEYS = 1e21, 6
_NO_BLOCK = re.compile(r" \Z| [\n\r\x85\u2028\u2029]|[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
"""Texts that the engine writes in double quotes, which preserve every character. Source: yaml.v3 v3.0.1,
emitterc.go."""

_BREAKS = "\n\u2028\u2029"


class NotAScalarError(ValueError):
    """The tag of a word does not allow the word."""


class EngineDate(str):
    """A date as the engine passes it on, `2026-07-07 00:00:00 +0000 UTC`; `written` is the text in the file."""

    written: str

    def __new__(cls, text: str, written: str) -> "EngineDate":
        date = super().__new__(cls, text)
        date.written = written
        return date

    def __deepcopy__(self, _memo: object) -> "EngineDate":
        return self


def tag_of(text: str) -> str:
    """The tag of an unquoted word."""
    if text == "<<":
        return MERGE
    return _plain(text, dates=True)[0]


def exact_value(tag: str, text: str) -> Word:
    """The value of a word with a tag; text if YAML does not know the tag. Raises NotAScalarError if the tag does not
    fit."""
    if tag == BINARY:
        return _decoded(text)
    if tag == STR or tag not in _RESOLVED:
        return text
    found, value = _plain(text, dates=tag in ("", TIME))
    if tag == FLOAT and found == INT and isinstance(value, int) and _SMALLEST <= value <= _LARGEST:
        found, value = FLOAT, float(value)
    if tag not in ("", found):
        raise NotAScalarError(f"is not a valid {tag.removeprefix(PREFIX)}")
    return value


def _reread(text: str) -> str:
    """Text of several lines after the engine writes and reads it again: it prefers a block, which loses the
    beginning."""
    if "\n" not in text or _NO_BLOCK.search(text):
        return text
    if text[0] == "\t":
        raise NotAScalarError("has several lines, and the first line begins with a tab")
    return text[1:] if text[0] in _BREAKS else text


def as_passed_on(value: Word) -> Word:
    """A value as the program receives it: whole numbers without a decimal point, huge numbers as floats, text after it
    is read again."""
    if isinstance(value, str) and not isinstance(value, EngineDate):
        return _reread(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, int) and _SMALLEST <= value <= _LARGEST:
        return value
    number = float(value)
    if not isfinite(number) or abs(number) >= _FROM_HERE_EXPONENT or not number.is_integer():
        return number
    return int(Decimal(repr(number)))


def key_text(value: Word) -> str:
    """A key as the program receives it."""
    if isinstance(value, str):
        return _reread(value)
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _shortest(value)


def written_again(value: Word) -> str:
    """The word that the engine writes for a value before it reads the value again."""
    return "null" if value is None else key_text(value)


def _plain(text: str, *, dates: bool) -> tuple[str, Word]:
    if text in _WORDS:
        value = _WORDS[text]
        return (BOOL if isinstance(value, bool) else NULL if value is None else FLOAT), value
    first = text[:1]
    if first == ".":
        return _as_float(text, text)
    if not first or first not in "+-0123456789":
        return STR, text
    date = _as_date(text) if dates else None
    if date is not None:
        return TIME, date
    plain = text.replace("_", "")
    number = _as_integer(plain)
    return _as_float(plain, text) if number is None else (INT, number)


def _as_integer(plain: str) -> int | None:
    match = _INTEGER.fullmatch(plain)
    if match is None:
        return None
    sign, *digits = match.groups()
    base, found = next((base, text) for base, text in zip(_BASES, digits, strict=True) if text is not None)
    if base == 10 and len(found) > len(str(_LARGEST_UNSIGNED)):
        return None
    number = int(sign + found, base)
    # Go reads a number as unsigned only if it has no sign.
    fits = number <= (_LARGEST if sign else _LARGEST_UNSIGNED)
    return number if number >= _SMALLEST and fits else None


def _as_float(plain: str, text: str) -> tuple[str, Word]:
    if not _FLOAT.fullmatch(plain) or not isfinite(number := float(plain)):
        return STR, text
    return FLOAT, number


def _as_date(text: str) -> EngineDate | None:
    """A date in a format of Go's yaml.v3: with a `T` it needs a time zone, with a space it must not have one."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, separator, hour, minute, second, fraction, zone = match.groups()
    if separator is not None and (separator == " ") != (zone is None):
        return None
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        offset = _zone(zone or "Z")
    except ValueError:
        return None
    parts = (fraction or "").rstrip("0")
    shown = f"{moment:%m-%d %H:%M:%S}" + (f".{parts}" if parts else "")
    return EngineDate(f"{int(year):04d}-{shown} {offset}", text)


def _zone(zone: str) -> str:
    if zone == "Z":
        return "+0000 UTC"
    hours, minutes = int(zone[1:3]), int(zone[4:])
    timezone(timedelta(hours=hours, minutes=minutes))
    name = zone.replace(":", "")
    return "+0000 UTC" if (hours, minutes) == (0, 0) else f"{name} {name}"


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode("utf-8")
    except ValueError as error:
        raise NotAScalarError("is not base64 text, which `!!binary` requires") from error


def _shortest(number: float) -> str:
    """A float as Go's %v writes it."""
    if number == 0:
        return "0"
    if not isfinite(number):
        return {"inf": "+Inf", "-inf": "-Inf"}.get(str(number), "NaN")
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - it is finite
    power = len(digits) - 1 + exponent
    minus = "-" if sign else ""
    text = "".join(map(str, digits))
    if power < -4 or power >= _FROM_HERE_IN_KEYS:
        rest = f".{text[1:]}" if len(text) > 1 else ""
        return f"{minus}{text[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return minus + f"{Decimal(text).scaleb(exponent):f}"
