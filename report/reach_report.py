"""Who reaches whom in a stack, as one value: what the section `reach` says."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from report.cluster_networks import as_node_pools
from report.from_internet import InternetPath, internet_paths
from report.openings import Open, Span, words
from report.pod_reach import PodPlace, pod_openings, pod_places, policies_of
from report.public_doors import Door, public_doors
from report.reach import Network
from report.reach_endpoints import blocked_connections, program_network
from report.reach_places import EDGE, Place, openings_between, places_of
from report.reach_unknown import ipv6_rules_of, unknown_of, unread_of
from report.resources import Resource
from report.wording import some

EVERYONE = "everyone"

MOST_NAMES = 6
"""Names of one cell of a table. The JSON has all of them."""

What = TypeVar("What", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Places from which the same passes to the same places."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    what: Open


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What is open, what is closed, and what is not known."""

    network: Network
    places: Sequence[Place]
    rows: Sequence[Row]
    pod_rows: Sequence[Row]
    pod_groups: Mapping[str, frozenset[str]]
    """The names in the rows of pods: of each namespace, and of all."""

    paths: Sequence[tuple[Place, InternetPath]]
    doors: Sequence[Door]
    closed: Sequence[str]
    unknown: Sequence[Resource]
    unread: Sequence[Resource]
    ipv6: Sequence[Resource]

    @property
    def alarms(self) -> list[str]:
        """What is open to more of the internet than one holder can have, and is not declared public."""
        return [
            f"{place.name}: {path.label} from {', '.join(path.sources)} ({', '.join(path.rules)})"
            for place, path in self.paths
            if is_alarm(place, path)
        ] + [
            f"{each.resource.name}: {', '.join(each.sources)} can {each.what} ({each.by})"
            for each in self.doors
            if each.anyone
        ]


def is_alarm(place: Place, path: InternetPath) -> bool:
    """Whether a path from the internet is one that nobody declared. ICMP opens no connection."""
    return path.anyone and place.kind != EDGE and path.protocol != "ICMP"


def reached(resources: Sequence[Resource]) -> Reached:
    """Read the resources. What is not known yet is left out, and listed."""
    unknown = unknown_of(resources)
    left_out = {each.urn for each in unknown}
    known = as_node_pools(each for each in resources if each.urn not in left_out)
    network = program_network(known)
    places = places_of(known, network)
    pods = pod_places(known, network)
    return Reached(
        network=network,
        places=places,
        rows=condensed(
            (one.name, other.name, what) for one, other, what in openings_between(network, places)
        ),
        pod_rows=condensed(pod_openings(network, places, pods, policies_of(known))),
        pod_groups=_groups(places, pods),
        paths=[(each, path) for each in places for path in internet_paths(network, each.endpoint)],
        doors=public_doors(known),
        closed=[] if unknown else blocked_connections(known),
        unknown=unknown,
        unread=unread_of(resources),
        ipv6=ipv6_rules_of(resources),
    )


def _groups(places: Sequence[Place], pods: Sequence[PodPlace]) -> Mapping[str, frozenset[str]]:
    spaces = {each.pod.namespace for each in pods}
    everyone = {each.name for each in places if each.kind != "pod"} | {each.name for each in pods}
    return {
        **{
            f"all of {name}": frozenset(e.name for e in pods if e.pod.namespace == name)
            for name in sorted(spaces)
        },
        EVERYONE: frozenset(everyone),
    }


def condensed(openings: Iterable[tuple[str, str, Open]]) -> list[Row]:
    """One row for targets that are reached in the same way, and one for sources that reach the same."""
    return [Row(sources=names, targets=there, what=what) for names, there, what in grouped(openings)]


def grouped(
    ways: Iterable[tuple[str, str, What]],
) -> list[tuple[tuple[str, ...], tuple[str, ...], What]]:
    """Sources, targets and what passes, each way once: the targets of one source, then the sources with the same
    targets, are put together."""
    targets: dict[tuple[str, What], list[str]] = {}
    for source, target, what in ways:
        targets.setdefault((source, what), []).append(target)
    sources: dict[tuple[tuple[str, ...], What], list[str]] = {}
    for (source, what), names in targets.items():
        sources.setdefault((tuple(names), what), []).append(source)
    return [(tuple(names), there, what) for (there, what), names in sources.items()]


def row_json(row: Row, groups: Mapping[str, frozenset[str]]) -> Mapping[str, object]:
    """A row as JSON values: every name, and the same in few words."""
    return {
        "from": [*row.sources],
        "to": [*row.targets],
        "fromWords": few_words(row.sources, groups),
        "toWords": few_words(row.targets, groups),
        "ports": words(row.what),
        "tcp": [*map(_span, row.what.tcp)],
        "udp": [*map(_span, row.what.udp)],
        "icmp": [*row.what.icmp],
        "other": row.what.other,
    }


def few_words(names: Sequence[str], groups: Mapping[str, frozenset[str]]) -> str:
    """Names in few words: a group for its names, if all of them are there, the largest group first; then how many more
    there are than MOST_NAMES."""
    everyone = groups.get(EVERYONE, frozenset())
    missing = [each for each in sorted(everyone) if each not in names]
    if 2 * len(missing) < len(names) and everyone:
        smaller = {name: members for name, members in groups.items() if name != EVERYONE}
        return f"{EVERYONE} but {few_words(missing, smaller)}" if missing else EVERYONE
    said, left = list[str](), list(names)
    for group, members in sorted(groups.items(), key=lambda each: -len(each[1])):
        if len(members) > 1 and members <= {*left}:
            said.append(group)
            left = [each for each in left if each not in members]
    return some([*left, *said], MOST_NAMES)


def _span(span: Span) -> Mapping[str, object]:
    clients = [[*each] for each in span.client_ports]
    return {"first": span.first, "last": span.last} | ({"fromPorts": clients} if clients else {})
