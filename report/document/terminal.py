"""The document on a terminal, or as plain text in a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from facts.own_commands import as_run_here
from facts.wording import plural
from report.document.model import Block, Document, Part, Section, Sentence, Table
from report.document.values import said
from report.tables import at_hyphens
from report.wording import lines_of

STYLES = {"plain": "", "warning": "yellow", "alarm": "bold red"}
INDENT = "  "
NARROWEST = 50
"""Columns. In fewer, a table would lose its words, or whole columns: a narrower terminal breaks its lines instead."""


def show(document: Document, console: Console | None = None, *, verbose: bool = False) -> None:
    """Print the alarms of all sections, then every section with its other blocks.

    Without `verbose`, a long table shows its first rows and says how many it leaves out.
    """
    out = console or page_console()
    for section, block in document.alarms:
        _show_sentence(out, document, section, block)
    if document.alarms:
        out.print()
    for section in document.sections:
        if section.others:
            out.print(Text(section.title, style="bold"))
            _show_section(out, document, section, verbose)
            out.print()


def page_console() -> Console:
    """The console of a report, at least NARROWEST columns wide."""
    found = Console(highlight=False)
    return found if found.width >= NARROWEST else Console(highlight=False, width=NARROWEST)


def _show_section(out: Console, document: Document, section: Section, verbose: bool) -> None:
    """The blocks below each other. A table with a title, and what follows a table, begin after an empty line."""
    before: Block | None = None
    for block in section.others:
        if before and (isinstance(before, Table) or (isinstance(block, Table) and block.title)):
            out.print()
        if isinstance(block, Table):
            _show_table(out, document, section, block, verbose)
        elif isinstance(block, Sentence):
            _show_sentence(out, document, section, block)
        else:
            out.print(f"{INDENT}{block.title}: a picture with --html", soft_wrap=True)
        before = block


def _show_sentence(out: Console, document: Document, section: Section, block: Sentence) -> None:
    text = as_run_here("".join(said(section, part, document.currency) for part in block.parts))
    start = "" if block.level == "alarm" else INDENT
    lines = lines_of(start + text, out.width, 4) if out.is_terminal else [start + text]
    for line in lines:
        out.print(Text(line, style=STYLES[block.level]), soft_wrap=True)


def _show_table(out: Console, document: Document, section: Section, block: Table, verbose: bool) -> None:
    if block.title:
        for line in lines_of(block.title, out.width - len(INDENT)) if out.is_terminal else [block.title]:
            out.print(Text.assemble(INDENT, (line.lstrip(), "underline")), soft_wrap=True)
    table = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in block.columns:
        table.add_column(
            column.name,
            justify="right" if column.numeric else "left",
            no_wrap=column.numeric,
            overflow="fold",
        )
    shown = block.rows if verbose else block.rows[: block.most]
    for row in shown:
        table.add_row(*(_Cell(_text(section, cell, document.currency)) for cell in row))
    with out.capture() as drawn:
        out.print(Padding(table, (0, 0, 0, len(INDENT)), expand=False))
    # rich fills each line with spaces, which a search or a comparison of files would find.
    for line in drawn.get().splitlines():
        out.print(Text.from_ansi(line.rstrip()), soft_wrap=True)
    left = len(block.rows) - len(shown)
    if left:
        out.print(f"{INDENT}{plural('row', left)} more: --verbose")


def _text(section: Section, cell: Part | Sequence[Part], currency: str) -> str:
    parts = [cell] if isinstance(cell, str) or not isinstance(cell, Sequence) else cell
    return as_run_here("".join(said(section, part, currency) for part in parts))


@dataclass(frozen=True)
class _Cell:
    """A text that breaks only the words that are longer than the column, where a name has its joints."""

    text: str

    def _broken(self, width: int) -> Text:
        return Text(" ".join(at_hyphens(word, width) for word in self.text.split(" ")))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._broken(options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        least = Measurement.get(console, options, self._broken(1)).minimum
        return Measurement(least, max(least, len(self.text))).with_maximum(options.max_width)
