"""The document as Markdown, for a comment on a pull request. Names and values cannot break it, nor call people."""

from collections.abc import Iterator, Sequence

from report.document.model import Block, Document, Part, Picture, Section, Table, Value
from report.document.values import said

MAX_CHARACTERS = 60_000
"""The most characters of a comment. GitHub refuses more than 65,536."""

MAX_ROWS = 40
"""The most rows of one table."""


def markdown(document: Document) -> str:
    """The whole document: its alarms, then a heading for each section."""
    text = "\n\n".join([f"## Report of {cell(document.stack)}", *alarms(document), *sections(document)])
    return truncated(text)


def alarms(document: Document) -> list[str]:
    """The alarms of all sections as one quotation. Empty if there is none."""
    found = [f"> - **{_text(document, section, each.parts)}**" for section, each in document.alarms]
    return ["\n".join(["> [!WARNING]", *found])] if found else []


def sections(document: Document) -> Iterator[str]:
    """Each section with something to say: its heading, its sentences and its tables."""
    for section in document.sections:
        shown = [block for block in section.others if not isinstance(block, Picture)]
        if shown:
            yield f"### {cell(section.title)}"
            yield from (_block(document, section, block) for block in shown)


def _block(document: Document, section: Section, block: Block) -> str:
    if isinstance(block, Table):
        return _rows(document, section, block)
    if isinstance(block, Picture):
        return ""
    text = _text(document, section, block.parts)
    return f"**{text}**" if block.level == "warning" else text


def _rows(document: Document, section: Section, block: Table) -> str:
    """A table. What is beyond its first rows is there, but folded."""
    head = [cell(column.name) for column in block.columns]
    right = [column.numeric for column in block.columns]
    rows = [[_text(document, section, each) for each in row] for row in block.rows]
    title = [f"**{cell(block.title)}**"] if block.title else []
    first, rest = rows[: block.most], rows[block.most :] if block.most is not None else []
    shown = [*title, table(head, first, right=right)]
    if rest:
        more = table(head, rest, right=right)
        shown.append(f"<details><summary>{len(rest)} more</summary>\n\n{more}\n\n</details>")
    return "\n\n".join(shown)


def _text(document: Document, section: Section, parts: Part | Sequence[Part]) -> str:
    found = [parts] if isinstance(parts, str | Value) else parts
    return cell("".join(said(section, part, document.currency) for part in found)).strip()


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool] = ()) -> str:
    """A table of cells that are escaped already, with at most MAX_ROWS rows. `right`: columns of numbers."""
    lines = [f"| {' | '.join(head)} |", "|" + "".join(f" {_rule(right, n)} |" for n in range(len(head)))]
    lines += [f"| {' | '.join(row)} |" for row in rows[:MAX_ROWS]]
    text = "\n".join(lines)
    return text if len(rows) <= MAX_ROWS else f"{text}\n\nand {len(rows) - MAX_ROWS} more"


def _rule(right: Sequence[bool], column: int) -> str:
    return "---:" if column < len(right) and right[column] else "---"


def cell(text: str) -> str:
    """Text from a program, escaped so that it is harmless in a table of another repository."""
    for bad, good in (("\\", "\\\\"), ("|", "\\|"), ("`", "'"), ("<", "&lt;"), ("@", "@\u200b"), ("\n", " ")):
        text = text.replace(bad, good)
    return text


def truncated(text: str) -> str:
    """The text, or its first MAX_CHARACTERS, up to the end of a line."""
    if len(text) <= MAX_CHARACTERS:
        return text + "\n"
    kept = text[:MAX_CHARACTERS].rsplit("\n", 1)[0]
    return f"{kept}\n\nThe rest is left out: the comment would be too long.\n"
