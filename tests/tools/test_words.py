"""The word list of CONTRIBUTING.md, held over pages, comments and texts in the code."""

import pytest

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
def test_a_word_of_the_list_is_found_over_line_ends(text: str, line: int) -> None:
    assert [found for found, _ in check_text(text, WORDS)] == [line]


@pytest.mark.parametrize("text", ["A makeup.", "anewer", "a re-anew-al"])
def test_parts_of_other_words_are_free(text: str) -> None:
    assert list(check_text(text, WORDS)) == []


def test_comments_and_texts_are_read_and_names_are_free() -> None:
    source = 'def anew():\n    """Read anew."""\n    # A name made\n    # up here.\n    return anew, "anew"\n'
    assert [line for line, _ in check_source(source, WORDS)] == [2, 3, 5]


def test_the_list_is_read_from_the_page() -> None:
    page = "# A\n\n## Words\n\n| Write | Not |\n| --- | --- |\n| again | anew, once more |\n\n## B\n\n| x | y |\n"
    assert word_list(page) == {"anew": "again", "once more": "again"}
    assert word_list((ROOT / "CONTRIBUTING.md").read_text())
