"""What a change would delete, drain or leave without protection."""

from collections.abc import Mapping, Sequence

from report.danger import Danger, dangers_of, heading
from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.resources import as_sequence
from report.unknown_types import is_known, unknown_types
from report.view import View
from report.wording import words


def data_at_risk(view: View) -> Section:
    """The section `dataAtRisk`."""
    changes = view.changes or ()
    found = dangers_of(changes)
    unknown = [
        each
        for each in changes
        if each.operation in ("replace", "delete") and not each.kept and not is_known(each.resource.type)
    ]
    data = {
        "known": view.changes is not None,
        "count": len(found),
        "kinds": heading(found) or None,
        "dangers": [_danger(each) for each in found],
        "unknownTypes": unknown_types([*view.after, *(view.before or ())]),
        "unknownGoing": [
            {"resource": each.resource.name, "type": each.resource.type, "operation": each.operation}
            for each in unknown
        ],
    }
    return Section(
        key="dataAtRisk",
        title="Data at risk",
        data=data,
        blocks=[*_blocks(view, found), *_unknown(data)],
        failures={
            "data-loss": [
                *(each.sentence for each in found if each.loses_data),
                *(
                    f"cannot tell whether {each.resource.name} ({each.resource.type}) holds data"
                    for each in unknown
                ),
            ],
            "gpu-loss": [each.sentence for each in found if each.loses_gpus],
        },
    )


def _danger(found: Danger) -> dict[str, object]:
    return {
        "kind": found.kind,
        "resource": found.resource.name,
        "type": found.resource.type,
        "urn": found.resource.urn,
        "what": found.what,
        "because": found.because or None,
        "losesData": found.loses_data,
        "losesGpus": found.loses_gpus,
    }


def _blocks(view: View, found: Sequence[Danger]) -> list[Block]:
    if view.changes is None:
        return [Sentence(parts=["Only a preview of the engine shows what a change puts at risk."])]
    if not found:
        return [Sentence(parts=["The change puts no data, node or protection at risk."])]
    rows = [_row(index, each) for index, each in enumerate(found)]
    columns = [Column(name="danger"), Column(name="resource"), Column(name="what happens")]
    return [
        Sentence(parts=["DANGER: ", Value(path="kinds")], level="alarm"),
        Table(title="", columns=columns, rows=rows),
    ]


def _row(index: int, danger: Danger) -> list[Value | list[str | Value]]:
    at = f"dangers[{index}]"
    because = ["; because of ", Value(path=f"{at}.because")] if danger.because else []
    return [
        Value(path=f"{at}.kind"),
        [Value(path=f"{at}.resource"), f" ({words(danger.resource.type)})"],
        [Value(path=f"{at}.what"), *because],
    ]


def _unknown(data: Mapping[str, object]) -> list[Block]:
    """Types of which nothing is known, those that the change deletes or replaces first."""
    blocks: list[Block] = []
    for index in range(len(as_sequence(data["unknownGoing"]))):
        at = f"unknownGoing[{index}]"
        parts = [
            "CANNOT TELL whether it holds data: ",
            Value(path=f"{at}.resource"),
            " (",
            Value(path=f"{at}.type"),
            "), to ",
            Value(path=f"{at}.operation"),
        ]
        blocks.append(Sentence(parts=parts, level="alarm"))
    if data["unknownTypes"]:
        said = [
            "Unknown types, so the report cannot tell whether they hold data: ",
            Value(path="unknownTypes"),
        ]
        blocks.append(Sentence(parts=said, level="warning"))
    return blocks
