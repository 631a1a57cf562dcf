"""What a refresh found outside the stack, in the engine's events and in its JSON.

A refresh alone lists it as its own steps. `up`, `preview` and `destroy` with --refresh begin with it: their own steps
start from what was read, so they do not say what was there before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from report.resources import as_mapping, as_sequence

OUTSIDE = "outside"
"""Marks the steps of a digest that a refresh found: what changed outside the stack."""

REFRESH = "refresh"
DRIFT = "drift"
"""The part of a digest with what a refresh found before the engine's own steps."""

Step = Mapping[str, object]


def found_by_a_refresh(begun: Iterable[Step], ended: Iterable[Step]) -> dict[object, Step]:
    """What a refresh found, by URN: update, delete or same. It begins each step without knowing that.

    An update with --refresh says only that it has read a resource. Its own step about the resource follows, and begins
    with what was read; what was deleted and is no longer declared has no such step.
    """
    begun = [*begun]
    own = {each["urn"] for each in begun if each["op"] != REFRESH}
    first = _read(begun, ended)
    left = {urn for urn, each in first.items() if each["op"] == REFRESH and urn in own}
    return {
        urn: {**each, "op": "same" if each.get("new") else "delete"} if each["op"] == REFRESH else each
        for urn, each in first.items()
        if urn not in left
    }


def drift_of_events(begun: Iterable[Step], ended: Iterable[Step]) -> list[Step]:
    """The metadata of what a refresh found to differ, before steps of the engine's own."""
    read = (each for each in _read(begun, ended).values() if each["op"] == REFRESH)
    return [
        {**each, "op": "update" if each.get("new") else "delete"}
        for each in read
        if not each.get("new") or each.get("detailedDiff") or each.get("diffs")
    ]


def _read(begun: Iterable[Step], ended: Iterable[Step]) -> dict[object, Step]:
    """How the step of each resource that a refresh reads ends, by URN."""
    read = {each["urn"] for each in begun if each["op"] == REFRESH}
    first: dict[object, Step] = {}
    for each in ended:
        if each["urn"] in read:
            first.setdefault(each["urn"], each)
    return first


def drift_of_steps(steps: Sequence[Step]) -> list[Step]:
    """What a refresh found, from the steps of `preview --refresh --json`.

    They list a resource twice: as it was before it was read, and with the engine's own step, which begins with what
    was read.
    """
    own = {each["urn"]: each for each in steps if each["op"] != REFRESH}
    found = list[Step]()
    for each in steps:
        step = own.get(each["urn"])
        if each["op"] != REFRESH or step is None:
            continue
        before, now = as_mapping(each.get("oldState")), as_mapping(step.get("oldState"))
        paths = {path: {"kind": "update"} for path in _differing(before.get("inputs"), now.get("inputs"))}
        if paths or not now:
            new = {"op": "update", "newState": now} if now else {"op": "delete", "newState": None}
            found.append({**each, **new, "detailedDiff": paths if now else {}})
    return found


def _differing(old: object, new: object, path: str = "") -> Iterator[str]:
    """The paths at which two values differ, in the engine's form."""
    ones, others = as_mapping(old), as_mapping(new)
    items, there = as_sequence(old), as_sequence(new)
    if ones and others:
        for key in dict.fromkeys([*ones, *others]):
            yield from _differing(ones.get(key), others.get(key), _below(path, key))
    elif items and len(items) == len(there):
        for index, pair in enumerate(zip(items, there, strict=True)):
            yield from _differing(*pair, f"{path}[{index}]")
    elif old != new:
        yield path


def _below(path: str, key: str) -> str:
    if "." in key or "[" in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
