"""Nested values as one level of paths, so that two of them can be compared."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.secrets import is_secret_name, secret_form
from facts.wording import plural
from report.changes import shown_pair
from report.resources import SECRET, UNKNOWN, as_mapping, as_sequence

ABSENT = "not set"

_NAMED_VALUE = re.compile(r"\[([^\]]+)\]\.value$")
"""The end of a path in a list of `name` and `value`: the name says what the value is."""

_JOINT = re.compile(r"(?<!^)(\.(?![^\[\]]*\])|\[)")
"""Where a path goes one level down. A name in brackets can contain dots."""

_LAST = re.compile(r"([^.\[\]]+)(\[[^\]]*\])*$")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One path whose values differ."""

    path: str
    shown: tuple[str, str]
    """The values as short texts. A secret is hidden."""

    values: tuple[object, object]
    """The values as JSON has them. None: not set, or null. A side that alone has a whole mapping or list has its leaves
    by path."""


def flat(value: object) -> dict[str, object]:
    """The leaves of a value by path: `pools[mi300x].nodes`.

    A list of mappings with different names is keyed by these names, so that a new entry does not shift the others. A
    list of plain values is one leaf, and so is an empty list or mapping.
    """
    return dict(_leaves(value, ""))


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    entries = as_sequence(value)
    if content := as_mapping(value):
        for key, inner in content.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif any(isinstance(each, Mapping | list | tuple) for each in entries):
        for place, inner in zip(_places(entries), entries, strict=True):
            yield from _leaves(inner, f"{path}[{place}]")
    else:
        yield path, value


def _places(entries: Sequence[object]) -> Sequence[object]:
    """The names of the entries, or their indices if a name is missing or occurs twice."""
    names = [as_mapping(each).get("name") for each in entries]
    usable = all(isinstance(each, str) for each in names) and len(set(names)) == len(names)
    return names if usable else range(len(entries))


Same = Callable[[object, object], bool]


def rows(
    first: Mapping[str, object],
    second: Mapping[str, object],
    same: Same = lambda one, other: one == other,
) -> list[Row]:
    """What differs between two flat values, in the order of the paths. What one side lacks as a whole is one row."""
    both = [
        _row(path, first[path], second[path])
        for path in first
        if path in second and not same(first[path], second[path])
    ]
    only_first = [_row_of_one(path, group, 0) for path, group in _lacking(first, second).items()]
    only_second = [_row_of_one(path, group, 1) for path, group in _lacking(second, first).items()]
    return sorted([*both, *only_first, *only_second], key=lambda row: row.path)


def _lacking(has: Mapping[str, object], other: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Leaves that the other side lacks, below the topmost path that it lacks."""
    known = {start for path in other for start in _starts(path)}
    found: dict[str, dict[str, object]] = {}
    for path, value in has.items():
        top = next((start for start in _starts(path) if start not in known), None)
        if top is not None:
            found.setdefault(top, {})[path] = value
    return found


def _starts(path: str) -> list[str]:
    """A path and those above it, the topmost first: `a`, `a[b]`, `a[b].c`."""
    return [path[: found.start()] for found in _JOINT.finditer(path)] + [path]


def _row(path: str, first: object, second: object) -> Row:
    one, other = _visible(path, first), _visible(path, second)
    return Row(
        path=path,
        shown=shown_pair(_as_text(one), _as_text(other)) if one != other else (SECRET, SECRET),
        values=(_as_json(one), _as_json(other)),
    )


def _row_of_one(path: str, group: Mapping[str, object], side: int) -> Row:
    visible = {each: _visible(each, value) for each, value in group.items()}
    if len(visible) == 1:
        (path, only), *_ = visible.items()
        text, value = shown_pair(_as_text(only), None)[0], _as_json(only)
    else:
        text = plural("value", len(visible))
        value = {each: _as_json(inner) for each, inner in visible.items()}
    return Row(
        path=path,
        shown=(ABSENT, text) if side else (text, ABSENT),
        values=(None, value) if side else (value, None),
    )


def _visible(path: str, value: object) -> object:
    """The value, or SECRET in place of a secret."""
    named = _NAMED_VALUE.search(path) or _LAST.search(path)
    if not isinstance(value, str) or not value:
        return value
    return SECRET if secret_form(value) or (named and is_secret_name(named[1])) else value


def _as_text(value: object) -> object:
    """A value as YAML writes it. The SDK sends whole numbers as floats."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    items = as_sequence(value)
    return ", ".join(str(_as_text(each)) for each in items) if items else value


def _as_json(value: object) -> object:
    if value is UNKNOWN:
        return "known later"
    return [*as_sequence(value)] or value
