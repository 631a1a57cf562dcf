"""From the text of a request to values: JSON bodies, integers and times. Any other text is refused."""

import json
import math
import re
from datetime import datetime
from typing import Any

from sandbox.oci.errors import OciError

LARGEST = 2**63
"""Integers of the API have 64 bits."""
_DEEPEST = 100
"""Levels of lists and objects in a body: unverified. No model of the table has more than a dozen."""

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def json_value(content: bytes) -> Any:
    """The value of a JSON body. 400 CannotParseRequest for what is not JSON, not Unicode, or nested too deep."""
    try:
        value = json.loads(content, parse_constant=_refuse)
        _require_plain(value)
    except (ValueError, RecursionError) as error:
        raise OciError(400, "CannotParseRequest", "The request's body is not JSON.") from error
    return value


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _require_plain(value: Any, depth: int = 0) -> None:
    """ValueError for half a surrogate pair, an infinite number, or more levels than a service reads."""
    if depth > _DEEPEST or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("nested too deep, or infinite")
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for key, each in value.items():
            key.encode()
            _require_plain(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _require_plain(each, depth + 1)


def integer(text: str) -> int | None:
    """The integer that a text is; None if it is not one of 64 bits in decimal digits."""
    number = int(text) if _INTEGER.fullmatch(text) else None
    return number if number is not None and -LARGEST <= number < LARGEST else None


def is_time(text: str) -> bool:
    """Whether a text is a date and time of RFC 3339, which always has an offset."""
    try:
        return bool(_TIME.fullmatch(text)) and datetime.fromisoformat(text) is not None
    except ValueError:
        return False
