"""The shapes of a picture: boxes, the labels in them, and arrows. Lengths are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from report.drawing.font import fitted, width

LINE = 1.35
"""Height of a line as a share of its font size."""


@dataclass(frozen=True, kw_only=True)
class Rectangle:
    """A rectangle whose sides are parallel to the picture's."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def holds(self, other: "Rectangle") -> bool:
        """Whether the other one is inside it."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: "Rectangle") -> bool:
        """Whether both share some area."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, kw_only=True)
class Label:
    """A line of text. `area` is what it covers at most; `whole` is the text before it was cut to its room."""

    area: Rectangle
    text: str
    whole: str
    size: float
    bold: bool = False
    style: str = ""
    path: str = ""
    """Place of the whole text in the picture's data, or of `head`."""

    head: str = ""
    """The beginning of the text, if the rest is no value."""

    form: str = "text"
    """The form of the value, one of `report.document.model.Form`."""

    joins: bool = False
    """Whether the text goes on in the next label."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A filled rectangle. `style` is a class of `picture.css`. Labels are inside it."""

    area: Rectangle
    style: str
    labels: Sequence[Label] = ()
    above: bool = False
    """Whether arrows pass below it."""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A line with right angles, from its first point to its last."""

    points: Sequence[tuple[float, float]]
    title: str
    style: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole picture."""

    width: float
    height: float
    title: str
    boxes: Sequence[Box] = field(default_factory=tuple["Box", ...])
    arrows: Sequence[Arrow] = field(default_factory=tuple["Arrow", ...])


def label(
    text: str,
    x: float,
    y: float,
    *,
    room: float,
    size: float = 12,
    bold: bool = False,
    style: str = "",
    path: str = "",
    head: str = "",
    form: str = "text",
) -> Label:
    """A label whose upper left corner is at x and y, cut to a width."""
    shown = fitted(text, size, room, bold=bold)
    area = Rectangle(x=x, y=y, width=width(shown, size, bold=bold), height=size * LINE)
    return Label(
        area=area, text=shown, whole=text, size=size, bold=bold, style=style, path=path, head=head, form=form
    )
