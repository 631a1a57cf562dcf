"""Glob patterns of lifecycle rules, which match whole names of objects.

Source: Oracle's page "Object Storage Object Lifecycle Management", with its examples of invalid patterns.
"""

import re
from functools import cache


@cache
def name_pattern(text: str) -> re.Pattern[str]:
    """The expression of a pattern: `*`, `?`, `[...]`, and a backslash before a character that means itself.

    ValueError for an invalid one.
    """
    parts: list[str] = []
    place = 0
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            parts.append(re.escape(_at(text, place + 1)))
            place += 2
        elif letter == "[":
            group, place = _group(text, place + 1)
            parts.append(group)
        else:
            parts.append({"*": ".*", "?": "."}.get(letter) or re.escape(letter))
            place += 1
    return re.compile("".join(parts), re.DOTALL)


def _at(text: str, place: int) -> str:
    if place >= len(text):
        raise ValueError("nothing follows the backslash")
    return text[place]


def _group(text: str, place: int) -> tuple[str, int]:
    """The expression of a group of characters that begins here, and the place after it."""
    letters: list[str] = []
    plain: list[bool] = []
    while place < len(text) and text[place] != "]":
        escaped = text[place] == "\\"
        place += escaped
        letters.append(_at(text, place))
        plain.append(not escaped)
        place += 1
    if place >= len(text) or not letters:
        raise ValueError("a group of characters is empty or does not end")
    if plain[0] and letters[0] in "^:":
        raise ValueError("a group of characters must not begin with ^ or :")
    if len(letters) == 3 and letters[1] == "-" and plain[1]:
        if letters[0] > letters[2]:
            raise ValueError("a range of characters must go up")
        return f"[{re.escape(letters[0])}-{re.escape(letters[2])}]", place + 1
    if any(letter == "-" and is_plain for letter, is_plain in list(zip(letters, plain, strict=True))[1:-1]):
        raise ValueError("a range of characters must be alone in its group")
    return f"[{''.join(map(re.escape, letters))}]", place + 1
