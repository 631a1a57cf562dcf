"""The stack as a picture: networks, zones, GPUs, databases, services, and who reaches whom."""

from collections.abc import Mapping, Sequence
from typing import cast

from report.architecture import architecture_of
from report.document.model import Block, Picture, Section, Sentence, Value
from report.view import View


def architecture(view: View) -> Section:
    """The section `architecture`."""
    found = architecture_of(view.after, view.stack)
    data = dict(found) | {"networks": len(cast("Sequence[object]", found["vcns"]))}
    return Section(key="architecture", title="Architecture", data=data, blocks=_blocks(data))


def _blocks(data: Mapping[str, object]) -> list[Block]:
    said: list[Block] = [
        Sentence(
            parts=[
                Value(path="gpus", form="count"),
                " GPUs; networks: ",
                Value(path="networks", form="count"),
            ]
        )
    ]
    if data["unknownCount"]:
        unknown = Value(path="unknownCount", form="count")
        said.append(
            Sentence(
                parts=["Not drawn, because not known before up: ", unknown, " resources"], level="warning"
            )
        )
    return [*said, Picture(title="The stack's network, and who reaches whom")]
