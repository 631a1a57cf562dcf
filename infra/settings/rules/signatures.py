"""The parameters of a rule name the sections that it checks. It runs only if those sections could be read.

A rule that checks many of them together has one parameter `settings` instead, whose protocol names them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from inspect import getmembers, signature
from types import SimpleNamespace
from typing import Any, TypeVar, get_type_hints

from infra.settings.base import Section, UnreadError
from infra.settings.sections import SECTIONS, Parsed

T = TypeVar("T")
Rule = Callable[..., Iterator[T]]
"""Its parameters have the names of sections. A section annotated as `Section | None` may be missing."""

TOGETHER = "settings"
"""A parameter with a protocol, each of whose properties is a section."""


@cache
def sections_of(rule: Rule[Any]) -> Mapping[str, bool]:
    """The sections that a rule needs, by name. The value is True if the section is required.

    Raises TypeError for a parameter that is not a section, because such a rule could never run.
    """
    found: dict[str, bool] = {}
    for name, annotation in _annotations(rule).items():
        wanted = _together(annotation) if name == TOGETHER else {name: annotation}
        found |= {each: _is_required(rule, each, model) for each, model in wanted.items()}
    return found


def by_sections(*rules: Rule[T]) -> Sequence[Rule[T]]:
    """The rules. Raises TypeError if one has a parameter that is not a section."""
    for rule in rules:
        sections_of(rule)
    return rules


def run_rules(rules: Sequence[Rule[T]], parsed: Parsed) -> Iterator[T]:
    """The results of the rules. A rule is skipped if one of its required sections could not be read."""
    for rule in rules:
        sections = sections_of(rule)
        given = {name: getattr(parsed, name) for name in sections}
        if all(given[name] is not None for name, required in sections.items() if required):
            known = given | {TOGETHER: SimpleNamespace(**given)}
            # A rule that asks for what could not be read has nothing more to say.
            with suppress(UnreadError):
                yield from rule(**{name: known[name] for name in signature(rule).parameters})


def _annotations(rule: Rule[T]) -> Mapping[str, object]:
    hints = get_type_hints(rule)
    return {name: hints.get(name) for name in signature(rule).parameters}


def _together(protocol: object) -> Mapping[str, object]:
    """The sections of a protocol and of those that it extends, by name."""
    properties = getmembers(protocol, lambda each: isinstance(each, property))
    return {name: get_type_hints(each.fget)["return"] for name, each in properties}


def _is_required(rule: Rule[T], name: str, annotation: object) -> bool:
    model: type[Section] | None = SECTIONS.get(name)
    if model is None:
        known = ", ".join(SECTIONS)
        raise TypeError(
            f"the rule {rule.__name__} has the parameter `{name}`, which is not a section: {known}"
        )
    if annotation not in (model, model | None):
        raise TypeError(
            f"the rule {rule.__name__} must annotate `{name}` as {model.__name__} or as an optional {model.__name__}"
        )
    return annotation is model
