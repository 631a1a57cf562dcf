"""The word list of CONTRIBUTING.md is enforced for pages, comments and texts in the code."""

from pathlib import Path

import pytest

from tools import make_lint, words
from tools.component_rules import ROOT
from tools.words import check_source, check_text, word_list

WORDS = {"made up": "generated", "anew": "again"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A password made up by the vault.", 1),
        ("One line.\nA password made\nup by the vault.", 2),
        ("Made anew.", 1),
    ],
)
def test_a_phrase_of_the_list_is_found_also_where_a_line_ends_in_it(text: str, line: int) -> None:
    assert [found for found, _ in check_text(text, WORDS)] == [line]


@pytest.mark.parametrize("text", ["A makeup.", "anewer", "a re-anew-al"])
def test_parts_of_other_words_are_allowed(text: str) -> None:
    assert list(check_text(text, WORDS)) == []


def test_comments_and_texts_are_read_and_names_are_not() -> None:
    source = 'def anew():\n    """Read anew."""\n    # A name made\n    # up here.\n    return anew, "anew"\n'
    assert [line for line, _ in check_source(source, WORDS)] == [2, 3, 5]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('x = f"{y} anew"\n', 1),
        ('x = f"made {y} up", f"{y:>3} made up"\n', 1),
        ('x = (\n    "a name made "\n    "up"\n)\n', 2),
        ('x = (\n    f"{y} made "\n    f"up of {z}"\n)\n', 2),
        ('x = "a\\nb\\nanew"\n', 1),
    ],
)
def test_texts_are_checked_as_python_joins_them(source: str, line: int) -> None:
    assert [found for found, _ in check_source(source, WORDS)] == [line]


def test_files_of_every_kind_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "# A\n\n## Words\n\n| Write | Not |\n| --- | --- |\n| again | anew |\n"
    names = ["Makefile", "facts/prices.yaml", "tools/a.sh", "boot/a.j2", "docs/a.md", "a.py"]
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(words, "tracked", lambda *_patterns: ["CONTRIBUTING.md", *names, *words.LEFT_OUT])
    for name in ("CONTRIBUTING.md", *names):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(table if name == "CONTRIBUTING.md" else "# Built anew.\n")
    assert words.main() == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == names


def test_the_patterns_match_every_kind_of_file_and_every_exception() -> None:
    read = set(make_lint.tracked(*words.FILES))
    assert {"Makefile", "facts/policies/words.yaml", "tools/setup.sh", "README.md"} <= read
    assert all(any(name.startswith(left) for name in read) for left in words.LEFT_OUT)


def test_the_list_is_read_from_the_page() -> None:
    page = "# A\n\n## Words\n\n| Write | Not |\n| --- | --- |\n| again | anew, once more |\n\n## B\n\n| x | y |\n"
    assert word_list(page) == {"anew": "again", "once more": "again"}
    assert word_list((ROOT / "CONTRIBUTING.md").read_text())
