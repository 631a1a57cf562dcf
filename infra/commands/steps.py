"""Checks that run one after the other and are refused together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from facts.problem import InvalidInput

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Steps:
    """Runs each step, also after one that refuses its input."""

    errors: list[InvalidInput] = field(default_factory=list[InvalidInput])

    def run(self, step: Callable[[], _Found]) -> _Found | None:
        """The result; None with an error if the step refuses."""
        try:
            return step()
        except InvalidInput as error:
            self.errors.append(error)
            return None
