"""Conditions of a statement: tests of variables, joined by all or any."""

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "in", "not in", "before", "after", "between"]


@dataclass(frozen=True)
class Test:
    """A variable and its required value: a text, another variable, a pattern such as `/prod-*/`, or several of them."""

    __test__ = False
    """Tells pytest that the class does not contain tests."""

    variable: str
    value: str | tuple[str, ...]
    operator: Operator = "="

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return f"{self.variable} {self.operator} {_literal(self.value)}"
        values = [_literal(each) for each in self.value]
        joined = " and ".join(values) if self.operator == "between" else f"({', '.join(values)})"
        return f"{self.variable} {self.operator} {joined}"


@dataclass(frozen=True)
class All:
    """True if all conditions are true."""

    conditions: tuple["Condition", ...]

    def __str__(self) -> str:
        return _joined("all", self.conditions)


@dataclass(frozen=True)
class Any:
    """True if one of the conditions is true."""

    conditions: tuple["Condition", ...]

    def __str__(self) -> str:
        return _joined("any", self.conditions)


Condition = Test | All | Any


def tests(condition: Condition | None) -> tuple[Test, ...]:
    """All tests in a condition, at any depth."""
    if condition is None:
        return ()
    if isinstance(condition, Test):
        return (condition,)
    return tuple(test for each in condition.conditions for test in tests(each))


def _joined(word: str, conditions: tuple[Condition, ...]) -> str:
    if len(conditions) == 1:
        return str(conditions[0])
    return f"{word} {{{', '.join(map(str, conditions))}}}"


def _literal(value: str) -> str:
    """Patterns and variables have no quotes; other values have quotes."""
    pattern = len(value) > 1 and value.startswith("/") and value.endswith("/")
    bare = pattern or value.startswith(("request.", "target."))
    return value if bare else f"'{value}'"
