"""Secrets that stand in plain text, where everyone with the repository can read them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from facts.problem import Problem

from .wording import HIDDEN, path_of

_SECRET_NAME = re.compile(
    r"(token|password|passphrase|secret|api_?key|private_?key|access_?key)$", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    r"^(hf_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|https://hooks\.)",
    re.DOTALL,
)


def leaves(section: str, value: object, loc: tuple[int | str, ...] = ()) -> Iterator[tuple[str, str, object]]:
    """Path, nearest key and value of everything in a section that is neither a mapping nor a list."""
    if isinstance(value, Mapping):
        for key, inner in cast(Mapping[str, object], value).items():
            yield from leaves(section, inner, (*loc, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(cast(Sequence[object], value)):
            yield from leaves(section, inner, (*loc, index))
    else:
        key = next((step for step in reversed(loc) if isinstance(step, str)), section)
        yield path_of(section, loc), key, value


def secret_problems(config: Mapping[str, object], encrypted: Collection[str]) -> Iterator[Problem]:
    """Values that are secrets by their key or their look and are not encrypted.

    `encrypted` holds paths of single values, or names of sections: the engine tells a program only that
    something in a section was encrypted, so such a section is believed.
    """
    for section, content in config.items():
        if section in encrypted:
            continue
        for path, key, value in leaves(section, content):
            if isinstance(value, str) and path not in encrypted and _is_secret(key, value):
                yield plain_text(path)


def plain_text(path: str) -> Problem:
    """The problem of a secret at `path` that anyone can read. It never shows the value."""
    command = f"pulumi config set --secret --path 'genai-playground:{path}'"
    return Problem(path, HIDDEN, "must be encrypted", f"`{command}`; and revoke the one that was readable")


def _is_secret(key: str, value: str) -> bool:
    return bool(value) and bool(_SECRET_NAME.search(key) or _SECRET_TEXT.match(value))
