"""JSON from a user: every text is a value or a ValueError."""

import pytest

from facts.json_text import DEEPEST, read_json


def nested(levels: int) -> str:
    return '{"a":[' * (levels // 2) + "]}" * (levels // 2)


@pytest.mark.parametrize("text", ["1", '"a"', "[]", '{"a": [1, {"b": null}]}', nested(DEEPEST)])
def test_json_is_read(text: str):
    read_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "a",
        "[" * 60_000,
        "[" * 60_000 + "]" * 60_000,
        '{"a":' * 60_000,
        nested(DEEPEST + 2),
        "1" * 5_000,
    ],
    ids=["nothing", "open", "word", "open lists", "lists", "objects", "one level more", "digits"],
)
def test_unreadable_json_is_a_value_error(text: str):
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_a_mark_before_the_text_is_skipped():
    assert read_json('\ufeff{"a": 1}') == {"a": 1}


def test_a_key_twice_is_refused_in_what_somebody_wrote_by_hand():
    assert read_json('{"a": {"b": 1, "b": 2}}') == {"a": {"b": 2}}
    with pytest.raises(ValueError, match="the key 'b' occurs twice"):
        read_json('{"a": {"b": 1, "b": 2}}', by_hand=True)
    assert read_json('{"a": {"b": 1}, "c": {"b": 2}}', by_hand=True) == {"a": {"b": 1}, "c": {"b": 2}}
