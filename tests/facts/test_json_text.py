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
