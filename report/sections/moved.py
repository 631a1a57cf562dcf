"""What a change opens and closes, and which rights it gives and takes: the sections of a change of a stack that exists.

The sections `reach` and `rights` say the same of everything that is there after the change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from report.document.model import Block, Column, Section, Sentence, Table, Value
from report.openings import words
from report.reach_report import Reached, few_words, grouped, reached
from report.resources import Resource, holds_unknown
from report.rights.broad import BINDINGS, ROLES
from report.rights.grants import Rights, rights_of
from report.view import View

_SHOWN = 8

Ways = Mapping[tuple[str, str], str]
"""The ports, in words, by from and to."""


def reach_moved(view: View) -> Section:
    """The section `reachOfChange`."""
    before, after = reached(view.before or ()), reached(view.after)
    unknown = len(after.unknown)
    then, now = _ways(before), _ways(after)
    alarms = [each for each in after.alarms if each not in before.alarms]
    shut = [each for each in after.closed if each not in before.closed]
    data = {
        "alarms": alarms,
        "closedPairs": shut,
        "internet": [*_from_outside(before, after)],
        "opened": _rows((*way, ports) for way, ports in now.items() if way not in then),
        "ports": _rows(
            (*way, f"{then[way]} → {ports}")
            for way, ports in now.items()
            if way in then and then[way] != ports
        ),
        # What is not known yet would look closed.
        "closed": _rows((*way, ports) for way, ports in then.items() if way not in now and not unknown),
        "unknownCount": unknown,
    }
    return Section(
        key="reachOfChange",
        title="Reach",
        data=data,
        blocks=[*_reach_blocks(data, view.unresolved)],
        failures={"open-to-internet": alarms},
    )


def _ways(found: Reached) -> Ways:
    ways: dict[tuple[str, str], list[str]] = {}
    for row in (*found.rows, *found.pod_rows):
        for source in row.sources:
            for target in row.targets:
                ways.setdefault((source, target), []).append(words(row.what))
    return {way: "; ".join(dict.fromkeys(ports)) for way, ports in ways.items()}


def _from_outside(before: Reached, after: Reached) -> Iterator[Mapping[str, object]]:
    """Ways from the internet that only one of the two moments has."""
    ways = [
        {(place.name, path.label, ", ".join(path.sources)) for place, path in found.paths}
        | {(door.resource.name, door.what, ", ".join(door.sources)) for door in found.doors}
        for found in (before, after)
    ]
    for what, there in (("opened", ways[1] - ways[0]), ("closed", ways[0] - ways[1])):
        if what == "opened" or not after.unknown:
            yield from (
                {"to": to, "what": label, "from": sources, "change": what}
                for to, label, sources in sorted(there)
            )


def _rows(ways: Iterable[tuple[str, str, str]]) -> list[dict[str, object]]:
    return [
        {
            "from": [*sources],
            "to": [*targets],
            "fromWords": few_words(sources, {}),
            "toWords": few_words(targets, {}),
            "ports": ports,
        }
        for sources, targets, ports in grouped(ways)
    ]


def _reach_blocks(data: Mapping[str, Sequence[object] | int], why: str) -> Iterator[Block]:
    for path, word in (("alarms", "OPEN TO THE INTERNET"), ("closedPairs", "CLOSED")):
        for index in range(_length(data, path)):
            yield Sentence(parts=[f"{word}: ", Value(path=f"{path}[{index}]")], level="alarm")
    if data["unknownCount"]:
        count = Value(path="unknownCount", form="count")
        because = f"; {why}" if why else ""
        said = [
            "Not known before up: the place or the rules of ",
            count,
            f" resources of the network{because}",
        ]
        yield Sentence(parts=said, level="warning")
    if not any(_length(data, each) for each in ("internet", "opened", "ports", "closed")):
        known = "Of what is known, the" if data["unknownCount"] else "The"
        yield Sentence(parts=[f"{known} change opens and closes nothing."])
    yield from _table(data, "internet", "From the internet", ("to", "what", "from", "change"))
    yield from _table(data, "opened", "What it opens", ("fromWords", "toWords", "ports"))
    yield from _table(data, "ports", "Ports that change", ("fromWords", "toWords", "ports"))
    yield from _table(data, "closed", "What it closes", ("fromWords", "toWords", "ports"))


def _length(data: Mapping[str, Sequence[object] | int], key: str) -> int:
    found = data[key]
    return 0 if isinstance(found, int) else len(found)


def _table(
    data: Mapping[str, Sequence[object] | int], key: str, title: str, names: Sequence[str]
) -> Iterator[Block]:
    rows = [[Value(path=f"{key}[{index}].{name}") for name in names] for index in range(_length(data, key))]
    if rows:
        columns = [Column(name=name.removesuffix("Words")) for name in names]
        yield Table(title=title, columns=columns, rows=rows, most=_SHOWN)


def rights_moved(view: View) -> Section:
    """The section `rightsOfChange`."""
    before, after = rights_of(view.before or ()), rights_of(view.after)
    then, now = _grants(before, view.before or ()), _grants(after, view.after)
    known = {each.sentence for each in before.broad}
    broad = [each.sentence for each in after.broad if each.sentence not in known]
    later = sum(after.later.values()) + len(_unknown(view.after))
    data = {
        "broad": broad,
        "given": [{"who": who, "may": may} for who, may in sorted(now - then)],
        # What is not known yet would look taken.
        "taken": [{"who": who, "may": may} for who, may in sorted(then - now) if not later],
        "knownLater": later,
    }
    return Section(
        key="rightsOfChange",
        title="Rights",
        data=data,
        blocks=[*_rights_blocks(data)],
        failures={"broad-grant": broad},
    )


def _grants(found: Rights, resources: Sequence[Resource]) -> set[tuple[str, str]]:
    """The grants, without those of roles and bindings whose names or namespaces are not known yet."""
    unknown = _unknown(resources)
    return {(each.who.name, each.may) for each in found.grants if not unknown.intersection(each.sources)}


def _unknown(resources: Sequence[Resource]) -> set[str]:
    return {
        each.name for each in resources if each.type in (*ROLES, *BINDINGS) and holds_unknown(each.inputs)
    }


def _rights_blocks(data: Mapping[str, Sequence[object] | int]) -> Iterator[Block]:
    for index in range(_length(data, "broad")):
        yield Sentence(parts=["BROAD GRANT: ", Value(path=f"broad[{index}]")], level="alarm")
    if data["knownLater"]:
        count = Value(path="knownLater", form="count")
        said = ["Known after `up`: the text of ", count, " statements, roles or bindings"]
        yield Sentence(parts=said, level="warning")
    if not any(_length(data, each) for each in ("given", "taken")):
        yield Sentence(parts=["The change gives and takes no rights."])
    yield from _table(data, "given", "What it gives", ("who", "may"))
    yield from _table(data, "taken", "What it takes", ("who", "may"))
