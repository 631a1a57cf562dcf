"""The document on a terminal, or as plain text in a file."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from facts.wording import plural
from report.document.model import Block, Document, Part, Picture, Section, Sentence, Table
from report.document.values import said
from report.tables import at_hyphens
from report.wording import lines_of

STYLES = {"plain": "", "warning": "yellow", "alarm": "bold red"}
NAME_WIDTH = 26
"""The width at which a name is broken after a hyphen, so that a line fits 80 columns."""

NARROW_WIDTH = 20
"""The same in a table with more than two columns of text."""


def show(document: Document, console: Console | None = None, *, verbose: bool = False) -> None:
    """Print the alarms of all sections, then every section with its other blocks.

    Without `verbose`, a long table shows its first rows and says how many it leaves out.
    """
    out = console or Console(highlight=False)
    alarms = [(each, block) for each in document.sections for block in each.blocks if is_alarm(block)]
    for section, block in alarms:
        _show(out, document, section, block, verbose)
    if alarms:
        out.print()
    for section in document.sections:
        blocks = [block for block in section.blocks if not is_alarm(block)]
        if blocks:
            out.print(Text(section.title, style="bold"))
        for block in blocks:
            _show(out, document, section, block, verbose)
        if blocks:
            out.print()


def is_alarm(block: Block) -> bool:
    """Whether a block is shown before all sections."""
    return isinstance(block, Sentence) and block.level == "alarm"


def _show(out: Console, document: Document, section: Section, block: Block, verbose: bool) -> None:
    if isinstance(block, Table):
        _show_table(out, document, section, block, verbose)
        return
    if isinstance(block, Picture):
        return
    text = "".join(said(section, part, document.currency) for part in block.parts)
    start = "" if block.level == "alarm" else "  "
    lines = lines_of(start + text, out.width, 4) if out.is_terminal else [start + text]
    for line in lines:
        out.print(Text(line, style=STYLES[block.level]), soft_wrap=True)


def _show_table(out: Console, document: Document, section: Section, block: Table, verbose: bool) -> None:
    table = RichTable(
        title=block.title, title_justify="left", title_style="", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for column in block.columns:
        table.add_column(
            column.name,
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric,
            overflow="fold",
        )
    shown = block.rows if verbose else block.rows[: block.most]
    width = NAME_WIDTH if sum(not each.numeric for each in block.columns) <= 2 else NARROW_WIDTH
    for row in shown:
        table.add_row(*(Text(_cell(section, cell, document.currency, width)) for cell in row))
    left = len(block.rows) - len(shown)
    if left:
        table.caption = f"{plural('row', left)} more: --verbose"
        table.caption_justify = "left"
    out.print(table)


def _cell(section: Section, cell: Part | Sequence[Part], currency: str, width: int) -> str:
    parts = [cell] if isinstance(cell, str) or not isinstance(cell, Sequence) else cell
    text = "".join(said(section, part, currency) for part in parts)
    return " ".join(at_hyphens(word, width) for word in text.split(" "))
