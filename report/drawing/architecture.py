"""The picture of a stack: columns from the internet to the databases, one subnet below the other in each.

Arrows run in gutters between the columns, and below the columns that they pass, so that none crosses a label.
"""

from collections.abc import Mapping, Sequence

from report.drawing.items import (
    GAP,
    LARGE,
    PADDING,
    PLAIN,
    SMALL,
    Item,
    Line,
    height_of,
    item_at,
    stacked,
    subnet_at,
)
from report.drawing.routes import Gutters, Wire, arrows_of, gutters_of
from report.drawing.shapes import LINE, Box, Drawing, Rectangle, label
from report.resources import as_mapping, as_number, as_sequence

WIDTH = 1184
"""A page of 1,280 pixels has this room."""

_ACTORS, _SERVICES = 104, 168
_TOP = 1.0
"""Half of a line of a box would be outside at 0."""

_OPERATORS = -1
_TIERS: Sequence[tuple[str, ...]] = (
    ("edge", "bastion"),
    ("balancer", "api"),
    ("worker", "pod"),
)
"""The kinds of places by column. Other places are in the last one."""

_Subnet = tuple[str, Mapping[str, object]]


def architecture(data: Mapping[str, object]) -> Drawing:
    """The picture of the data of `report.architecture`."""
    vcns = [as_mapping(each) for each in as_sequence(data.get("vcns"))]
    columns = [_columns(vcn, f"vcns[{index}]") for index, vcn in enumerate(vcns)]
    # A network without subnets has a box too.
    used = sorted({tier for each in columns for tier in each}) or [0]
    wires = _wires(data, columns, used)
    gutters = gutters_of(wires, len(used) + 2, WIDTH, (_ACTORS, _SERVICES))
    items, boxes = _actors(data, gutters)
    below = _TOP
    floors: list[tuple[float, float]] = []
    for index, vcn in enumerate(vcns):
        found, made, floor = _network(
            vcn, f"vcns[{index}]", columns[index], used=used, gutters=gutters, top=below
        )
        items += found
        boxes += made
        floors.append((made[0].area.bottom, floor))
        below = made[0].area.bottom + GAP
    frame = _services(data, gutters)
    items.append(frame[0])
    boxes += frame[1]
    lowest = max(box.area.bottom for box in boxes)
    boxes.append(_key(lowest + GAP))
    height = boxes[-1].area.bottom
    return Drawing(
        width=WIDTH,
        height=height,
        title="The stack's network: subnets, places, zones and GPUs, and who reaches whom",
        boxes=boxes,
        arrows=arrows_of(wires, items, gutters, floors),
    )


def _columns(vcn: Mapping[str, object], path: str) -> dict[int, list[_Subnet]]:
    """The subnets of a VCN by column, each with its path."""
    found: dict[int, list[_Subnet]] = {}
    for index, subnet in enumerate(map(as_mapping, as_sequence(vcn.get("subnets")))):
        found.setdefault(_tier(subnet), []).append((f"{path}.subnets[{index}]", subnet))
    return found


def _tier(subnet: Mapping[str, object]) -> int:
    kinds = {str(as_mapping(each).get("kind")) for each in as_sequence(subnet.get("places"))}
    # Nodes decide: a subnet for them can have a bastion too.
    for tier in (2, 0, 1):
        if kinds & {*_TIERS[tier]}:
            return tier
    return 0 if not kinds and subnet.get("public") else 3


def _wires(
    data: Mapping[str, object],
    columns: Sequence[Mapping[int, Sequence[_Subnet]]],
    used: Sequence[int],
) -> list[Wire]:
    """The connections, with the columns of their ends. The first column has the actors, the last one the services."""
    internet, regional = int(as_number(data["internet"]) or 0), int(as_number(data["regional"]) or 0)
    places = {internet: (0, 0), regional: (len(used) + 1, 0), _OPERATORS: (0, 0)}
    names = {internet: "the internet", regional: "Oracle's services", _OPERATORS: "operators"}
    bastions: list[int] = []
    for vcn, tiers in enumerate(columns):
        for tier, subnets in tiers.items():
            for place in (as_mapping(each) for _, one in subnets for each in as_sequence(one.get("places"))):
                number = int(as_number(place["id"]) or 0)
                places[number] = (used.index(tier) + 1, vcn)
                names[number] = str(place["name"])
                bastions += [number] if place.get("kind") == "bastion" else []
    pairs = [
        (int(as_number(each["from"]) or 0), int(as_number(each["to"]) or 0))
        for each in map(as_mapping, as_sequence(data.get("connections")))
    ] + [(_OPERATORS, each) for each in bastions]
    outside = (internet, regional, _OPERATORS)
    return [
        Wire(
            source=first,
            target=second,
            start=places[first][0],
            end=places[second][0],
            vcn=places[second if first in outside else first][1],
            into=places[first if second in outside else second][1],
            title=f"{names[first]} reaches {names[second]}",
            out=second == internet,
        )
        for first, second in pairs
        if first in places and second in places
    ]


