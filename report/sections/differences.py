"""What differs between two stacks, or between two moments of one: a section for each subject.

These sections compare two sides, so they are not among the sections of one view.
"""

from collections.abc import Callable, Mapping

from report.differences.compare import (
    encrypted_on_both,
    money_differences,
    resource_differences,
    settings_that_differ,
    statements_of_one,
)
from report.differences.flat import Row
from report.differences.reach import pairs_that_differ
from report.differences.sides import Side, Sides, bare_name
from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.resources import Resource
from report.wording import some, words

_ROWS, _FEW = 20, 10
"""Rows of a table that are shown without `--verbose`."""

_NAMED = 2
"""Resources that are named where many differ in the same way."""


def settings(sides: Sides) -> Section:
    """The section `differencesSettings`."""
    found, hidden = settings_that_differ(sides), encrypted_on_both(sides)
    data = _head(sides) | {
        "rows": [_row(each) for each in found],
        "count": len(found),
        "notCompared": hidden,
        "notComparedCount": len(hidden),
    }
    blocks: list[Block] = [Sentence(parts=["No setting differs."])]
    if found:
        cells = [
            [Value(path=f"rows[{index}].path"), *_shown(f"rows[{index}]")] for index in range(len(found))
        ]
        table = Table(title="", columns=_columns(sides, "setting"), rows=cells, most=_ROWS)
        blocks = [Sentence(parts=["Settings that differ: ", Value(path="count", form="count")]), table]
    if hidden:
        parts = ["Encrypted on both sides, so not compared: ", Value(path="notCompared")]
        blocks.append(Sentence(parts=parts))
    return Section(key="differencesSettings", title="Settings", data=data, blocks=blocks)


def resources(sides: Sides) -> Section:
    """The section `differencesResources`."""
    found = resource_differences(sides)
    data = _head(sides) | {
        "counts": list(found.counts),
        "same": found.same,
        "types": [
            {"type": kind, "what": words(kind), "counts": list(counts)}
            for kind, counts in found.types.items()
        ],
        "only": [
            _named(side, number, each)
            for number, side in enumerate((sides.first, sides.second))
            for each in found.only[number]
        ],
        "changed": len(found.changed),
        "inputs": [
            _row(row)
            | {
                "resources": [{"resource": each.name, "type": each.type} for each in where],
                "where": some([each.name for each in where], _NAMED),
            }
            for row, where in found.inputs
        ],
    }
    return Section(
        key="differencesResources",
        title="Resources",
        data=data,
        blocks=[
            _counts(),
            *_types(sides, len(found.types)),
            *_only(sum(map(len, found.only))),
            *_inputs(sides, len(found.inputs)),
        ],
    )


def _named(side: Side, number: int, resource: Resource) -> dict[str, object]:
    name = bare_name(side, resource.name)
    return {
        "resource": name,
        "type": resource.type,
        "what": words(resource.type),
        "side": number,
        "label": side.label,
    }


def _counts() -> Sentence:
    first, second = Value(path="counts[0]", form="count"), Value(path="counts[1]", form="count")
    same, changed = Value(path="same", form="count"), Value(path="changed", form="count")
    return Sentence(
        parts=[
            *(Value(path="labels[0]"), " has ", first, ", ", Value(path="labels[1]"), " has ", second),
            *("; of those that both have, ", same, " are the same and ", changed, " differ."),
        ]
    )


def _types(sides: Sides, count: int) -> list[Block]:
    cells = [
        [
            Value(path=f"types[{index}].what"),
            *(Value(path=f"types[{index}].counts[{side}]", form="count") for side in (0, 1)),
        ]
        for index in range(count)
    ]
    columns = _columns(sides, "type", numeric=True)
    return (
        [Table(title="Types with different counts", columns=columns, rows=cells, most=_FEW)] if cells else []
    )


def _only(count: int) -> list[Block]:
    cells = [
        [Value(path=f"only[{index}].{key}") for key in ("resource", "what", "label")]
        for index in range(count)
    ]
    columns = [Column(name=name) for name in ("resource", "type", "only in")]
    return [Table(title="On one side only", columns=columns, rows=cells, most=_FEW)] if cells else []


