"""What a change does, by layer and kind: what it replaces and deletes by name, what it creates in few words."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from facts.holders import HOLDERS
from facts.wording import plural
from report.changes import ORDER, PROVIDER, Change
from report.danger import dangers_of, roots_of
from report.document.model import Block, Column, Part, Section, Sentence, Table, Value
from report.layers import by_layer, layer_of
from report.node_danger import has_gpu_nodes
from report.resources import STACK_TYPE, Resource, as_mapping, as_number, as_sequence
from report.view import View
from report.wording import kinds, some, words

_DONE = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "import": "imported",
}
_TITLES = {
    "replace": ("To replace", "Replaced"),
    "delete": ("To delete", "Deleted"),
    "unprotect": ("To unprotect", "Unprotected"),
    "update": ("To update", "Updated"),
    "import": ("To import", "Imported"),
    "read": ("To read", "Read"),
}
_OUTSIDE = {"delete": "Deleted outside the stack", "update": "Changed outside the stack"}
_SHOWN = 10
"""Rows of what loses nothing, without `--verbose`. What is deleted, or replaced for a reason of its own, is
listed in full, unless all of the stack goes."""

_STEPS = re.compile(r"[.\[]", re.ASCII)
"""Where a path of the engine goes one level down."""

_NAMES = 6
"""Names of one kind that follow another resource. The JSON has all of them."""

_MATTER, _KINDS = 2, 3
"""Names, and kinds, that a row about created resources shows."""


def changes(view: View, *, done: bool = False) -> Section:
    """The section `changes`. `done`: whether the change was made."""
    found = [_leftover(each) for each in view.changes or ()]
    following = _following(found)
    risky = {each.resource.urn for each in dangers_of(found)}
    quiet = [each for each in found if each.resource.urn in following - risky]
    data = {
        "known": view.changes is not None,
        "outside": view.outside,
        "count": len(found),
        "counts": _counts(found),
        "byLayer": _layers(found),
        "everything": bool(found) and not [*_in_a_cloud(view.after)],
        "created": _created(found),
        "changed": [
            _row(each, found if each.resource.urn in following else ())
            for each in found
            if each.operation != "create" and each not in quiet
        ],
        "followers": _followers([each.resource for each in quiet]),
    }
    return Section(
        key="changes",
        title="Changes",
        data=data,
        blocks=[*_blocks(data, done=done or view.outside), *_state(view, done=done)],
    )


def _leftover(change: Change) -> Change:
    """What an earlier, failed change had replaced and not yet deleted is only deleted now."""
    gone = change.operation == "replace" and change.after is None
    return replace(change, operation="delete") if gone else change


def _in_a_cloud(resources: Sequence[Resource]) -> Iterator[Resource]:
    return (each for each in resources if each.custom and not each.is_provider and each.type != STACK_TYPE)


def _counts(found: Sequence[Change]) -> dict[str, int]:
    counts = Counter(each.operation for each in found)
    return {operation: counts[operation] for operation in ORDER if counts[operation]}


def _layers(found: Sequence[Change]) -> list[dict[str, object]]:
    order = [*by_layer(each.resource for each in found)]
    order += [name for name in dict.fromkeys(layer_of(each.resource) for each in found) if name not in order]
    return [
        {"layer": name, **_counts([each for each in found if layer_of(each.resource) == name])}
        for name in order
    ]


def _created(found: Sequence[Change]) -> list[dict[str, object]]:
    """What is created in each layer, first the names of what holds data, serves clients or has GPUs."""
    listed: list[dict[str, object]] = []
    for layer, resources in by_layer(each.resource for each in found if each.operation == "create").items():
        matter = [each for each in resources if each.type in HOLDERS or has_gpu_nodes(each)]
        listed.append(
            {
                "layer": layer,
                "count": len(resources),
                "matter": [each.name for each in sorted(matter, key=_weight)],
                "what": _few_words(sorted(matter, key=_weight), resources),
            }
        )
    return listed


def _weight(resource: Resource) -> tuple[object, ...]:
    """GPU nodes first, then the types of which there are few."""
    return not has_gpu_nodes(resource), resource.type.startswith(("oci:Logging/", "oci:Kms/")), resource.urn


def _following(found: Sequence[Change]) -> set[str]:
    """The URNs of what is replaced because it refers to another replaced resource.

    Before the change, the engine does not know the new reference. After it, the old one is the id of what was replaced.
    """
    replaced = [each for each in found if each.operation == "replace" and each.before]
    ids = {each.before.id: each for each in replaced if each.before and each.before.id}
    return {each.resource.urn for each in replaced if each.follows or _refers(each, ids)}


def _refers(change: Change, ids: Mapping[str, Change]) -> bool:
    if change.before is None or not change.properties:
        return False
    inputs = change.before.inputs
    own = {_STEPS.split(path)[0] for path in change.properties} - ({PROVIDER} - set(inputs))
    texts = [json.dumps(inputs.get(name), default=str) for name in own]
    return all(any(id_ in text for id_, each in ids.items() if each is not change) for text in texts)


def _followers(resources: Sequence[Resource]) -> list[dict[str, object]]:
    found: dict[str, list[str]] = {}
    for each in resources:
        found.setdefault(words(each.type), []).append(each.name)
    return [
        {
            "what": what,
            "count": len(names),
            "counted": plural(what, len(names)),
            "names": names,
            "named": some(names, _NAMES),
        }
        for what, names in sorted(found.items(), key=lambda pair: (len(pair[1]), pair[0]))
    ]


def _few_words(matter: Sequence[Resource], resources: Sequence[Resource]) -> str:
    if not matter:
        return kinds(resources, _KINDS)
    return some([f"{each.name} ({words(each.type)})" for each in matter], _MATTER)


def _row(change: Change, beside: Sequence[Change]) -> dict[str, object]:
    """A change. `beside`: all changes, if this one is the consequence of others."""
    because = some(roots_of(beside)) or ", ".join(change.values)
    return {
        "operation": change.operation,
        "resource": change.resource.name,
        "type": change.resource.type,
        "what": words(change.resource.type),
        "urn": change.resource.urn,
        "layer": layer_of(change.resource),
        "values": because or "nothing else",
        "follows": bool(beside),
    }


def _blocks(data: Mapping[str, object], *, done: bool) -> Iterator[Block]:
    if not data["known"]:
        yield Sentence(parts=["Only a preview of the engine shows what changes."])
        return
    if not data["count"]:
        where = " outside the stack" if data["outside"] else ""
        yield Sentence(parts=[f"Nothing {'changed' if done else 'changes'}{where}."])
        return
    if not _is_listed_below(data):
        yield _by_layer(data, done=done)
    for operation in _TITLES:
        yield from _named(data, operation, done=done)
        if operation == "replace":
            yield from _consequences(data, done=done)
    yield from _creations(data, done=done)


def _is_listed_below(data: Mapping[str, object]) -> bool:
    """Whether the tables below count what is created by layer, or name all of a few imports."""
    counts = as_mapping(data["counts"])
    return {*counts} == {"create"} or ({*counts} == {"import"} and (as_number(data["count"]) or 0) <= _SHOWN)


def _state(view: View, *, done: bool) -> Iterator[Block]:
    """What a refresh does about what it found."""
    if not view.outside or not view.changes:
        return
    if done:
        said = "The state now says so. The next `up` sets back what the program declares."
    else:
        said = "The state does not say so yet: a refresh without --preview-only writes it."
    yield Sentence(parts=[said])


def _by_layer(data: Mapping[str, object], *, done: bool) -> Table:
    operations = [*as_mapping(data["counts"])]
    rows: list[Sequence[Part]] = [
        [
            Value(path=f"byLayer[{index}].layer"),
            *(
                Value(path=f"byLayer[{index}].{each}", form="count") if each in layer else ""
                for each in operations
            ),
        ]
        for index, layer in enumerate(map(as_mapping, as_sequence(data["byLayer"])))
    ]
    rows.append(["total", *(Value(path=f"counts.{each}", form="count") for each in operations)])
    words = _DONE | {"update": "changed"} if data["outside"] else _DONE
    heads = [words.get(each, each) if done else each for each in operations]
    columns = [Column(name="layer"), *(Column(name=each, numeric=True) for each in heads)]
    return Table(title="", columns=columns, rows=rows)


def _named(data: Mapping[str, object], operation: str, *, done: bool) -> Iterator[Block]:
    second = {"replace": "because of", "delete": "layer", "import": "layer"}.get(operation, "what")
    rows = [
        [
            [Value(path=f"changed[{index}].resource"), " (", Value(path=f"changed[{index}].what"), ")"],
            Value(path=f"changed[{index}].{'layer' if second == 'layer' else 'values'}"),
        ]
        for index, each in enumerate(map(as_mapping, as_sequence(data["changed"])))
        if each["operation"] == operation
    ]
    if rows:
        yield Table(
            title=_OUTSIDE[operation] if data["outside"] else _TITLES[operation][done],
            columns=[Column(name="resource"), Column(name=second)],
            rows=rows,
            most=None if operation in ("replace", "delete") and not data["everything"] else _SHOWN,
        )


def _consequences(data: Mapping[str, object], *, done: bool) -> Iterator[Block]:
    rows = [
        [
            Value(path=f"followers[{index}].counted"),
            Value(path=f"followers[{index}].named"),
        ]
        for index in range(len(as_sequence(data["followers"])))
    ]
    if rows:
        title = f"{_TITLES['replace'][done]} as a consequence; no data is lost with these"
        yield Table(title=title, columns=[Column(name="kind"), Column(name="names")], rows=rows)


def _creations(data: Mapping[str, object], *, done: bool) -> Iterator[Block]:
    rows: list[Sequence[Part]] = [
        [
            Value(path=f"created[{index}].layer"),
            Value(path=f"created[{index}].count", form="count"),
            Value(path=f"created[{index}].what"),
        ]
        for index in range(len(as_sequence(data["created"])))
    ]
    columns = [Column(name="layer"), Column(name="count", numeric=True), Column(name="for example")]
    if rows:
        rows.append(["total", Value(path="counts.create", form="count"), ""])
        yield Table(title="Created" if done else "To create", columns=columns, rows=rows)
