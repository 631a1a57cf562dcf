"""JSON that a user or a command wrote."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

DEEPEST = 200
"""Objects and lists inside each other. Python's reader gives up near 1,000, and whatever shows a value before that."""


def read_json(text: str) -> object:
    """The value of a JSON text. Raises ValueError for what is no JSON, a number of more digits than Python reads, and
    more levels than DEEPEST."""
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
