"""What a grant allows and under which condition, in words."""

from collections.abc import Mapping, Sequence

from facts.policies import All, Condition, Test

from .places import Places
from .principals import listed

_THINGS: Mapping[str, tuple[str, str]] = {
    "target.bucket.name": ("buckets", "in the bucket"),
    "target.metrics.namespace": ("", "of the namespace"),
}
"""Variables with the type that they name themselves, and their words for other types."""

_ITSELF = (".name", ".id")
_PERMISSION = "request.permission"


def what_in_words(what: str, where: Condition | None, place: str, places: Places) -> str:
    """`read objects in the bucket model-artifacts of the compartment genai`."""
    within: list[str] = []
    only: list[str] = []
    others: list[Condition] = []
    for part in _parts(where):
        variable, names = _one_of(part, places)
        own, words = _THINGS.get(variable, ("", ""))
        if words and not (own and what.endswith(f" {own}")):
            within.append(f" {words} {listed_or(names)}")
        elif variable == _PERMISSION and names:
            only.append(f"with the permission {listed_or(names)}")
        elif variable.startswith("target.") and variable.endswith(_ITSELF) and names:
            only.append(listed_or(names))
        else:
            others.append(part)
    said = what + "".join(within)
    said += f" (only {' and '.join(only)})" if only else ""
    said += f" {'of' if within and not only else 'in'} {place}"
    return said + (f", {conditions_in_words(others, places)}" if others else "")


def conditions_in_words(conditions: Sequence[Condition], places: Places) -> str:
    """Conditions that must all be true: `except with the permission C and if a = 'b'`."""
    excepted = [name for each in conditions for name in _excepted(each)]
    said = [f"except with the permission {listed_or(excepted)}"] if excepted else []
    said += [f"if {_named(str(each), each, places)}" for each in conditions if not _excepted(each)]
    return " and ".join(said)


def listed_or(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return listed(names).replace(" and ", " or ")


def _excepted(condition: Condition) -> list[str]:
    """The permissions that a condition takes away, if it does nothing else."""
    if isinstance(condition, Test) and condition.variable.lower() == _PERMISSION:
        return _values(condition) if condition.operator in ("!=", "not in") else []
    return []


def _named(text: str, condition: Condition, places: Places) -> str:
    """The text of a condition with names instead of OCIDs."""
    for each in _values(condition):
        if each.startswith("ocid1."):
            text = text.replace(each, places.named(each))
    return text


def _values(condition: Condition) -> list[str]:
    if isinstance(condition, Test):
        return [condition.value] if isinstance(condition.value, str) else [*condition.value]
    return [value for each in condition.conditions for value in _values(each)]


def _parts(where: Condition | None) -> list[Condition]:
    """The conditions that must all be true."""
    if where is None:
        return []
    if isinstance(where, All):
        return [part for each in where.conditions for part in _parts(each)]
    return [where]


def _one_of(condition: Condition, places: Places) -> tuple[str, list[str]]:
    """A variable and the values of which it must have one; no variable if the condition has another form."""
    tests = [condition] if isinstance(condition, Test) else [*condition.conditions]
    found: list[tuple[str, str]] = []
    if isinstance(condition, All):
        return "", []
    for each in tests:
        if not isinstance(each, Test) or each.operator not in ("=", "in"):
            return "", []
        found += [(each.variable.lower(), value) for value in _values(each)]
    names = {variable for variable, _ in found}
    if len(names) != 1:
        return "", []
    return names.pop(), [_pattern(places.named(value)) for _, value in found]


def _pattern(value: str) -> str:
    """`/prod*/` as `prod*`."""
    return value[1:-1] if len(value) > 1 and value.startswith("/") and value.endswith("/") else value