def _inputs(sides: Sides, count: int) -> list[Block]:
    cells = [
        [
            [Value(path=f"inputs[{index}].where"), ": ", Value(path=f"inputs[{index}].path")],
            [Value(path=f"inputs[{index}].shown[0]"), " → ", Value(path=f"inputs[{index}].shown[1]")],
        ]
        for index in range(count)
    ]
    columns = [Column(name="input"), Column(name=" → ".join(sides.labels))]
    return [Table(title="Inputs that differ", columns=columns, rows=cells, most=_ROWS)] if cells else []


def money(sides: Sides) -> Section:
    """The section `differencesMoney`."""
    found = money_differences(sides)
    layers = [{"layer": each.layer} | _amounts(each.amounts) for each in found.layers]
    data = _head(sides) | {"layers": layers, "total": _amounts(found.totals), "atLeast": list(found.at_least)}
    places = [*(f"layers[{index}]" for index in range(len(layers))), "total"]
    cells = [
        [
            "total" if place == "total" else Value(path=f"{place}.layer"),
            *(Value(path=f"{place}.amounts[{side}]", form="money") for side in (0, 1)),
            Value(path=f"{place}.change", form="money change"),
        ]
        for place in places
    ]
    columns = [*_columns(sides, "layer", numeric=True), Column(name="difference", numeric=True)]
    blocks: list[Block] = [Table(title="A month, at list prices", columns=columns, rows=cells)]
    if any(found.at_least):
        blocks.append(Sentence(parts=["Parts without a known price, and parts billed by use, are left out."]))
    return Section(key="differencesMoney", title="Money", data=data, blocks=blocks)


def _amounts(amounts: tuple[float, float]) -> dict[str, object]:
    return {"amounts": [round(each, 2) for each in amounts], "change": round(amounts[1] - amounts[0], 2)}


def reach(sides: Sides) -> Section:
    """The section `differencesReach`."""
    found = pairs_that_differ(sides)
    rows = [
        {
            "source": each.pair.source,
            "target": each.pair.target,
            "protocol": each.pair.protocol,
            "ports": list(each.pair.ports),
            "why": each.pair.why,
            "shown": list(each.states),
        }
        for each in found
    ]
    blocks: list[Block] = [Sentence(parts=["The same connections are open on both sides."])]
    if rows:
        cells = [[Value(path=f"rows[{index}].why"), *_shown(f"rows[{index}]")] for index in range(len(rows))]
        blocks = [Table(title="", columns=_columns(sides, "connection"), rows=cells, most=_ROWS)]
    return Section(key="differencesReach", title="Reach", data=_head(sides) | {"rows": rows}, blocks=blocks)


def rights(sides: Sides) -> Section:
    """The section `differencesRights`."""
    found = statements_of_one(sides)
    rows = [
        {"statement": said, "side": number, "label": side.label}
        for number, side in enumerate((sides.first, sides.second))
        for said in found[number]
    ]
    blocks: list[Block] = [Sentence(parts=["Both sides give the same rights."])]
    if rows:
        cells = [
            [Value(path=f"rows[{index}].label"), Value(path=f"rows[{index}].statement")]
            for index in range(len(rows))
        ]
        columns = [Column(name="only in"), Column(name="statement")]
        blocks = [Table(title="", columns=columns, rows=cells, most=_FEW)]
    return Section(key="differencesRights", title="Rights", data=_head(sides) | {"rows": rows}, blocks=blocks)


def _head(sides: Sides) -> dict[str, object]:
    return {"labels": list(sides.labels)}


def _row(row: Row) -> dict[str, object]:
    return {"path": row.path, "shown": list(row.shown), "values": list(row.values)}


def _shown(place: str) -> list[Value]:
    return [Value(path=f"{place}.shown[{side}]") for side in (0, 1)]


def _columns(sides: Sides, name: str, *, numeric: bool = False) -> list[Column]:
    return [Column(name=name), *(Column(name=label, numeric=numeric) for label in sides.labels)]


DIFFERENCES: Mapping[str, Callable[[Sides], Section]] = {
    "differencesSettings": settings,
    "differencesResources": resources,
    "differencesMoney": money,
    "differencesReach": reach,
    "differencesRights": rights,
}
"""By the key of the section."""
