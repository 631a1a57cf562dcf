"""The document as one HTML page that needs nothing from outside: no script, no picture, no font."""

import base64
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import jinja2
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from report.changes import at
from report.document.model import Block, Column, Document, Part, Picture, Section, Table, Value
from report.document.values import as_values, path_of, said
from report.drawing.architecture import architecture
from report.drawing.svg import STYLE, svg
from report.resources import as_number

_FOLDER = Path(__file__).parent
_HALF = 56
"""Characters of the longest row of a table that needs half of the page only."""
_NARROW = 8
"""Characters that a column takes at least, with its margins."""


def page(document: Document) -> str:
    """The page. All text is escaped. Each value has its place in the JSON, which the page contains, as `data-path`."""
    style = "".join(each.read_text(encoding="utf-8") for each in (_FOLDER / "page.css", STYLE))
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            document=document,
            alarms=document.alarms,
            sections=[(section, blocks) for section in document.sections if (blocks := section.others)],
            style=style,
            policy=_policy(style),
            # As text of a script, `<` would end it: the JSON has no character that HTML reads.
            json=htmlsafe_json_dumps(
                as_values(document), separators=(",", ":"), ensure_ascii=False, default=str
            ),
            words=partial(_words, document),
            share=_share,
            is_table=_is_table,
            is_half=partial(_is_half, document),
            is_picture=_is_picture,
            picture=_picture,
        )
    )


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(style: str) -> str:
    """A Content-Security-Policy that allows this style sheet and nothing else. A browser asks every page for an icon:
    the one in the page is a `data:` address."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _is_table(block: Block) -> bool:
    return isinstance(block, Table)


def _is_half(document: Document, section: Section, table: Table) -> bool:
    """Whether a table has room in half of the page."""
    rows = [[column.name for column in table.columns], *table.rows]
    return all(sum(_length(document, section, cell) for cell in row) <= _HALF for row in rows)


def _length(document: Document, section: Section, cell: Part | Sequence[Part]) -> int:
    return max(_NARROW, sum(len(said(section, part, document.currency)) for part in _parts(cell)))


def _parts(cell: Part | Sequence[Part]) -> Sequence[Part]:
    return [cell] if isinstance(cell, str | Value) else cell


def _is_picture(block: Block) -> bool:
    return isinstance(block, Picture)


def _picture(section: Section) -> Markup:
    return Markup(svg(architecture(section.data), path=section.key))  # noqa: S704  it escapes its texts itself


def _words(document: Document, section: Section, parts: Part | Sequence[Part]) -> Markup:
    """Parts as HTML: text is escaped, and a value is an element with its path."""
    return Markup("").join(_word(document, section, part) for part in _parts(parts))


def _word(document: Document, section: Section, part: Part) -> Markup:
    text = said(section, part, document.currency)
    if isinstance(part, str):
        return Markup("{}").format(text)
    return Markup('<span data-path="{}" data-form="{}">{}</span>').format(
        path_of(section, part), part.form, text
    )


def _share(section: Section, table: Table, index: int, cell: Part | Sequence[Part]) -> float | None:
    """How long the bar of a cell is, in percent of the longest of its column. None: the column has no bars."""
    column: Column = table.columns[index]
    amount = _amount(section, cell)
    if not column.bars or amount is None:
        return None
    largest = max(_amount(section, row[index]) or 0 for row in table.rows)
    return round(100 * max(amount, 0) / largest, 2) if largest > 0 else 0


def _amount(section: Section, cell: Part | Sequence[Part]) -> float | None:
    values = [part for part in _parts(cell) if isinstance(part, Value)]
    return as_number(at(section.data, values[0].path)) if values else None
