"""What a change would delete, drain or leave without protection."""

from report.danger import dangers_of
from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.node_danger import has_gpu_nodes
from report.view import View
from report.wording import words

_GPU_KINDS = ("drained", "lost")


def data_at_risk(view: View) -> Section:
    """The section `dataAtRisk`."""
    found = dangers_of(view.changes)
    data = {
        "known": view.before is not None,
        "count": len(found),
        "dangers": [
            {
                "kind": each.kind,
                "resource": each.resource.name,
                "type": each.resource.type,
                "urn": each.resource.urn,
                "what": each.what,
                "because": each.because or "-",
            }
            for each in found
        ],
    }
    failures = {
        "data-loss": [each.sentence for each in found if each.kind in ("lost", "left behind")],
        "gpu-loss": [
            each.sentence for each in found if each.kind in _GPU_KINDS and has_gpu_nodes(each.resource)
        ],
    }
    return Section(
        key="dataAtRisk",
        title="Data at risk",
        data=data,
        blocks=_blocks(view, len(found), [words(each.resource.type) for each in found]),
        failures=failures,  # pyright: ignore[reportArgumentType]
    )


def _blocks(view: View, count: int, types: list[str]) -> list[Block]:
    if view.before is None:
        return [Sentence(parts=["Only a preview of the engine shows what a change puts at risk."])]
    if not count:
        return [Sentence(parts=["The change puts no data, node or protection at risk."])]
    rows = [
        [
            Value(path=f"dangers[{index}].kind"),
            [Value(path=f"dangers[{index}].resource"), f" ({name})"],
            Value(path=f"dangers[{index}].what"),
        ]
        for index, name in enumerate(types)
    ]
    columns = [Column(name="danger"), Column(name="resource"), Column(name="what happens")]
    return [
        Sentence(parts=["DANGER: ", Value(path="count", form="count"), " at risk"], level="alarm"),
        Table(title="", columns=columns, rows=rows),
    ]
