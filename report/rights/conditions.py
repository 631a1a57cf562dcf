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
    conditions: list[str] = []
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
            conditions.append(_in_words(part, places))
    said = what + "".join(within)
    said += f" (only {' and '.join(only)})" if only else ""
    said += f" {'of' if within and not only else 'in'} {place}"
    return said + (f", {' and '.join(conditions)}" if conditions else "")


def listed_or(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return listed(names).replace(" and ", " or ")


def _in_words(condition: Condition, places: Places) -> str:
    if (
        isinstance(condition, Test)
        and condition.variable.lower() == _PERMISSION
        and condition.operator == "!="
        and isinstance(condition.value, str)
    ):
        return f"except with the permission {condition.value}"
    return f"if {_named(str(condition), condition, places)}"


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
