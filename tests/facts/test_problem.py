"""The message for an unknown word."""

from pathlib import Path

from facts.problem import MOST_LISTED, Problem

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("facts", "components", "serving", "infra", "report")


def test_the_most_similar_word_is_suggested_besides_the_list():
    problem = Problem.not_one_of("gpu.kind", "privat", ["private", "public"])
    assert str(problem) == "gpu.kind: 'privat'; must be one of private, public. Did you mean `private`?"


def test_a_word_without_a_similar_one_gets_the_list_once():
    assert Problem.not_one_of("a", "zzz", ["private", "public"]).fix == ""
    assert Problem.not_one_of("a", "zzz", ["private"], "is no kind").fix == "There are: private"


def test_another_fix_is_given_if_no_word_is_similar():
    near = Problem.not_one_of("a", "privat", ["private"], otherwise="Ask Oracle")
    far = Problem.not_one_of("a", "zzz", ["private"], otherwise="Ask Oracle")
    assert (near.fix, far.fix) == ("Did you mean `private`?", "Ask Oracle")


def test_a_list_too_long_to_read_is_left_out():
    known = [f"word{number}" for number in range(MOST_LISTED + 1)]
    assert Problem.not_one_of("a", "zzz", known, "is no word").fix == ""


def test_an_empty_list_of_choices_says_so():
    assert Problem.not_one_of("a", "x", []).allowed == "must be left out: there is none"


def test_what_is_shown_may_be_more_than_the_word():
    assert Problem.not_one_of("a", "sum", ["sum2"], shown="sum()").value == "sum()"


def test_only_one_place_suggests_words():
    asking = [
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "Did you mean" in path.read_text(encoding="utf-8")
    ]
    assert asking == ["facts/problem.py"], "use Problem.not_one_of, or did_you_mean outside a Problem"
