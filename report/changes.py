"""The changes that a preview lists, one per resource, read from the engine's steps."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile

from report.drift import OUTSIDE
from report.resources import STACK_TYPE, Resource, as_mapping, as_sequence, from_state, holds_unknown

MAX_VALUE_CHARACTERS = 40
"""The most characters of a value that are shown."""

_BEFORE_A_DIFFERENCE = 10
"""Characters that are shown before the first difference of two long texts."""

PROVIDER = "provider"

_STEPS = re.compile(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)', re.ASCII)

_ENTRY = re.compile(r"(.*)\[(\d+)\]", re.ASCII)
"""The path of an entry of a list."""

_FEW = 2
"""Entries of one list that are shown. Of more, the first is shown and the others are counted."""

_REPLACING = frozenset(
    {"replace", "create-replacement", "delete-replaced", "import-replacement", "read-replacement"}
)
ORDER = ("replace", "delete", "unprotect", "update", "create", "import", "read")
WORDS = {
    "replace": "to replace",
    "delete": "to delete",
    "unprotect": "to unprotect",
    "update": "to update",
    "create": "to create",
    "import": "to import",
    "read": "to read",
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the engine will do with one resource."""

    operation: str
    """create, update, replace, delete, import or read; unprotect if nothing else changes."""
    before: Resource | None
    after: Resource | None
    properties: tuple[str, ...] = ()
    """Paths that differ. For a replacement: the paths that force it."""
    kept: bool = False
    """Whether the resource stays in the cloud when it leaves the stack (`retainOnDelete`)."""
    outside: bool = False
    """Whether it has happened already, outside the stack: a refresh found it."""
    deletes_first: bool = False
    """Whether a replaced resource is deleted before the new one is created."""

    @property
    def protected(self) -> bool:
        return any(state.protect for state in (self.before, self.after) if state)

    @property
    def follows(self) -> bool:
        """Whether it is replaced only because it refers to a replaced resource: the forcing value is not known yet."""
        if self.operation != "replace" or self.after is None:
            return False
        inputs = self.after.inputs
        forcing = {path.split(".")[0].split("[")[0] for path in self.properties}
        # The engine names `provider` if the provider is replaced, for example because its cluster is replaced.
        own = forcing - ({PROVIDER} - set(inputs))
        return all(holds_unknown(inputs.get(name)) for name in own)

    @property
    def values(self) -> tuple[str, ...]:
        """The properties that differ, with their values: `dnsLabel: one → two`."""
        paths = sorted(self.properties, key=_in_order)
        said = list[str]()
        for whole, group in groupby(paths, key=lambda path: _in_order(path)[0]):
            first, *more = group
            if len(more) < _FEW:
                said += map(self._value, (first, *more))
            else:
                said.append(f"{self._value(first)}, and {len(more)} more of {whole}")
        return tuple(said)

    def _value(self, path: str) -> str:
        old, new = (at(state.inputs, path) if state else None for state in (self.before, self.after))
        if old == new and self.outside:
            # The cloud changed a value that the program does not set.
            old, new = (at(state.outputs, path) if state else None for state in (self.before, self.after))
        return path if old == new else f"{path}: {' → '.join(shown_pair(old, new))}"

    @property
    def resource(self) -> Resource:
        found = self.after or self.before
        if found is None:
            raise ValueError("a change needs a resource before or after it")
        return found


def _in_order(path: str) -> tuple[str, int]:
    """The entries of a list by their numbers, not by their text."""
    entry = _ENTRY.fullmatch(path)
    return (entry[1], int(entry[2])) if entry else (path, -1)


def at(value: object, path: str) -> object:
    """The part of a value at the engine's path (`a.b[0]["c.d"]`); None if there is none."""
    for quoted, index, name in _STEPS.findall(path):
        if index:
            items = as_sequence(value)
            value = items[int(index)] if int(index) < len(items) else None
        else:
            value = as_mapping(value).get(quoted or name)
    return value


def shown(value: object) -> str:
    """A value as short text."""
    if value is None:
        return "none"
    if holds_unknown(value):
        return "known later"
    return _shortened(_text(value))


def shown_pair(old: object, new: object) -> tuple[str, str]:
    """Two different values as short texts.

    Long texts with the same beginning are shown from shortly before the difference.
    """
    first, second = shown(old), shown(new)
    if first != second or holds_unknown(old) or holds_unknown(new):
        return first, second
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(_text(old), _text(new), strict=False))
    start = max(sum(1 for _ in alike) - _BEFORE_A_DIFFERENCE, 0)
    return _shortened(f"…{_text(old)[start:]}"), _shortened(f"…{_text(new)[start:]}")


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[: MAX_VALUE_CHARACTERS - 1]}…"


def changes_of(digest: Mapping[str, object]) -> list[Change]:
    """The changes in a preview, one per resource, the worst first.

    Three kinds are left out: unchanged resources; components, because their resources are listed; and providers,
    because they do not exist in a cloud. A provider whose region changes is listed: its resources stay in the old one.
    """
    found: dict[str, Change] = {}
    for step in (as_mapping(entry) for entry in as_sequence(digest.get("steps"))):
        change = _change(step)
        if change is None:
            continue
        known = found.get(change.resource.urn)
        if known is None:
            found[change.resource.urn] = change
        else:
            found[change.resource.urn] = Change(
                operation=known.operation,
                before=known.before or change.before,
                after=known.after or change.after,
                properties=known.properties or change.properties,
                kept=known.kept or change.kept,
                outside=known.outside or change.outside,
                # Source: step_generator.go of pulumi 3.259. Otherwise `create-replacement` comes before `replace`, and
                # without --show-replacement-steps a JSON preview leaves it out.
                deletes_first=known.deletes_first or step.get("op") == "create-replacement",
            )
    return sorted(found.values(), key=lambda change: (ORDER.index(change.operation), change.resource.urn))


def _change(step: Mapping[str, object]) -> Change | None:
    operation = str(step.get("op"))
    operation = "replace" if operation in _REPLACING else operation
    before, after = as_mapping(step.get("oldState")), as_mapping(step.get("newState"))
    if operation == "same" and before.get("protect") and not after.get("protect"):
        # The engine counts this as unchanged, but its previews mention it.
        operation = "unprotect"
    if operation not in ORDER or not (before or after):
        return None
    resource = from_state(after or before)
    if resource.type == STACK_TYPE or not resource.custom:
        return None
    if resource.is_provider and not (before and after and _region(before) != _region(after)):
        return None
    outside = bool(step.get(OUTSIDE))
    # What happens outside asks nobody: neither `protect` nor `retainOnDelete` has an effect there.
    old = {**before, "protect": False} if outside and operation == "delete" else before
    return Change(
        operation=operation,
        before=from_state(old) if old else None,
        after=from_state(after) if after and operation != "delete" else None,
        properties=_properties(step, operation),
        kept=bool((before or after).get("retainOnDelete")) and not outside,
        outside=outside,
    )


def _region(state: Mapping[str, object]) -> object:
    return as_mapping(state.get("inputs")).get("region")


def _properties(step: Mapping[str, object], operation: str) -> tuple[str, ...]:
    detailed = as_mapping(step.get("detailedDiff"))
    if operation == "replace":
        forcing = [path for path, diff in detailed.items() if "replace" in str(as_mapping(diff).get("kind"))]
        return tuple(sorted(forcing or (str(key) for key in as_sequence(step.get("replaceReasons")))))
    return tuple(sorted(detailed or (str(key) for key in as_sequence(step.get("diffReasons")))))
