"""The contents of a column: items with labels, in subnets or alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from facts.wording import plural
from report.drawing.font import width
from report.drawing.shapes import LINE, Box, Label, Rectangle, label
from report.resources import as_mapping, as_number, as_sequence

SMALL, PLAIN, LARGE = 11, 12, 13
PADDING = 8
GAP = 12
MOST_LINES = 8
_ZONE_GAP = 6


@dataclass(frozen=True, kw_only=True)
class Item:
    """A box that arrows lead to or start from."""

    number: int
    name: str
    area: Rectangle


@dataclass(frozen=True, kw_only=True)
class Line:
    """A text in a box. One that is too wide is broken once, at a space."""

    text: str
    size: float = SMALL
    bold: bool = False
    style: str = ""
    path: str = ""
    """Place of the text in the data, or of its `head`."""
    head: str = ""
    form: str = "text"


def stacked(lines: Sequence[Line], x: float, y: float, room: float) -> list[Label]:
    """Labels one below the other."""
    labels: list[Label] = []
    for line in lines:
        parts = _broken(line, room)
        # The value is the text of all parts together, or a head that is not broken.
        path = line.path if len(parts) == 1 or not line.head or parts[0].startswith(line.head) else ""
        for index, part in enumerate(parts):
            made = label(
                part, x, y, room=room, size=line.size, bold=line.bold, style=line.style,
                path="" if line.head and index else path, head=line.head, form=line.form,
            )  # fmt: skip
            labels.append(replace(made, joins=index + 1 < len(parts) and not line.head))
            y += line.size * LINE
    return labels


def _broken(line: Line, room: float) -> list[str]:
    """The text, or its two parts if it is too wide."""
    words = line.text.split(" ")
    fitting = (
        count
        for count in range(len(words), 0, -1)
        if width(" ".join(words[:count]), line.size, bold=line.bold) <= room
    )
    count = next(fitting, len(words))
    return [" ".join(each) for each in (words[:count], words[count:]) if each]


def height_of(labels: Sequence[Label], y: float) -> float:
    """The height of a box from y around labels."""
    return max((each.area.bottom for each in labels), default=y) - y + PADDING


def item_at(
    place: Mapping[str, object], path: str, x: float, y: float, room: float
) -> tuple[Item, list[Box]]:
    """The boxes of one place, the item first. `path`: where the place is in the data."""
    gpus = int(as_number(place.get("gpus")) or 0)
    lines = [Line(text=str(place["name"]), size=PLAIN, bold=True, path=f"{path}.name" if path else "")]
    given = as_sequence(place.get("lines"))
    lines += [
        Line(text=str(each), path=f"{path}.lines[{index}]") for index, each in enumerate(given[:MOST_LINES])
    ]
    if len(given) > MOST_LINES:
        lines.append(Line(text=f"and {len(given) - MOST_LINES} more", style="soft"))
    if gpus:
        said = plural("GPU", gpus)
        place_of = f"{path}.gpus" if path else ""
        lines.append(Line(text=said, bold=True, path=place_of, head=said.split(" ")[0], form="count"))
    inside = room - 2 * PADDING
    labels = stacked(lines, x + PADDING, y + PADDING, inside)
    zones = [str(each) for each in as_sequence(place.get("zones"))]
    chips = _zones(zones, path, x + PADDING, y + height_of(labels, y) - PADDING / 2, inside)
    bottom = max([y + height_of(labels, y), *(chip.area.bottom + PADDING for chip in chips)])
    style = "gpu" if gpus else "open" if place.get("public") else "item"
    area = Rectangle(x=x, y=y, width=room, height=bottom - y)
    found = Item(number=int(cast("int", place["id"])), name=str(place["name"]), area=area)
    return found, [Box(area=area, style=style, labels=labels, above=True), *chips]


def _zones(zones: Sequence[str], path: str, x: float, y: float, room: float) -> list[Box]:
    """A chip for each availability domain, in as many rows as they need."""
    chips: list[Box] = []
    left = x
    for index, zone in enumerate(zones):
        wide = width(zone, SMALL) + 2 * _ZONE_GAP
        if left > x and left + wide > x + room:
            left, y = x, y + SMALL * LINE + 2 + _ZONE_GAP
        area = Rectangle(x=left, y=y, width=wide, height=SMALL * LINE + 2)
        place = f"{path}.zones[{index}]" if path else ""
        named = label(zone, left + _ZONE_GAP, y + 1, room=room, size=SMALL, path=place)
        chips.append(Box(area=area, style="zone", labels=[named], above=True))
        left += wide + _ZONE_GAP
    return chips


def subnet_at(
    subnet: Mapping[str, object], path: str, x: float, y: float, room: float
) -> tuple[list[Item], list[Box]]:
    """A subnet with its places below each other; the subnet's own box is first."""
    public = subnet.get("public")
    kind = "existing" if public is None else "public" if public else "private"
    lines = [Line(text=str(subnet["name"]), size=LARGE, bold=True, path=f"{path}.name")]
    if subnet.get("cidr"):
        lines.append(Line(text=str(subnet["cidr"]), style="soft", path=f"{path}.cidr"))
    lines.append(Line(text=f"{kind} subnet", style="soft"))
    labels = stacked(lines, x + PADDING, y + PADDING, room - 2 * PADDING)
    below = y + height_of(labels, y)
    items: list[Item] = []
    boxes: list[Box] = []
    for index, place in enumerate(map(as_mapping, as_sequence(subnet.get("places")))):
        item, made = item_at(place, f"{path}.places[{index}]", x + PADDING, below, room - 2 * PADDING)
        items.append(item)
        boxes += made
        below = item.area.bottom + PADDING
    area = Rectangle(x=x, y=y, width=room, height=below - y)
    return items, [Box(area=area, style="public" if public else "private", labels=labels), *boxes]
