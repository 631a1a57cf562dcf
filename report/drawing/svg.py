"""A drawing as SVG."""

from collections.abc import Iterator
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
    yield from (_label(each, path) for box in drawing.boxes for each in box.labels)
    yield "</g>"
    yield "</svg>"


def _box(box: Box) -> str:
    area = box.area
    corner = f'x="{area.x:.1f}" y="{area.y:.1f}" width="{area.width:.1f}" height="{area.height:.1f}"'
    return f'<rect class="{box.style}" {corner} rx="4"/>'


def _label(label: Label, path: str) -> str:
    area = label.area
    cut = label.text != label.whole
    place = (
        f' data-path={quoteattr(f"{path}.{label.path}")} data-form="text"'
        if label.path and path and not cut
        else ""
    )
    style = " ".join(filter(None, (label.style, "bold" if label.bold else "")))
    kind = f' class="{style}"' if style else ""
    base = area.y + label.size * _BASELINE
    whole = f"<title>{escape(label.whole)}</title>" if cut else ""
    return (
        f'<text x="{area.x:.1f}" y="{base:.1f}" font-size="{label.size:g}"{kind}{place}>'
        f"{escape(label.text)}{whole}</text>"
    )


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
