"""The effect of changed inputs on a resource: none, an update in place, or a replacement."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from facts.provider_fields import Field
from sandbox.oci.engine_values import UNKNOWN, holds_unknown, opened
from sandbox.oci.schema import Fields

_CLUSTER = "oci:ContainerEngine/cluster:Cluster"
_BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"

Kind = Literal["add", "delete", "update"]


@dataclass(frozen=True)
class Change:
    """One changed property, with its path in Pulumi's syntax. `replaces` is None if the field table does not say."""

    path: str
    kind: Kind
    replaces: bool | None

    @property
    def property(self) -> str:
        """The top-level property that contains it."""
        return self.path.split(".")[0].split("[")[0]


def changes(fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every change from the old inputs to the new ones.

    As in the real provider, leaving out a value that the provider computes is no change: the value stays.
    """
    return list(_objects(fields, opened(dict(old)), opened(dict(new)), ""))


def by_code(token: str, found: list[Change]) -> list[Change]:
    """The changes, with those that replace only by the provider's own code: its schema does not say so.

    Source: terraform-provider-oci 8.28, CustomizeDiff in containerengine_cluster_resource.go (an endpoint's subnet that
    was set before) and load_balancer_load_balancer_resource.go (reserved addresses, unless the IP mode changes too).
    """
    changed = {each.path for each in found}
    if token == _CLUSTER:
        forcing = [each for each in found if (each.path, each.kind) == ("endpointConfig.subnetId", "update")]
    elif token == _BALANCER and "ipMode" not in changed:
        forcing = [each for each in found if each.property == "reservedIps"]
    else:
        return found
    return [replace(each, replaces=True) if each in forcing else each for each in found]


def deletes_first(fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a replacement must delete first, because the program chose the name and keeps it."""
    field = fields.get("name")
    if field is None or not field.input or "name" in (new.get("__defaults") or ()):
        return False
    name = opened(new.get("name"))
    return name is not None and name is not UNKNOWN and name == opened(old.get("name"))


def _objects(fields: Fields, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name in {**old, **new}:
        if name.startswith("__"):
            continue
        field = fields.get(name, _UNLISTED)
        place = f"{path}.{name}" if path else name
        yield from _values(field, old.get(name), new.get(name), place)


def _values(field: Field, old: Any, new: Any, path: str) -> Iterator[Change]:
    if old == new or (_empty(field, old) and _empty(field, new)):
        return
    if new is None:
        if not field.computed:
            yield Change(path, "delete", _replaces(field))
        return
    if old is None:
        yield Change(path, "add", _replaces(field))
    elif new is UNKNOWN:
        yield Change(path, "update", field.replaces)
    elif field.single and isinstance(field.of, Mapping) and isinstance(old, dict) and isinstance(new, dict):
        yield from _objects(field.of, old, new, path)
    elif field.type == "set" and isinstance(old, list) and isinstance(new, list):
        yield from _sets(field, old, new, path)
    elif field.type == "list" and isinstance(old, list) and isinstance(new, list):
        yield from _lists(field, old, new, path)
    elif field.type == "map" and isinstance(old, dict) and isinstance(new, dict):
        yield from _maps(field, old, new, path)
    else:
        yield Change(path, "update", field.replaces)


def _lists(field: Field, old: list[Any], new: list[Any], path: str) -> Iterator[Change]:
    for place in range(max(len(old), len(new))):
        spot = f"{path}[{place}]"
        if place >= len(old):
            yield Change(spot, "add", _replaces(field))
        elif place >= len(new):
            yield Change(spot, "delete", _replaces(field))
        else:
            yield from _items(field, old[place], new[place], spot)


def _sets(field: Field, old: list[Any], new: list[Any], path: str) -> Iterator[Change]:
    """Compares without order. A changed item is paired with an old item that equals no new one."""
    before, after = _counted(old), _counted(new)
    gone = [place for place, key in _surplus(before, after)]
    come = [place for place, key in _surplus(after, before)]
    for place in range(max(len(gone), len(come))):
        if place >= len(come):
            yield Change(f"{path}[{gone[place]}]", "delete", _replaces(field))
        elif place >= len(gone):
            yield Change(f"{path}[{come[place]}]", "add", _replaces(field))
        else:
            spot = f"{path}[{come[place]}]"
            found = list(_items(field, old[gone[place]], new[come[place]], spot))
            yield from found or [Change(spot, "update", field.replaces)]


def _items(field: Field, old: Any, new: Any, path: str) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(field.of, Mapping) and isinstance(old, dict) and isinstance(new, dict):
        yield from _objects(field.of, old, new, path)
    else:
        yield Change(path, "update", field.replaces)


def _maps(field: Field, old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[Change]:
    for key in {**old, **new}:
        if old.get(key) == new.get(key):
            continue
        kind: Kind = "add" if key not in old else "delete" if key not in new else "update"
        spot = f"{path}.{key}" if key.isidentifier() else f'{path}["{key}"]'
        yield Change(spot, kind, field.replaces)


def _replaces(field: Field) -> bool | None:
    """Whether adding or removing the property replaces: its field says so, or a field inside it."""
    if field.replaces or not isinstance(field.of, Mapping):
        return field.replaces
    inner = [_replaces(each) for each in field.of.values() if each.required]
    return True if True in inner else None if None in inner else field.replaces


def _empty(field: Field, value: Any) -> bool:
    """Terraform treats an empty list, map or string as one that is left out."""
    if value is None or value in ("", [], {}):
        return True
    return field.single and isinstance(value, dict) and all(each is None for each in value.values())


def _counted(items: list[Any]) -> list[tuple[int, str]]:
    return [(place, _canonical(each)) for place, each in enumerate(items)]


def _canonical(value: Any) -> str:
    return repr(value) if holds_unknown(value) else json.dumps(value, sort_keys=True)


def _surplus(mine: list[tuple[int, str]], other: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    left = Counter(key for _, key in other)
    for place, key in mine:
        if left[key]:
            left[key] -= 1
        else:
            yield place, key


_UNLISTED = Field(type="str", optional=True, replaces=None)
