"""What differs between two sides: settings, resources, money and rights."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from report.cost import CostReport, estimate
from report.resources import Resource
from report.rights.grants import written
from report.rights.groups import groups_of
from report.rights.places import places_of
from report.rights.roles import bound

from .flat import Row, flat, rows
from .sides import Side, Sides, bare_name, in_a_cloud


def settings_that_differ(sides: Sides) -> list[Row]:
    """Settings that differ, as the stack files write them: a default that one side writes down differs."""
    return rows(flat(sides.first.settings), flat(sides.second.settings))


def encrypted_on_both(sides: Sides) -> list[str]:
    """Paths of settings that both sides encrypt. Only the engine can decrypt them, so they are not compared."""
    found = [
        {path for path, value in flat(side.settings).items() if value == side.hidden}
        for side in (sides.first, sides.second)
    ]
    return sorted(found[0] & found[1])


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A resource that both sides have, with inputs that differ."""

    type: str
    name: str
    inputs: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class ResourceDifferences:
    """The resources of two sides, without components and providers."""

    counts: tuple[int, int]
    same: int
    """Resources of both sides whose inputs mean the same."""

    types: Mapping[str, tuple[int, int]]
    """By type, how many each side has. Only types with different counts, the largest difference first."""

    only: tuple[Sequence[Resource], Sequence[Resource]]
    """Resources that only one of the sides has."""

    changed: Sequence[Changed]

    @property
    def inputs(self) -> list[tuple[Row, list[Changed]]]:
        """Each different input with the resources where it differs in the same way, the most frequent first. Tags come
        last: they only repeat what the settings say."""
        found: dict[tuple[str, tuple[str, str]], tuple[Row, list[Changed]]] = {}
        for each in self.changed:
            for row in each.inputs:
                found.setdefault((row.path, row.shown), (row, []))[1].append(each)
        return sorted(found.values(), key=lambda pair: ("Tags" in pair[0].path, -len(pair[1])))


Key = tuple[str, str]


def resource_differences(sides: Sides) -> ResourceDifferences:
    """Compare the resources by type, place in the program, and name without the stack's prefix."""
    first, second = (
        {_key(side, each): each for each in in_a_cloud(side)} for side in (sides.first, sides.second)
    )
    both = [key for key in first if key in second]
    changed = [each for key in both if (each := _changed(sides, first[key], second[key])).inputs]
    return ResourceDifferences(
        counts=(len(first), len(second)),
        same=len(both) - len(changed),
        types=_types(first.values(), second.values()),
        only=(
            [each for key, each in first.items() if key not in second],
            [each for key, each in second.items() if key not in first],
        ),
        changed=changed,
    )


def _key(side: Side, resource: Resource) -> Key:
    return resource.urn.split("::")[2], bare_name(side, resource.name)


def _changed(sides: Sides, first: Resource, second: Resource) -> Changed:
    found = rows(
        {str(sides.neutral(sides.first, path)): value for path, value in flat(first.inputs).items()},
        {str(sides.neutral(sides.second, path)): value for path, value in flat(second.inputs).items()},
        sides.same,
    )
    return Changed(type=second.type, name=bare_name(sides.second, second.name), inputs=found)


def _types(first: Iterable[Resource], second: Iterable[Resource]) -> Mapping[str, tuple[int, int]]:
    one, other = (Counter(each.type for each in side) for side in (first, second))
    differing = [kind for kind in {*one, *other} if one[kind] != other[kind]]
    differing.sort(key=lambda kind: (-abs(one[kind] - other[kind]), kind))
    return {kind: (one[kind], other[kind]) for kind in differing}


@dataclass(frozen=True, kw_only=True)
class MoneyOfLayer:
    """What a layer costs a month on each side, in the currency of the price list."""

    layer: str
    amounts: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class MoneyDifferences:
    """The monthly costs of two sides."""

    layers: Sequence[MoneyOfLayer]
    """Every layer that costs something, the largest difference first."""

    totals: tuple[float, float]
    at_least: tuple[bool, bool]
    """Whether a side has parts that no amount is known for, so that its total leaves them out."""


def money_differences(sides: Sides) -> MoneyDifferences:
    """Compare the costs by layer, at the same prices."""
    first, second = (estimate(side.resources, sides.prices) for side in (sides.first, sides.second))
    one, other = _by_layer(first), _by_layer(second)
    layers = [
        MoneyOfLayer(layer=name, amounts=(one.get(name, 0.0), other.get(name, 0.0)))
        for name in {*one, *other}
    ]
    layers.sort(key=lambda each: (-abs(each.amounts[0] - each.amounts[1]), each.layer))
    return MoneyDifferences(
        layers=layers,
        totals=(first.monthly_total, second.monthly_total),
        at_least=(first.at_least, second.at_least),
    )


def _by_layer(costs: CostReport) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for line in costs.lines:
        found[line.layer] = found.get(line.layer, 0.0) + line.monthly
    return found


def statements_of_one(sides: Sides) -> tuple[list[str], list[str]]:
    """The policy statements that only one side has, and what only its bindings give in its cluster, in words. The names
    of the two stacks, their compartments and their tenancies count as the same."""
    first, second = (_statements(sides, side) for side in (sides.first, sides.second))
    return (
        [said for neutral, said in first.items() if neutral not in second],
        [said for neutral, said in second.items() if neutral not in first],
    )


def _statements(sides: Sides, side: Side) -> Mapping[object, str]:
    """The statements of a side by their common form, in the order of the common form."""
    given = side.resources
    bindings = (each for each, _ in bound(given, groups_of(given), places_of(given)))
    listed = [
        *(each.text for each in written(given)),
        *(f"{each.who.name} may {each.may}" for each in bindings),
    ]
    found = {str(sides.neutral(side, each)): each for each in listed}
    return dict(sorted(found.items()))
