"""The sandbox's copy of a stack file: the user's own text, so that the engine reads what a real `pulumi up` reads.

The sandbox cannot decrypt the real stack's secrets. They are removed from the text, together with the real stack's
encryption settings, and the sandbox's own salt is added. A text that is not valid YAML is copied unchanged: the engine
refuses it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from facts.engine_yaml import nodes as tree
from facts.engine_yaml import parse_yaml
from facts.engine_yaml.scalars import exact_value
from facts.problem import InvalidInput

SALT = "encryptionsalt"
_OF_THE_REAL_STACK = (SALT, "secretsprovider", "encryptedkey")
"""Top-level keys of the real stack's encryption settings."""

NOTHING = '""'
"""Replaces an encrypted value in the text, until the engine gets a secret of the sandbox for it."""


def copied_text(source: bytes, name: str, salt: str | None) -> bytes:
    """The text of the copy. `salt` is the sandbox's own, if the engine has created one."""
    try:
        found = parse_yaml(source, name)
    except InvalidInput:
        return source
    if not (found.root is None or isinstance(found.root, tree.Mapping)):
        return source
    wanted = _wanted(cast(Mapping[str, Any], found.value or {}), salt)
    text = _edited(source, found.root, salt)
    # If the text has an unusual form and cutting it fails, the content is written as JSON.
    if text is None or (_value(text, name) or {}) != wanted:
        text = json.dumps(wanted, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8")


def salt_of(copy: bytes, name: str) -> str | None:
    """The salt that the engine wrote into a copy."""
    try:
        content = parse_yaml(copy, name).value
    except InvalidInput:
        return None
    salt = content.get(SALT) if isinstance(content, dict) else None
    return salt if isinstance(salt, str) else None


def is_ciphertext(value: object) -> bool:
    """Whether the engine reads a value as encrypted. A number or a date under `secure` is not."""
    return (
        isinstance(value, Mapping)
        and set(cast(Mapping[str, object], value)) == {"secure"}
        and type(value["secure"]) is str
    )


def without_ciphertext(value: Any) -> Any:
    """The value with an empty text in place of each encrypted value."""
    if is_ciphertext(value):
        return ""
    if isinstance(value, dict):
        return {key: without_ciphertext(part) for key, part in value.items()}
    return [without_ciphertext(part) for part in value] if isinstance(value, list) else value


def _wanted(content: Mapping[str, Any], salt: str | None) -> dict[str, Any]:
    kept = {key: value for key, value in content.items() if key not in _OF_THE_REAL_STACK}
    if "config" in kept:
        kept["config"] = without_ciphertext(kept["config"])
    return kept | ({SALT: salt} if salt else {})


def _value(text: str, name: str) -> object:
    try:
        return parse_yaml(text, name).value
    except InvalidInput:
        return None


def _edited(source: bytes, root: tree.Mapping | None, salt: str | None) -> str | None:
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    for start, end, new in sorted(_cuts(root), reverse=True) if root else ():
        text = text[:start] + new + text[end:]
    if salt is None:
        return text
    if not text.endswith("\n"):
        text += "\n"
    return f"{text}{SALT}: {salt}\n"


def _cuts(root: tree.Mapping) -> Iterator[tuple[int, int, str]]:
    """Start, end and replacement of each part that must not be in the copy."""
    for key, value in root.entries:
        if not isinstance(key, tree.Scalar):
            continue
        if key.text in _OF_THE_REAL_STACK:
            yield key.start, value.end, ""
        elif key.text == "config":
            yield from _ciphertexts(value)


def _ciphertexts(node: tree.Node) -> Iterator[tuple[int, int, str]]:
    if isinstance(node, tree.Listing):
        for item in node.items:
            yield from _ciphertexts(item)
    elif isinstance(node, tree.Mapping):
        for key, inner in node.entries:
            if len(node.entries) == 1 and _is_word(key, "secure") and _is_text(inner):
                # A mapping without braces ends only where the next token begins, after any comment in between.
                yield node.start, node.end if node.flow else inner.end, NOTHING
            else:
                yield from _ciphertexts(inner)


def _is_word(node: tree.Node, text: str) -> bool:
    return isinstance(node, tree.Scalar) and node.text == text


def _is_text(node: tree.Node) -> bool:
    return isinstance(node, tree.Scalar) and type(exact_value(node.tag, node.text)) is str
