"""What tests ask of problems."""

from collections.abc import Iterable

from facts.problem import Problem


def only(problems: Iterable[Problem]) -> Problem:
    """The one problem found. Fails with all of them if there are more, or none."""
    found = list(problems)
    assert len(found) == 1, found
    return found[0]
