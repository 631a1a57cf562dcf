"""Faults of a drawing: texts that overlap, leave their box, or are crossed by an arrow."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from report.drawing.shapes import Box, Drawing, Label, Rectangle


def faults(drawing: Drawing) -> list[str]:
    """What is wrong, in words. Empty for a good drawing."""
    whole = Rectangle(x=0, y=0, width=drawing.width, height=drawing.height)
    return [
        *(f"outside: {box.area}" for box in drawing.boxes if not whole.holds(box.area)),
        *_labels(drawing),
        *_boxes(drawing.boxes),
        *_arrows(drawing),
    ]


def labels_of(drawing: Drawing) -> list[Label]:
    return [label for box in drawing.boxes for label in box.labels]


def _labels(drawing: Drawing) -> Iterator[str]:
    for box in drawing.boxes:
        for label in box.labels:
            if not box.area.holds(label.area):
                yield f"{label.whole!r} leaves its box"
            if not label.text.strip("…"):
                yield f"{label.whole!r} has no room"
    for one, other in combinations(labels_of(drawing), 2):
        if one.area.overlaps(other.area):
            yield f"{one.whole!r} overlaps {other.whole!r}"


def _boxes(boxes: Sequence[Box]) -> Iterator[str]:
    """Of two boxes with a common area, one is in the other."""
    for one, other in combinations(boxes, 2):
        nested = one.area.holds(other.area) or other.area.holds(one.area)
        if one.area.overlaps(other.area) and not nested:
            yield f"boxes overlap: {one.area} and {other.area}"


def _arrows(drawing: Drawing) -> Iterator[str]:
    for arrow in drawing.arrows:
        for (x, y), (to_x, to_y) in pairwise(arrow.points):
            if x != to_x and y != to_y:
                yield f"{arrow.title}: a line is oblique"
            line = Rectangle(
                x=min(x, to_x), y=min(y, to_y), width=abs(x - to_x) + 0.1, height=abs(y - to_y) + 0.1
            )
            for label in labels_of(drawing):
                if line.overlaps(label.area):
                    yield f"{arrow.title}: it crosses {label.whole!r}"
