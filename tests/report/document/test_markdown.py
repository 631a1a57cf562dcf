"""The report as Markdown: its values, its limits, and that no name breaks it."""

import re

from report.document.markdown import MAX_CHARACTERS, MAX_ROWS, markdown
from report.document.model import Document
from tests.report.document.test_page import document

HOSTILE = "a|b`c\n<img src=x>@owner \\"


def test_alarms_come_first_as_one_warning() -> None:
    said = markdown(document())
    assert said.startswith("## Report of dev\n\n> [!WARNING]\n> - **OVER pool: 1,23")
    assert said.count("OVER pool") == 1


def test_rows_beyond_the_first_are_folded() -> None:
    said = markdown(document(most=2))
    folded = said[said.index("<details>") : said.index("</details>")]
    assert "<summary>2 more</summary>" in folded
    assert "pool-3" in folded
    assert "| pool-1 | 100 USD \\*" in said or "| pool-1 | 100 USD *" in said


def test_numbers_are_aligned_at_the_right() -> None:
    assert "| --- | ---: |" in markdown(document())


def test_no_name_breaks_a_table_or_calls_people() -> None:
    said = markdown(document(name=HOSTILE, most=None))
    assert "<img" not in said
    assert "@owner" not in said
    row = next(line for line in said.splitlines() if re.match(r"\| a.*-1 ", line))
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_a_long_report_stays_under_githubs_limit() -> None:
    made = document(name="x" * 40_000, most=None)
    said = markdown(made)
    assert len(said) <= MAX_CHARACTERS + 200
    assert "left out" in said


def test_a_table_has_at_most_so_many_rows() -> None:
    section = document(most=None).sections[0]
    table = section.blocks[-1]
    assert hasattr(table, "rows")
    long = type(table)(title="", columns=table.columns, rows=[*table.rows] * 20)  # pyright: ignore
    made = Document(
        stack="dev",
        origin="",
        currency="USD",
        sections=[type(section)(key="cost", title="Cost", data=section.data, blocks=[long])],
    )
    assert f"and {80 - MAX_ROWS} more" in markdown(made)
