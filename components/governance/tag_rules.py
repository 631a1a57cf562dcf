"""Checks of a tag namespace, of its keys and of its default values.

Sources: Oracle's page "Tagging Overview", limits on tags (Content/Tagging/Concepts/taggingoverview.htm), and the API
reference of Identity: names ignore case, and a name that is retired stays taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.names import (
    CONTROL,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MOST_DEFINED_TAGS,
    MOST_TAG_CHOICES,
    RESERVED_TAG_NAMESPACES,
    TAG_BYTES,
    TAG_KEY,
    tags_size,
)
from facts.problem import Problem


class TagKeyChoices(Protocol):
    """The plain values of a key that settings and component share."""

    @property
    def value(self) -> str | None: ...
    @property
    def values(self) -> Sequence[str] | None: ...
    @property
    def required(self) -> bool | None: ...


def namespace_problems(name: str, *, path: str) -> Iterator[Problem]:
    """A name that IAM refuses, or that Oracle keeps for itself."""
    yield from _name_problems(name, "a name", path=path)
    if name.lower() in RESERVED_TAG_NAMESPACES:
        allowed = f"must be another name: Oracle keeps {', '.join(sorted(RESERVED_TAG_NAMESPACES))}"
        yield Problem(path, name, allowed, "Add the environment's name as a prefix")


def key_problems(keys: Mapping[str, TagKeyChoices], *, path: str) -> Iterator[Problem]:
    """Invalid and repeated keys, invalid values, and keys whose default would refuse what has no value."""
    seen: dict[str, str] = {}
    for key, chosen in keys.items():
        place = f"{path}[{key!r}]"
        yield from _name_problems(key, "a key", path=place)
        if key.lower() in seen:
            allowed = f"must be unique; {seen[key.lower()]} is the same key, because case is ignored"
            yield Problem(place, key, allowed)
        seen.setdefault(key.lower(), key)
        yield from _choice_problems(chosen, path=place)


def value_problems(value: str, *, path: str) -> Iterator[Problem]:
    """A value that is empty, too long, or of more than one line."""
    if not value.strip():
        yield Problem(path, value, "must not be empty")
    else:
        yield from text_problems(value, path=path)


def text_problems(value: str, *, path: str) -> Iterator[Problem]:
    """A value that is too long, or of more than one line."""
    if len(value) > LONGEST_TAG_VALUE:
        yield Problem(path, len(value), f"must be {LONGEST_TAG_VALUE} characters or fewer")
    elif CONTROL.search(value):
        allowed = "must have no line breaks, tabs and other control characters"
        yield Problem(path, value, allowed, "Write it on one line, in quotes")


def constant_problems(value: str, *, path: str) -> Iterator[Problem]:
    """The same, and a variable of OCI: the resource gets another value than the program's, so each preview differs.
    Source: Oracle's page "Using Tag Variables"."""
    yield from value_problems(value, path=path)
    if "${" in value:
        allowed = "must not contain a variable: OCI replaces it, and each preview would show a change"
        yield Problem(path, value, allowed)


def size_problems(
    namespace: str, values: Mapping[str, str], freeform: Mapping[str, str], *, path: str
) -> Iterator[Problem]:
    """More defined tags than a resource may have, or more bytes of tags. `freeform` are its other tags."""
    if len(values) > MOST_DEFINED_TAGS:
        allowed = f"must be {MOST_DEFINED_TAGS} tags or fewer: a resource has no more defined tags"
        yield Problem(path, len(values), allowed)
    size = tags_size({"definedTags": {namespace: dict(values)}, "freeformTags": dict(freeform)})
    if size > TAG_BYTES:
        allowed = f"must be {TAG_BYTES:,} bytes or fewer as JSON, together with the free-form tags"
        yield Problem(path, size, allowed, "Shorten the values, or remove tags")


def _choice_problems(chosen: TagKeyChoices, *, path: str) -> Iterator[Problem]:
    values = tuple(chosen.values or ())
    if len(values) > MOST_TAG_CHOICES:
        yield Problem(f"{path}.values", len(values), f"must be {MOST_TAG_CHOICES} values or fewer")
    for index, each in enumerate(values):
        yield from value_problems(each, path=f"{path}.values[{index}]")
        if each in values[:index]:
            yield Problem(f"{path}.values[{index}]", each, "must not be repeated")
    if chosen.value is not None:
        yield from constant_problems(chosen.value, path=f"{path}.value")
        if values and chosen.value not in values:
            yield Problem.not_one_of(f"{path}.value", chosen.value, values, "must be one of the key's values")
    elif chosen.required:
        allowed = (
            "must not be set without `value`: OCI would refuse each resource without one, this stack's too"
        )
        yield Problem(f"{path}.required", chosen.required, allowed, "Give the key a value")


def _name_problems(name: str, what: str, *, path: str) -> Iterator[Problem]:
    if not TAG_KEY.fullmatch(name):
        allowed = (
            f"must be {what} of 1 to {LONGEST_TAG_KEY} printable ASCII characters without periods and spaces"
        )
        yield Problem(path, name, allowed)
