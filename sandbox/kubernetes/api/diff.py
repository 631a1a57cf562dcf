"""Differences between an object in the cluster and the program's inputs, computed as pulumi-kubernetes does."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.kubernetes.api.values import UNKNOWN, Json

Change = Literal["add", "delete", "update"]
Path = tuple[str | int, ...]
_MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One property that differs, and whether the change replaces the object."""

    path: str
    change: Change
    replaces: bool


def prune(live: Any, shape: Any) -> Any:
    """The live object reduced to the fields that the program had set: defaults and status do not count."""
    if isinstance(live, dict) and isinstance(shape, dict):
        return {key: prune(value, shape[key]) for key, value in live.items() if key in shape}
    if isinstance(live, list) and isinstance(shape, list):
        cut = [prune(value, shape[index]) for index, value in enumerate(live[: len(shape)])]
        return cut + live[len(shape) :]
    return live


def differences(old: Json, new: Json, replacing: Sequence[str]) -> list[Difference]:
    """Every differing property by its full path; `replacing` holds paths with `[*]` for any element."""
    patterns = [_pattern(path) for path in replacing]
    found: list[Difference] = []
    for path, change in _walk((), old, new):
        text = path_text(path)
        found.append(Difference(text, change, any(pattern.match(text) for pattern in patterns)))
    return found


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\[\*\]", r"\[\d+\]") + r"(?:$|[.\[])", re.ASCII)


def _walk(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Change]]:
    if old is _MISSING or new is _MISSING:
        if not (old is _MISSING and new is None):
            yield path, "add" if old is _MISSING else "delete"
    elif new is UNKNOWN:
        yield path, "update"
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in (*old, *(key for key in new if key not in old)):
            yield from _walk((*path, key), old.get(key, _MISSING), new.get(key, _MISSING))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _walk((*path, index), _item(old, index), _item(new, index))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield path, "update"


def _item(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else _MISSING


def path_text(path: Sequence[str | int]) -> str:
    """A property path as Pulumi writes it: `spec.ports[0]`, `metadata.labels["a.b/c"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.search(r'[."\[\]]', part):
            text += '["' + part.replace('"', '\\"') + '"]'
        else:
            text += f".{part}" if text else part
    return text


def covers(ignored: str, path: str) -> bool:
    """Whether a path in ignoreChanges covers a differing path."""
    return bool(_pattern(ignored).match(path))


_ITEM_KEYS = ("name", "containerPort", "port", "mountPath", "key", "topologyKey", "ip")


def merge(live: Any, old: Any, new: Any) -> Any:
    """The live value after an update. Fields that the program dropped are removed; fields that others set stay."""
    if isinstance(new, dict) and isinstance(live, dict):
        before = old if isinstance(old, dict) else {}
        kept = _without(live, {key: value for key, value in before.items() if key not in new})
        return kept | {key: merge(live.get(key), before.get(key), value) for key, value in new.items()}
    if isinstance(new, list) and isinstance(live, list):
        return [merge(_same(live, item), _same(old, item), item) for item in new]
    return new


def _without(live: Json, dropped: Json) -> Json:
    """The object without the fields that the program no longer sets."""
    left: Json = {}
    for key, value in live.items():
        if key not in dropped:
            left[key] = value
        elif isinstance(value, dict) and isinstance(dropped[key], dict):
            rest = _without(value, dropped[key])
            if rest:
                left[key] = rest
    return left


def _same(items: Any, wanted: Any) -> Any:
    if not isinstance(items, list) or not isinstance(wanted, dict):
        return None
    key = next((key for key in _ITEM_KEYS if key in wanted), None)
    if key is None:
        return None
    return next((item for item in items if isinstance(item, dict) and item.get(key) == wanted[key]), None)
