"""What an upgrade would replace or delete: the older state compared with what the program registers now.

A change of an input replaces a resource of OCI if the provider's field table says so (`facts.provider_fields`), and an
object of Kubernetes if pulumi-kubernetes' table says so (`facts.replaced_objects`). `tests/engine/test_upgrades.py`
compares the result with the engine's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from facts.holders import HOLDERS
from facts.provider_fields import Field, resource_fields
from facts.replaced_objects import OF_RELEASES, replacing_fields
from infra.offline.answers import CALLS
from infra.offline.recording import Recording, Registered

from .state import OldResource, OldState, is_special

_PROVIDERS = "pulumi:providers:"


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A resource that an upgrade replaces or deletes."""

    urn: str
    operation: str
    """`replace` or `delete`."""

    why: str
    holds_data: bool


def losses(old: OldState, new: Recording, predecessors: Mapping[str, OldResource]) -> list[Loss]:
    """All losses: resources with data first, then by URN."""
    found = [*_deleted(old, predecessors), *_replaced(new, predecessors)]
    return sorted(found, key=lambda each: (not each.holds_data, each.urn))


def _deleted(old: OldState, predecessors: Mapping[str, OldResource]) -> Iterator[Loss]:
    succeeded = {each.urn for each in predecessors.values()}
    for each in old.resources.values():
        if each.custom and each.urn not in succeeded and not each.type.startswith(_PROVIDERS):
            why = "no resource has this URN, not even by an alias"
            why += "; it stays in the cloud, unmanaged" if each.kept else ""
            yield Loss(urn=each.urn, operation="delete", why=why, holds_data=each.type in HOLDERS)


def _replaced(new: Recording, predecessors: Mapping[str, OldResource]) -> Iterator[Loss]:
    """Resources with changed inputs that replace them, and those that refer to a replaced one in such an input."""
    reasons: dict[str, str] = {}
    pairs = {
        each.urn: (each, predecessors[each.urn])
        for each in new.resources
        if each.custom and each.urn in predecessors and not each.type.startswith(_PROVIDERS)
    }
    for urn, (resource, old) in pairs.items():
        changed = [*_forcing(resource, old)]
        if changed:
            reasons[urn] = f"changes {', '.join(changed)}, which replaces it"
    grew = True
    while grew:
        grew = False
        gone = {pairs[urn][1].urn for urn in reasons}
        for urn, (resource, old) in pairs.items():
            name = _refers(resource, old, gone) if urn not in reasons else None
            if name:
                reasons[urn], grew = f"refers to a replaced resource in {name}", True
    for urn, why in reasons.items():
        yield Loss(urn=urn, operation="replace", why=why, holds_data=pairs[urn][0].type in HOLDERS)


def _refers(resource: Registered, old: OldResource, gone: set[str]) -> str | None:
    fields = resource_fields(resource.type) or {}
    for name, urns in old.depends.items():
        if name in resource.inputs and name in fields and fields[name].replaces and gone & set(urns):
            return name
    return None


def _forcing(resource: Registered, old: OldResource) -> Iterator[str]:
    """Paths of changed inputs that replace the resource."""
    kept = set(resource.ignore_changes)
    if resource.type != old.type:
        yield "type"
    elif resource.type.startswith("kubernetes:"):
        yield from _in_kubernetes(resource, old)
    else:
        fields = resource_fields(resource.type)
        for path in _changed(fields or {}, old.inputs, resource.inputs, ""):
            if path.split(".")[0].split("[")[0] not in kept and path not in kept:
                yield path
    for path in resource.replace_on_changes:
        if not _same(old.inputs.get(path), resource.inputs.get(path)):
            yield path


_RELEASE = "kubernetes:helm.sh/v3:Release"


def _in_kubernetes(new: Registered, old: OldResource) -> Iterator[str]:
    for path in _replacing(new.type):
        before, after = _at(old.inputs, path), _at(new.inputs, path)
        # The provider chooses a name that the program leaves out.
        if not _same(before, after) and not (path in ("metadata.name", "name") and after is None):
            yield path


def _replacing(token: str) -> tuple[str, ...]:
    """Replacing fields of a type such as `kubernetes:apps/v1:Deployment`."""
    if token == _RELEASE:
        return OF_RELEASES
    _, api, kind = token.split(":")
    return replacing_fields(api.partition("/")[0], kind)


def _at(value: object, path: str) -> object:
    """The value at a path. `[*]` gives the values of all elements."""
    step, _, rest = path.partition(".")
    inner = _mapping(value).get(step.removesuffix("[*]"))
    if step.endswith("[*]"):
        return [_at(each, rest) for each in _items(inner)]
    return _at(inner, rest) if rest else inner


def _changed(
    fields: Mapping[str, Field], old: Mapping[str, object], new: Mapping[str, object], path: str
) -> Iterator[str]:
    for name, field in fields.items():
        before, after = old.get(name), new.get(name)
        place = f"{path}{name}"
        if not field.input or _same(before, after) or (after is None and field.computed):
            continue
        if field.replaces:
            yield place
        elif isinstance(field.of, Mapping):
            yield from _inside(field.of, before, after, place)


def _inside(fields: Mapping[str, Field], before: object, after: object, place: str) -> Iterator[str]:
    """Changes within nested objects. Lists are compared in order."""
    first, second = _items(before), _items(after)
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        spot = f"{place}[{index}]." if not isinstance(after, Mapping) else f"{place}."
        yield from _changed(fields, one, other, spot)
    if len(first) != len(second) and any(each.required and each.replaces for each in fields.values()):
        yield place


def _items(value: object) -> Sequence[Mapping[str, object]]:
    if isinstance(value, Mapping):
        return [cast(Mapping[str, object], value)]
    return [_mapping(each) for each in cast(list[object], value)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else {}


def _same(before: object, after: object) -> bool:
    """Whether two values are equal as far as they are known. Secrets, and what the account answers, are unknown."""
    if is_special(before) or is_special(after) or (isinstance(after, str) and after in _ANSWERED):
        return True
    if _empty(before) and _empty(after):
        return True
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        one, other = cast(Mapping[str, object], before), cast(Mapping[str, object], after)
        return all(_same(one.get(key), other.get(key)) for key in {*one, *other} if not key.startswith("__"))
    if isinstance(before, list) and isinstance(after, list):
        first, second = cast(list[object], before), cast(list[object], after)
        return len(first) == len(second) and all(map(_same, first, second))
    return before == after


def _empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in cast(Mapping[str, object], value).values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in cast(list[object], value):
            yield from _texts(each)


_ANSWERED = frozenset(text for answer in CALLS.values() for text in _texts(answer({})) if text)
"""Texts that only stand in for an answer of the account, such as the names of its availability domains."""


def as_rows(found: Sequence[Loss]) -> list[dict[str, object]]:
    """Losses as JSON objects."""
    return [
        {"urn": each.urn, "operation": each.operation, "why": each.why, "holdsData": each.holds_data}
        for each in found
    ]
