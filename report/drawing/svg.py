"""A drawing as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from report.drawing.font import FAMILY
from report.drawing.shapes import Arrow, Box, Drawing, Label

STYLE = Path(__file__).with_name("picture.css")
_BASELINE = 1.02
"""From the top of a label to the base of its letters, as a share of the font size."""


def svg(drawing: Drawing, *, path: str = "", alone: bool = False) -> str:
    """The picture as an element of a page, or `alone` as a file with its own style sheet.

    `path`: where the picture's data is in the JSON of the page.
    """
    return "\n".join(_lines(drawing, path, alone)) + "\n"


def _lines(drawing: Drawing, path: str, alone: bool) -> Iterator[str]:
    size = f'width="{drawing.width:g}" height="{drawing.height:g}" viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    name = 'xmlns="http://www.w3.org/2000/svg" ' if alone else ""
    yield f'<svg {name}class="picture" role="img" aria-labelledby="picture-title" {size}>'
    yield f'<title id="picture-title">{escape(drawing.title)}</title>'
    if alone:
        yield f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
        yield f'<rect class="ground" width="{drawing.width:g}" height="{drawing.height:g}"/>'
    yield from (_box(each) for each in drawing.boxes if not each.above)
    yield from map(_arrow, drawing.arrows)
    yield from (_box(each) for each in drawing.boxes if each.above)
    yield f'<g font-family="{FAMILY}">'
    for box in drawing.boxes:
        yield from _labels(box.labels, path)
    yield "</g>"
    yield "</svg>"


def _box(box: Box) -> str:
    area = box.area
    corner = f'x="{area.x:.1f}" y="{area.y:.1f}" width="{area.width:.1f}" height="{area.height:.1f}"'
    return f'<rect class="{box.style}" {corner} rx="4"/>'


def _labels(labels: Sequence[Label], path: str) -> Iterator[str]:
    """The labels of a box. Those that are one text together are a group, whose text is the value."""
    rest = [*labels]
    while rest:
        count = next(number for number, each in enumerate(rest, 1) if not each.joins)
        together, rest = rest[:count], rest[count:]
        if count == 1:
            yield _label(together[0], path)
        else:
            whole = all(each.text == each.whole for each in together)
            parts = " ".join(_label(replace(each, path=""), path) for each in together)
            yield f"<g{_place(together[0], path) if whole else ''}>{parts}</g>"


def _label(label: Label, path: str) -> str:
    area = label.area
    cut = label.text != label.whole
    style = " ".join(filter(None, (label.style, "bold" if label.bold else "")))
    kind = f' class="{style}"' if style else ""
    base = area.y + label.size * _BASELINE
    whole = f"<title>{escape(label.whole)}</title>" if cut else ""
    place = "" if cut else _place(label, path)
    text = escape(label.text)
    if label.head and place:
        text = f"<tspan{place}>{escape(label.head)}</tspan>{escape(label.text.removeprefix(label.head))}"
        place = ""
    return (
        f'<text x="{area.x:.1f}" y="{base:.1f}" font-size="{label.size:g}"{kind}{place}>{text}{whole}</text>'
    )


def _place(label: Label, path: str) -> str:
    """Where the value of a label is in the JSON of the page."""
    if not (label.path and path):
        return ""
    return f" data-path={quoteattr(f'{path}.{label.path}')} data-form={quoteattr(label.form)}"


def _arrow(arrow: Arrow) -> str:
    (first_x, first_y), *rest = arrow.points
    line = f"M{first_x:.1f} {first_y:.1f}" + "".join(f"L{x:.1f} {y:.1f}" for x, y in rest)
    (before_x, _), (end_x, end_y) = arrow.points[-2:]
    back = -6 if end_x > before_x else 6
    head = f"M{end_x:.1f} {end_y:.1f}l{back} -3.5v7z"
    style = f"arrow {arrow.style}".strip()
    return (
        f'<g class="{style}"><title>{escape(arrow.title)}</title><path class="line" d="{line}"/>'
        f'<path class="head" d="{head}"/></g>'
    )