def _actors(data: Mapping[str, object], gutters: Gutters) -> tuple[list[Item], list[Box]]:
    """Who comes from outside, at the left."""
    given = [(int(as_number(data["internet"]) or 0), "Internet")]
    given += [(_OPERATORS, "Operators")] if data.get("operators") else []
    items: list[Item] = []
    boxes: list[Box] = []
    y = 3.0 * GAP
    for number, name in given:
        item, made = item_at({"id": number, "name": name}, "", gutters.left(0), y, _ACTORS)
        items.append(item)
        boxes += made
        y = item.area.bottom + 3 * GAP
    return items, boxes


def _network(
    vcn: Mapping[str, object],
    path: str,
    columns: Mapping[int, Sequence[_Subnet]],
    *,
    used: Sequence[int],
    gutters: Gutters,
    top: float,
) -> tuple[list[Item], list[Box], float]:
    """A VCN: its items, its boxes with its own one first, and the height at which arrows pass below its columns."""
    left, right = gutters.left(1) - PADDING, gutters.left(len(used)) + gutters.column + PADDING
    lines = [Line(text=str(vcn["name"]), size=LARGE, bold=True, path=f"{path}.name")]
    cidrs = ", ".join(map(str, as_sequence(vcn.get("cidrs"))))
    about = [cidrs, *(f"{each} gateway" for each in as_sequence(vcn.get("gateways")))]
    if any(about):
        said = " · ".join(filter(None, about))
        lines.append(Line(text=said, style="soft", path=f"{path}.cidrs" if cidrs else "", head=cidrs))
    labels = stacked(lines, left + PADDING, top + PADDING, right - left - 2 * PADDING)
    start = top + height_of(labels, top)
    items: list[Item] = []
    boxes: list[Box] = []
    floor = start
    for tier, subnets in columns.items():
        y = start
        for place, subnet in subnets:
            found, made = subnet_at(subnet, place, gutters.left(used.index(tier) + 1), y, gutters.column)
            items += found
            boxes += made
            y = made[0].area.bottom + GAP
        floor = max(floor, y)
    bottom = floor + gutters.lanes_below * gutters.step
    area = Rectangle(x=left, y=top, width=right - left, height=bottom + PADDING - top)
    return items, [Box(area=area, style="net", labels=labels), *boxes], floor


def _services(data: Mapping[str, object], gutters: Gutters) -> tuple[Item, list[Box]]:
    """What is in no network, at the right."""
    x, y = gutters.left(gutters.columns - 1), _TOP
    title = label(
        "Oracle's services", x + PADDING, y + PADDING, room=_SERVICES - 2 * PADDING, size=PLAIN, bold=True
    )
    below = y + height_of([title], y)
    boxes: list[Box] = []
    for index, service in enumerate(map(as_mapping, as_sequence(data.get("services")))):
        place = f"services[{index}]"
        item, made = item_at(dict(service) | {"id": 0}, place, x + PADDING, below, _SERVICES - 2 * PADDING)
        boxes += made
        below = item.area.bottom + PADDING
    area = Rectangle(x=x, y=y, width=_SERVICES, height=below - y)
    number = int(as_number(data["regional"]) or 0)
    return Item(number=number, name="Oracle's services", area=area), [
        Box(area=area, style="net", labels=[title]),
        *boxes,
    ]


def _key(y: float) -> Box:
    """What the lines mean."""
    said = (
        "Lines: who can connect to whom (the section on reach has every pair). Dashed lines: out to the internet. "
        "Green: GPUs. AD: availability domain."
    )
    area = Rectangle(x=0, y=y, width=WIDTH, height=SMALL * LINE + PADDING)
    return Box(
        area=area, style="ground", labels=[label(said, 2, y, room=WIDTH - 4, size=SMALL, style="soft")]
    )
