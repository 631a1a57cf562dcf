"""The page of a report: it shows the JSON's values, escapes every text, and refers to nothing outside."""

import base64
import hashlib
import re

from report.changes import at
from report.document.model import Column, Document, Section, Sentence, Table, Value
from report.document.page import page
from report.document.values import as_values, formatted
from tests.support.report_page import Page, read_page

HOSTILE = "</script><script>alert(1)</script><!-- \" ' & \u2028 @everyone"


def document(*, name: str = "pool", most: int | None = 2) -> Document:
    data = {
        "total": 1234.5,
        "lines": [{"name": f"{name}-{number}", "monthly": 100.0 * number} for number in range(4)],
        "byTag": {"team.one": 12.0},
    }
    rows = [
        [Value(path=f"lines[{number}].name"), [Value(path=f"lines[{number}].monthly", form="money"), " *"]]
        for number in range(4)
    ]
    columns = [Column(name=f"resource of {name}"), Column(name=f"a month of {name}", numeric=True, bars=True)]
    blocks = [
        Sentence(parts=[f"OVER {name}: ", Value(path="total", form="money")], level="alarm"),
        Sentence(parts=["of one team ", Value(path='byTag["team.one"]', form="money")], level="warning"),
        Table(title=f"Costs of {name}", columns=columns, rows=rows, most=most),
    ]
    section = Section(key="cost", title=f"Cost of {name}", data=data, blocks=blocks)
    return Document(stack="dev", origin=f"a test of {name}", currency="USD", sections=[section])


def read(made: Document) -> Page:
    return read_page(page(made))


def test_each_value_is_the_formatted_json_at_its_path() -> None:
    found = read(document())
    assert {each.path for each in found.values} >= {
        "stack",
        "cost.total",
        'cost.byTag["team.one"]',
        "cost.lines[3].monthly",
    }
    for each in found.values:
        assert each.text == formatted(at(found.json, each.path), each.form, "USD"), each  # pyright: ignore[reportArgumentType]


def test_the_page_contains_the_whole_json() -> None:
    made = document(name=HOSTILE)
    assert read(made).json == as_values(made)


def test_no_text_of_a_stack_becomes_html() -> None:
    plain, hostile = page(document(name="p" * len(HOSTILE))), page(document(name=HOSTILE))
    assert hostile.count("<") == plain.count("<")
    assert hostile.count("<script") == 1
    assert HOSTILE in "".join(each.text for each in read_page(hostile).values)


def test_the_page_refers_to_nothing_outside_and_runs_no_script() -> None:
    found = read(document())
    assert all(each.startswith(("#", "data:")) for each in found.references)
    assert [given["type"] for tag, given in found.tags if tag == "script"] == ["application/json"]
    assert not any(name.startswith("on") or name == "style" for _, given in found.tags for name in given)
    assert "url(" not in found.texts["style"]
    assert "@import" not in found.texts["style"]


def test_the_policy_allows_only_the_pages_own_style() -> None:
    found = read(document())
    policy = next(given["content"] for _, given in found.tags if given.get("http-equiv")) or ""
    digest = base64.b64encode(hashlib.sha256(found.texts["style"].encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_alarms_come_first_and_not_again() -> None:
    text = page(document())
    assert text.index("OVER pool") < text.index('id="cost"')
    assert text.count("OVER pool") == 1


def test_rows_beyond_the_first_are_folded_but_there() -> None:
    text = page(document())
    folded = text[text.index("<details>") : text.index("</details>")]
    assert "<summary>2 more</summary>" in folded
    assert re.findall(r"lines\[(\d)\]\.name", folded) == ["2", "3"]
    assert "<details>" not in page(document(most=None))


def test_a_row_of_long_texts_has_the_names_of_its_columns_for_a_phone() -> None:
    long = read(document(name="a very long name of a pool"))
    cells = [given for tag, given in long.tags if tag == "td" and given.get("role") == "cell"]
    assert [each["data-head"] for each in cells] == ["a month of a very long name of a pool"] * 4
    assert not any(given.get("data-head") for _, given in read(document()).tags)


def test_the_link_to_a_section_with_an_alarm_is_marked() -> None:
    links = [given for tag, given in read(document()).tags if tag == "a"]
    assert links == [{"href": "#cost", "class": "alarmed"}]


def test_bars_are_in_proportion_to_the_largest_of_the_column() -> None:
    found = read(document())
    assert [given["width"] for tag, given in found.tags if tag == "rect"] == [
        "0.0",
        "33.33",
        "66.67",
        "100.0",
    ]


def test_every_column_and_row_has_a_head_with_its_scope() -> None:
    found = read(document(most=None))
    assert [given.get("scope") for tag, given in found.tags if tag == "th"] == ["col", "col", *["row"] * 4]
    assert ("html", {"lang": "en"}) in found.tags
