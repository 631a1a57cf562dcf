"""Generated pages: written when they changed, deleted when they are no longer wanted, named by a check."""

import sys
from pathlib import Path

import pytest

from tools import pages
from tools.pages import write_pages


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["tool"])
    (tmp_path / "old.md").write_text("old", "utf-8")
    (tmp_path / "same.md").write_text("same", "utf-8")
    return tmp_path


def test_a_check_names_stale_and_surplus_pages_and_writes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["tool", "--check"])
    wanted = {folder / "in" / "new.md": "new", folder / "same.md": "same"}
    assert write_pages(wanted, [folder / "old.md"]) == 1
    named = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()]
    assert named == ["in/new.md", "old.md"]
    assert (folder / "old.md").exists()
    assert not (folder / "in").exists()


def test_pages_are_written_and_surplus_ones_deleted(folder: Path, monkeypatch: pytest.MonkeyPatch):
    wanted = {folder / "in" / "new.md": "new", folder / "same.md": "same"}
    assert write_pages(wanted, [folder / "old.md"]) == 0
    assert {path: path.read_text("utf-8") for path in folder.rglob("*.md")} == wanted
    monkeypatch.setattr(sys, "argv", ["tool", "--check"])
    assert write_pages(wanted) == 0
