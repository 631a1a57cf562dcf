"""Who can reach whom, what is open to the internet, and pairs that must reach each other and cannot."""

from collections import Counter
from collections.abc import Iterator, Mapping

from report.document.model import Block, Column, Part, Section, Sentence, Table, Value
from report.reach_report import Reached, is_alarm, reached, row_json
from report.view import View
from report.wording import some, words

_SHOWN = 12
_MATRIX = ("fromWords", "toWords", "ports")
_HEADINGS = {"by": "opened by", "fromWords": "from", "toWords": "to"}


def reach(view: View) -> Section:
    """The section `reach`."""
    found = reached(view.after)
    alarms = found.alarms
    return Section(
        key="reach",
        title="Reach",
        data=_data(found, alarms),
        blocks=[*_blocks(found, alarms, view.unresolved)],
        failures={"open-to-internet": [*alarms, *_undecided(found, view.unresolved)]},
    )


def _undecided(found: Reached, why: str) -> list[str]:
    """What is not known may be open, so it fails too."""
    if not found.unknown:
        return []
    names = some([each.name for each in found.unknown])
    return [f"not known before up, and may be open: {names}{_because(why)}"]


def _because(why: str) -> str:
    return f"; {why}" if why else ""


def _data(found: Reached, alarms: list[str]) -> Mapping[str, object]:
    return {
        "alarms": alarms,
        "closed": [*found.closed],
        "internet": [*_internet(found)],
        "open": [row_json(each, {}) for each in found.rows],
        "pods": [row_json(each, found.pod_groups) for each in found.pod_rows],
        "places": [
            {
                "name": each.name,
                "kind": each.kind,
                "members": [*each.members],
                "subnet": found.network.subnets[each.endpoint.subnet_id].name
                if each.endpoint.subnet_id
                else None,
                "public": each.endpoint.public_address is not None,
                "listens": [*each.ports],
            }
            for each in found.places
        ],
        "unknownCount": len(found.unknown),
        "unknown": [{"name": each.name, "type": each.type} for each in found.unknown],
        "notRead": [
            {"type": name, "count": count}
            for name, count in sorted(Counter(e.type for e in found.unread).items())
        ],
        "ipv6Rules": [each.name for each in found.ipv6],
    }


def _internet(found: Reached) -> Iterator[Mapping[str, object]]:
    """What the internet reaches: by the network, and where no network guards it."""
    for place, path in found.paths:
        yield {
            "to": place.name,
            "what": path.label,
            "ports": [*path.ports] if path.ports else None,
            "from": [*path.sources],
            "by": [*path.rules],
            "anyone": path.anyone,
            "alarm": is_alarm(place, path),
        }
    for each in found.doors:
        yield {
            "to": each.resource.name,
            "what": each.what,
            "ports": None,
            "from": [*each.sources],
            "by": [each.by],
            "anyone": each.anyone,
            "alarm": each.anyone,
        }


def _blocks(found: Reached, alarms: list[str], why: str) -> Iterator[Block]:
    for index in range(len(alarms)):
        yield Sentence(parts=["OPEN TO THE INTERNET: ", Value(path=f"alarms[{index}]")], level="alarm")
    for index in range(len(found.closed)):
        yield Sentence(parts=["CLOSED: ", Value(path=f"closed[{index}]")], level="alarm")
    yield from _not_known(found, why)
    if not found.closed and not found.unknown:
        yield Sentence(parts=["Every pair that must connect can connect."])
    if not alarms:
        known = "Of what is known, nothing" if found.unknown else "Nothing"
        yield Sentence(parts=[f"{known} is open to the internet that is not declared public."])
    ways = len(found.paths) + len(found.doors)
    if ways:
        yield _table("From the internet", "internet", ("to", "what", "from", "by"), ways)
    if found.rows:
        yield _table("Who reaches whom", "open", _MATRIX, len(found.rows))
    if found.pod_rows:
        title = "Which pods reach whom: security rules and network policies together"
        yield _table(title, "pods", _MATRIX, len(found.pod_rows))


def _not_known(found: Reached, why: str) -> Iterator[Block]:
    if found.unknown:
        count = Value(path="unknownCount", form="count")
        said: list[Part] = [
            "Not known before up: the place or the rules of ",
            count,
            f" resources of the network. They may be open{_because(why)}",
        ]
        yield Sentence(parts=said, level="warning")
        rows: list[list[Part]] = [
            [Value(path=f"unknown[{index}].name"), words(each.type)]
            for index, each in enumerate(found.unknown)
        ]
        columns = [Column(name="not known before up"), Column(name="type")]
        yield Table(title="", columns=columns, rows=rows, most=_SHOWN // 2)
    for index in range(len({each.type for each in found.unread})):
        at = f"notRead[{index}]"
        yield Sentence(
            parts=[
                "Not read: ",
                Value(path=f"{at}.count", form="count"),
                " of the type ",
                Value(path=f"{at}.type"),
            ],
            level="warning",
        )
    if found.ipv6:
        yield Sentence(parts=["Not checked: rules about IPv6: ", Value(path="ipv6Rules")], level="warning")


def _table(title: str, key: str, names: tuple[str, ...], count: int) -> Table:
    rows = [[Value(path=f"{key}[{index}].{name}") for name in names] for index in range(count)]
    columns = [Column(name=_HEADINGS.get(name, name)) for name in names]
    return Table(title=title, columns=columns, rows=rows, most=_SHOWN)
