"""The ranges of ports that are open equal those that a brute-force walk finds, packet by packet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, ip_network
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.from_internet import ANYONE, InternetPath, internet_paths, is_anyone
from report.openings import EVERYTHING, Open, Span, common, joined, open_ports, words
from report.pod_policies import Pod
from report.pod_reach import PodPlace, pod_openings
from report.reach import TCP, UDP, Endpoint, Network, Packet, Rule
from report.reach_places import Place
from tests.report import policy_walk
from tests.report.test_reach import CLIENT, IN, OUT, PLACES, SERVER, network, networks, rule, rules
from tests.report.walk import arrives

PROTOCOLS = {TCP: "TCP", UDP: "UDP"}
RANGES = ((22, 80), (80, 443), (443, 443), (1024, 65_535))
"""The ranges that the random rules have."""

EDGES = sorted(
    {1, 65_535, *(port for low, high in RANGES for port in (low - 1, low, high, min(high + 1, 65_535)))}
)
CLIENTS = (50_000, 1, 22, 80, 81, 443, 444, 1024)
"""The port that a client chooses, and one between each two ends of the ranges."""

UNIVERSE = tuple(sorted({*EDGES, *CLIENTS}))


def has(spans: Iterable[Span], port: int) -> bool:
    return any(each.first <= port <= each.last for each in spans)


def walked(found: Network, source: Endpoint, target: Endpoint) -> set[tuple[str, int]]:
    """What a walk with every port at the edges finds open, from whichever port of the client."""
    return {
        (PROTOCOLS[protocol], port)
        for protocol, port in product(PROTOCOLS, EDGES)
        if any(
            arrives(found, source, target, Packet(protocol=protocol, port=port, source_port=client), UNIVERSE)
            for client in CLIENTS
        )
    }


def told(what: Open) -> set[tuple[str, int]]:
    return {
        (name, port)
        for name, spans in (("TCP", what.tcp), ("UDP", what.udp))
        for port in EDGES
        if has(spans, port)
    }


@settings(max_examples=60)
@given(networks, st.sampled_from(PLACES[:4]), st.sampled_from(PLACES[4:]))
def test_the_ranges_of_two_endpoints_equal_the_walk_s(found: Network, source: Endpoint, target: Endpoint):
    what = open_ports(found, source, target)
    assert told(what) == walked(found, source, target), words(what)
    ping = arrives(found, source, target, Packet(protocol="1", port=22, source_port=22, icmp=(3, 4)))
    assert (what.icmp == ("all",)) == ping


ADDRESSES = ("0.0.0.0/0", "0.0.0.0/1", "8.0.0.0/7", "203.0.113.0/24", "203.0.113.128/25", "10.0.0.0/8")
PUBLIC = replace(SERVER, public_address=IPv4Address("192.0.2.5"), group_ids=("servers",))


@st.composite
def outer_rules(draw: st.DrawFn) -> Rule:
    return replace(draw(rules()), peer=draw(st.sampled_from(ADDRESSES)), peer_kind="cidr")


def edges_of_addresses() -> list[IPv4Address]:
    ends = {
        int(end) + step
        for each in map(IPv4Network, ADDRESSES)
        for end in (each[0], each[-1])
        for step in (-1, 0, 1)
    }
    private = ("10.0.0.0/8", "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3")
    inside = [IPv4Address(each) for each in sorted(ends) if 0 <= each < 2**32]
    return [each for each in inside if not any(each in ip_network(one) for one in private)]


def covers(path: InternetPath, address: IPv4Address, protocol: str, port: int) -> bool:
    here = path.ports is not None and path.ports[0] <= port <= path.ports[1] and path.protocol == protocol
    return here and any(each == ANYONE or address in ip_network(each) for each in path.sources)


@settings(max_examples=25)
@given(st.lists(outer_rules(), min_size=1, max_size=4))
def test_the_paths_from_the_internet_equal_the_walk_s(some: list[Rule]):
    found = network([], some, table="public")
    paths = internet_paths(found, PUBLIC)
    for address in edges_of_addresses():
        source = Endpoint(name="somebody", address=address)
        mine = {
            (name, port)
            for name, port in product(PROTOCOLS.values(), EDGES)
            if any(covers(path, address, name, port) for path in paths)
        }
        assert mine == walked(found, source, PUBLIC), address


SPACES = ("serving", "edge")
PODS = [
    Pod(
        namespace=space,
        labels={"app": app},
        namespace_labels={"kubernetes.io/metadata.name": space},
        ports={"http": 80} if app == "web" else {},
    )
    for space, app in product(SPACES, ("web", "job"))
]
selectors = st.sampled_from(
    [
        {},
        {"matchLabels": {"app": "web"}},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]},
        {"matchExpressions": [{"key": "other", "operator": "Exists"}]},
    ]
)
spaces = st.sampled_from([{}, {"matchLabels": {"kubernetes.io/metadata.name": "edge"}}])
peers = st.one_of(
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": spaces}, optional={"podSelector": selectors}),
    st.just({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.8/29"]}}),
)
ports = st.sampled_from(
    [
        {"port": 443},
        {"port": 22, "endPort": 80},
        {"port": "http"},
        {"protocol": "UDP"},
        {"port": 1024, "endPort": 65_535},
    ]
)


@st.composite
def policies(draw: st.DrawFn) -> Mapping[str, Any]:
    spec: dict[str, Any] = {"podSelector": draw(selectors)}
    for direction, key in (("ingress", "from"), ("egress", "to")):
        rule_ = st.fixed_dictionaries(
            {}, optional={key: st.lists(peers, max_size=2), "ports": st.lists(ports, max_size=2)}
        )
        spec |= {direction: draw(st.lists(rule_, max_size=2))} if draw(st.booleans()) else {}
    kinds = draw(st.sampled_from([None, ["Ingress"], ["Egress"], ["Ingress", "Egress"]]))
    spec |= {"policyTypes": kinds} if kinds else {}
    return {"metadata": {"namespace": draw(st.sampled_from(SPACES)), "name": "p"}, "spec": spec}


@settings(max_examples=25)
@given(networks, st.lists(policies(), max_size=4))
def test_what_passes_between_pods_equals_the_walk_s(found: Network, some: Sequence[Mapping[str, Any]]):
    ends = [PLACES[1], PLACES[6], PLACES[1], PLACES[3]]
    pods = [
        PodPlace(name=f"pod {index}", pod=pod, endpoints=(replace(end, name=f"pod {index}"),))
        for index, (pod, end) in enumerate(zip(PODS, ends, strict=True))
    ]
    host = Place(kind="worker", name="host", endpoint=replace(PLACES[4], name="host"), members=())
    mine = {(source, target): told(what) for source, target, what in pod_openings(found, [host], pods, some)}
    sides = [*((each.name, each.endpoints[0], each.pod) for each in pods), ("host", host.endpoint, None)]
    # Endpoints at one address would be the same to the walk.
    for (source, start, caller), (target, end, called) in product(sides, sides):
        if start.address == end.address or (caller is None and called is None):
            continue
        expected = walked(found, start, end)
        if caller is not None:
            peer = called or end.address
            assert peer is not None
            expected &= policy_walk.allows((some, EDGES), caller, peer, "egress", called)
        if called is not None:
            peer = caller or start.address
            assert peer is not None
            expected &= policy_walk.allows((some, EDGES), called, peer, "ingress", called)
        assert mine.get((source, target), set()) == expected, (source, target)


@pytest.mark.parametrize(
    ("clients", "servers", "said"),
    [
        (
            [rule("egress", "0.0.0.0/0", protocol="all")],
            [rule("ingress", "10.0.0.2/32", protocol="all")],
            "everything",
        ),
        ([replace(OUT, ports=(80, 90))], [replace(IN, ports=(85, 443))], "TCP 85-90"),
        (
            [OUT, replace(OUT, protocol="17")],
            [replace(IN, ports=(1, 1)), replace(IN, ports=(2, 3))],
            "TCP 1-3",
        ),
        (
            [replace(OUT, source_ports=(512, 1023))],
            [replace(IN, ports=(988, 988))],
            "TCP 988 (from ports 512-1023)",
        ),
        (
            [rule("egress", "10.0.0.10/32", protocol="1")],
            [rule("ingress", "10.0.0.2/32", protocol="1", icmp=(3, 4))],
            "ICMP 3/4",
        ),
        ([OUT], [], ""),
    ],
)
def test_what_is_open_in_words(clients: list[Rule], servers: list[Rule], said: str):
    assert words(open_ports(network(clients, servers), CLIENT, SERVER)) == said


def test_what_passes_in_both_and_in_either_case():
    web = Open(tcp=(Span(first=80, last=90),), icmp=("3/4",))
    more = Open(tcp=(Span(first=85, last=443),), icmp=("all",))
    assert words(common(web, more)) == "TCP 85-90; ICMP 3/4"
    assert words(joined([web, more])) == "TCP 80-443; ICMP"
    assert common(web, EVERYTHING) == common(EVERYTHING, web) == web


@pytest.mark.parametrize(
    ("cidrs", "anyone"), [(["9.0.0.0/8"], False), (["8.0.0.0/7"], True), (["8.0.0.0/8", "9.0.0.0/8"], True)]
)
def test_more_addresses_than_one_holder_has_are_anyone_s(cidrs: list[str], anyone: bool):
    assert is_anyone(cidrs) is anyone
