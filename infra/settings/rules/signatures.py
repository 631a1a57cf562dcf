"""A rule says by its parameters which sections it judges: it runs when they could be read, and not otherwise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature
from typing import TypeVar, get_type_hints

from infra.settings.base import Section
from infra.settings.sections import SECTIONS, Parsed

T = TypeVar("T")
Rule = Callable[..., Iterator[T]]
"""Its parameters bear the names of sections. One annotated `Section | None` may be missing."""


def sections_of(rule: Rule[T]) -> Mapping[str, bool]:
    """The sections that a rule asks for, by name; True for one that it cannot do without.

    Raises TypeError for a parameter that is no section, for then nobody could ever call the rule.
    """
    hints = get_type_hints(rule)
    return {name: _is_required(rule, name, hints.get(name)) for name in signature(rule).parameters}


def by_sections(*rules: Rule[T]) -> Sequence[Rule[T]]:
    """The rules, each of which asks for sections and for nothing else."""
    for rule in rules:
        sections_of(rule)
    return rules


def judged(rules: Sequence[Rule[T]], parsed: Parsed) -> Iterator[T]:
    """What the rules say of the sections. One whose section could not be read is passed over."""
    for rule in rules:
        given = {name: getattr(parsed, name) for name in sections_of(rule)}
        if all(given[name] is not None for name, required in sections_of(rule).items() if required):
            yield from rule(**given)


def _is_required(rule: Rule[T], name: str, annotation: object) -> bool:
    model: type[Section] | None = SECTIONS.get(name)
    if model is None:
        known = ", ".join(SECTIONS)
        raise TypeError(f"the rule {rule.__name__} asks for `{name}`, which is no section: {known}")
    if annotation not in (model, model | None):
        raise TypeError(
            f"the rule {rule.__name__} must annotate `{name}` as {model.__name__}, or that or None"
        )
    return annotation is model
