"""The page of the alarm catalogue: every alarm, every reason, and it is up to date."""

import re
import sys

import pytest

from components.observability.definitions import all_alarms
from components.observability.services import unwatched, watched_services
from tools import alarm_catalogue, pages
from tools.alarm_catalogue import PAGE, main, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_each_alarm_and_each_reason_is_on_the_page():
    text = page()
    assert set(
        re.findall(r"^\| `([a-z0-9-]+)` \| (?:availability|saturation|errors):", text, re.MULTILINE)
    ) == set(all_alarms())
    for each in (*watched_services().values(),):
        assert all(reason in text for reason in each.without.values())
    assert all(reason in text for reason in unwatched().values())


def test_the_links_of_the_summary_lead_to_headings():
    text = page()
    headings = {
        line[3:].lower().replace(" ", "-").replace(",", "")
        for line in text.splitlines()
        if line.startswith("## ")
    }
    linked = set(re.findall(r"\(#([^)]+)\)", text))
    assert len(linked) == len(watched_services())
    assert linked <= headings


def test_a_check_fails_if_the_page_is_out_of_date(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(alarm_catalogue, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(sys, "argv", ["alarm_catalogue", "--check"])
    assert main() == 1
    assert "page.md is out of date: run `make docs`" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["alarm_catalogue"])
    assert main() == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page()
