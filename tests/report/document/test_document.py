"""A document's values have one source: the JSON. Text shows them by their path."""

import io

import pytest
from rich.console import Console

from facts.prices import load_prices
from report.document.model import FAIL_ON, Column, Document, Picture, Section, Sentence, Table, Value
from report.document.terminal import NARROWEST, page_console, show
from report.document.values import as_values, formatted, said
from report.sections import SECTIONS
from report.view import View

SECTION = Section(
    key="cost",
    title="Cost",
    data={"total": 1234.5, "lines": [{"name": f"a-name-of-a-resource-{number}"} for number in range(3)]},
    blocks=[
        Sentence(parts=["at least ", Value(path="total", form="money")]),
        Table(
            title="",
            columns=[Column(name="resource")],
            rows=[[Value(path=f"lines[{number}].name")] for number in range(3)],
            most=2,
        ),
    ],
    failures={"over-budget": ["10 USD over"]},
)
DOCUMENT = Document(stack="dev", origin="a test", currency="USD", sections=[SECTION])


def text_of(*, verbose: bool) -> str:
    out = io.StringIO()
    show(DOCUMENT, Console(file=out, width=80), verbose=verbose)
    return out.getvalue()


def test_the_json_has_each_section_under_its_key() -> None:
    assert as_values(DOCUMENT) == {
        "version": 1,
        "stack": "dev",
        "origin": "a test",
        "currency": "USD",
        "cost": SECTION.data,
    }


def test_each_kind_that_fails_is_found_by_the_section_that_is_named_for_it() -> None:
    made = [make(View(stack="dev", prices=load_prices(), after=())) for make in SECTIONS.values()]
    assert {kind: each.key for each in made for kind in each.failures} == FAIL_ON


def test_a_long_table_says_how_many_rows_it_leaves_out() -> None:
    short, whole = text_of(verbose=False), text_of(verbose=True)
    assert "at least 1,234 USD" in short or "at least 1,235 USD" in short
    assert "resource-1" in short
    assert "resource-2" not in short
    assert "1 row more: --verbose" in short
    assert "resource-2" in whole


def test_blocks_have_room_between_them_and_tables_stand_below_their_sentences() -> None:
    data = {
        "name": "a-long-name-of-a-resource",
        "about": "a sentence with more words than a column has room for",
    }
    table = Table(
        title="Names and more words than the table is wide",
        columns=[Column(name="name"), Column(name="about")],
        rows=[[Value(path="name"), Value(path="about")]],
    )
    blocks = [Sentence(parts=["First."]), table, Sentence(parts=["Last."]), Picture(title="All")]
    out = io.StringIO()
    section = Section(key="key", title="Title", data=data, blocks=blocks)
    show(Document(stack="dev", origin="", currency="USD", sections=[section]), Console(file=out, width=40))
    assert out.getvalue().splitlines() == [
        "Title",
        "  First.",
        "",
        "  Names and more words than the table is wide",
        "  name                about",
        "  " + "─" * 38,
        "  a-long-name-of-a-   a sentence with",
        "  resource            more words than a",
        "                      column has room",
        "                      for",
        "",
        "  Last.",
        "  All: a picture with --html",
        "",
    ]


def test_alarms_come_before_all_sections() -> None:
    alarm = Sentence(parts=["OVER BUDGET by ", Value(path="total", form="money")], level="alarm")
    section = Section(key="cost", title="Cost", data=SECTION.data, blocks=[*SECTION.blocks, alarm])
    out = io.StringIO()
    show(Document(stack="dev", origin="", currency="USD", sections=[section]), Console(file=out, width=80))
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("OVER BUDGET by 1,23")
    assert lines[1:3] == ["", "Cost"]


def test_a_value_that_is_not_in_the_data_is_a_fault() -> None:
    with pytest.raises(KeyError, match=r"cost\.nothing"):
        said(SECTION, Value(path="nothing"), "USD")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (["a", "b"], "text", "a, b"),
        (0.256, "percent", "26 %"),
        (3.0, "count", "3"),
        (2.5, "count", "2.5"),
        (-12.5, "money change", "-12.50 USD"),
        (1440, "gpu-hours", "1,440 GPU-hours"),
    ],
)
def test_the_forms_of_values(value: object, form: str, text: str) -> None:
    assert formatted(value, form, "USD") == text  # pyright: ignore[reportArgumentType]


def test_failures_name_their_kind() -> None:
    assert DOCUMENT.failures(["over-budget"]) == ["over-budget: 10 USD over"]
    assert DOCUMENT.failures(["data-loss"]) == []


@pytest.mark.parametrize("columns", ["0", "1", "20"])
def test_a_narrow_terminal_loses_no_column(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert page_console().width == NARROWEST
    monkeypatch.setenv("COLUMNS", "100")
    assert page_console().width == 100
