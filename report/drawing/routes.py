"""Where arrows run: in the gutters between columns, each source in a lane of its own, and below the columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from report.drawing.items import Item
from report.drawing.shapes import Arrow

STEP = 7
"""Pixels between two lanes."""

MARGIN = 12
"""Pixels beside the lanes of a gutter."""


@dataclass(frozen=True, kw_only=True)
class Wire:
    """A connection between two items in columns."""

    source: int
    target: int
    start: int
    end: int
    vcn: int
    """The network in which it leaves."""

    into: int
    """The network in which it arrives."""

    title: str
    out: bool = False

    @property
    def gutters(self) -> tuple[int, int]:
        """The gutter in which it leaves, and that in which it arrives. Gutter n is right of column n."""
        if self.end > self.start:
            return self.start, self.end - 1
        if self.end == self.start:
            return self.start, self.start
        return self.start - 1, self.end

    @property
    def direct(self) -> bool:
        """Whether one gutter is enough."""
        return self.gutters[0] == self.gutters[1] and self.vcn == self.into

    @property
    def lanes(self) -> set[int]:
        """The gutters in which its source needs a lane. Between networks it runs beside them, in the first gutter."""
        return {*self.gutters, *([] if self.vcn == self.into else [0])}

    @property
    def sides(self) -> tuple[bool, bool]:
        """Whether it leaves, and whether it arrives, at the right side."""
        return self.end >= self.start, self.end <= self.start


@dataclass(frozen=True, kw_only=True)
class Gutters:
    """The columns and what is between them."""

    columns: int
    column: float
    """The width of a column of subnets."""

    lefts: Sequence[float]
    lanes: Sequence[Sequence[int]]
    """The sources with a lane, for each gutter."""

    below: Sequence[int]
    """The sources with a lane below the columns."""

    starts: Sequence[float]
    """Where the first lane of each gutter is."""

    step: float = STEP

    @property
    def lanes_below(self) -> int:
        return len(self.below)

    def left(self, column: int) -> float:
        """The left side of a column."""
        return self.lefts[column]

    def lane(self, gutter: int, source: int) -> float:
        """Where the lane of a source is in a gutter."""
        return self.starts[gutter] + self.step * self.lanes[gutter].index(source)


def gutters_of(wires: Sequence[Wire], columns: int, room: float, ends: tuple[float, float]) -> Gutters:
    """The columns in a width. `ends`: the widths of the first and of the last column."""
    lanes = [sorted({wire.source for wire in wires if gutter in wire.lanes}) for gutter in range(columns - 1)]
    widths = [2 * MARGIN + STEP * max(len(each) - 1, 0) for each in lanes]
    inner = columns - 2
    column = (room - sum(ends) - sum(widths) - 2) / max(inner, 1)
    lefts, starts, x = [1.0], list[float](), 1.0
    for number, wide in enumerate(widths):
        x += ends[0] if number == 0 else column
        starts.append(x + MARGIN)
        x += wide
        lefts.append(x)
    below = sorted({wire.source for wire in wires if not wire.direct})
    return Gutters(columns=columns, column=column, lefts=lefts, lanes=lanes, below=below, starts=starts)


def arrows_of(
    wires: Sequence[Wire], items: Iterable[Item], gutters: Gutters, floors: Sequence[tuple[float, float]]
) -> list[Arrow]:
    """The arrows. `floors`: for each VCN the end of its box, and the end of its columns."""
    known = {each.number: each for each in items}
    drawn = [wire for wire in wires if wire.source in known and wire.target in known]
    return [_arrow(wire, drawn, known, gutters, floors) for wire in drawn]


def _arrow(
    wire: Wire,
    wires: Sequence[Wire],
    items: dict[int, Item],
    gutters: Gutters,
    floors: Sequence[tuple[float, float]],
) -> Arrow:
    right, arrives_right = wire.sides
    first, last = items[wire.source].area, items[wire.target].area
    begin = (first.right if right else first.x, _port(wire, wires, items, leaving=True))
    end = (last.right if arrives_right else last.x, _port(wire, wires, items, leaving=False))
    leave = gutters.lane(wire.gutters[0], wire.source)
    points = [begin, (leave, begin[1])]
    if not wire.direct:
        lane = gutters.step * gutters.below.index(wire.source)
        arrive = gutters.lane(wire.gutters[1], wire.source)
        below = floors[wire.vcn][1] + lane
        points.append((leave, below))
        if wire.vcn != wire.into:
            beside, below = gutters.lane(0, wire.source), floors[wire.into][1] + lane
            points += [(beside, points[-1][1]), (beside, below)]
        points += [(arrive, below), (arrive, end[1])]
    else:
        points.append((leave, end[1]))
    return Arrow(points=[*points, end], title=wire.title, style="out" if wire.out else "")


def _port(wire: Wire, wires: Sequence[Wire], items: dict[int, Item], *, leaving: bool) -> float:
    """Where a wire meets its item's side: sources leave in one place, arrivals are spread."""
    number = wire.source if leaving else wire.target
    right = wire.sides[0] if leaving else wire.sides[1]
    ports = sorted(
        {(0, each.source) for each in wires if each.source == number and each.sides[0] == right}
        | {(1, each.source) for each in wires if each.target == number and each.sides[1] == right}
    )
    area = items[number].area
    place = ports.index((0 if leaving else 1, wire.source))
    return area.y + area.height * (place + 1) / (len(ports) + 1)
