"""Conditions of a statement: tests of variables, joined by all or any."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
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


def holds(condition: Condition | None, known: Mapping[str, str]) -> bool:
    """Whether a condition is true for the known values, by variable in lower case. A test of another variable or of a
    time counts as true."""
    if condition is None:
        return True
    if isinstance(condition, All):
        return all(holds(each, known) for each in condition.conditions)
    if isinstance(condition, Any):
        return any(holds(each, known) for each in condition.conditions)
    value = known.get(condition.variable.lower())
    if value is None or condition.operator not in ("=", "!=", "in", "not in"):
        return True
    wanted = (condition.value,) if isinstance(condition.value, str) else condition.value
    return any(_matches(value, each) for each in wanted) is (condition.operator in ("=", "in"))


def _matches(value: str, wanted: str) -> bool:
    return fnmatchcase(value, wanted[1:-1]) if _is_pattern(wanted) else value == wanted


def _is_pattern(value: str) -> bool:
    return len(value) > 1 and value.startswith("/") and value.endswith("/")


def _joined(word: str, conditions: tuple[Condition, ...]) -> str:
    if len(conditions) == 1:
        return str(conditions[0])
    return f"{word} {{{', '.join(map(str, conditions))}}}"


def _literal(value: str) -> str:
    """Patterns and variables have no quotes; other values have quotes."""
    bare = _is_pattern(value) or value.startswith(("request.", "target."))
    return value if bare else f"'{value}'"
