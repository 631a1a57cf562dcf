"""JSON that a user or a command wrote."""

import json
from collections.abc import Iterable, Mapping
from typing import cast

DEEPEST = 200
"""Most levels of objects and lists inside each other. Python's parser fails near 1,000 levels, code that prints the
value earlier."""


def read_json(text: str, *, by_hand: bool = False) -> object:
    """The value of a JSON text. Raises ValueError for a text that is not JSON, for a number with more digits than
    Python reads, and for more than DEEPEST levels.

    `by_hand`: also for a key that occurs twice in an object, of which JSON readers take the last. A byte order mark
    before the text, which some editors and shells write, is skipped.
    """
    try:
        hook = _each_key_once if by_hand else None
        found: object = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=hook)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level = [found]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return found
    raise ValueError(_TOO_DEEP)


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} occurs twice in one object")
        found[key] = value
    return found


_TOO_DEEP = f"more than {DEEPEST} objects or lists inside each other"


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()
