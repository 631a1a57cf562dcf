"""JSON that a user or a command wrote."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

DEEPEST = 200
"""Most levels of objects and lists inside each other. Python's parser fails near 1,000 levels, code that prints the
value earlier."""


def read_json(text: str) -> object:
    """The value of a JSON text. Raises ValueError for a text that is not JSON, for a number with more digits than
    Python reads, and for more than DEEPEST levels."""
    try:
        found: object = json.loads(text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level = [found]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise ValueError(_TOO_DEEP)


_TOO_DEEP = f"more than {DEEPEST} objects or lists inside each other"


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()
