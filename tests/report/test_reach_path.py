"""The steps by which a connection passes, and the step that is missing."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.reach import Endpoint, Network, Packet, Rule, reaches
from report.reach_path import path_of
from tests.report.test_reach import (
    CLIENT,
    HTTPS,
    IN,
    INTERNET,
    ORACLE,
    OUT,
    PLACES,
    SERVER,
    SERVICES,
    network,
    networks,
    packets,
    rule,
)

ANYONE = [rule("egress", "0.0.0.0/0"), rule("ingress", "0.0.0.0/0")]
SEEN = replace(SERVER, public_address=IPv4Address("192.0.2.5"))
BACK_IN = rule("ingress", "10.0.0.10/32", source_ports=(443, 443))


def told(found: Network, source: Endpoint, target: Endpoint) -> list[tuple[str, str, str, bool]]:
    return [
        (each.kind, each.at, each.by, each.answer) for each in path_of(found, source, target, HTTPS).steps
    ]


def test_a_packet_within_the_network_passes_by_a_rule_of_each_group():
    assert told(network([OUT], [IN]), CLIENT, SERVER) == [
        ("route", "client", "within the VCN", False),
        ("egress rule", "client", "egress 10.0.0.10/32", False),
        ("ingress rule", "server", "ingress 10.0.0.2/32", False),
    ]
    holders = [each.holder for each in path_of(network([OUT], [IN]), CLIENT, SERVER, HTTPS).steps]
    assert holders == ["", "clients", "servers"]


def test_a_rule_of_the_subnet_s_list_is_named_with_its_list():
    path = path_of(network([], [IN], lists={"none": [OUT]}), CLIENT, SERVER, HTTPS)
    assert path.steps[1].holder == "none"


def test_the_answer_to_a_stateless_rule_has_a_step_of_its_own():
    found = network([replace(OUT, stateless=True), BACK_IN], [IN])
    assert ("ingress rule", "client", "ingress 10.0.0.10/32", True) in told(found, CLIENT, SERVER)


def test_a_way_out_names_its_gateway():
    assert told(network(ANYONE, table="private"), CLIENT, INTERNET)[0][2] == "through the nat gateway"
    out = [rule("egress", SERVICES, peer_kind="service")]
    assert told(network(out, table="private"), CLIENT, ORACLE)[0][2] == "through the service gateway"
    assert told(network([], ANYONE, table="public"), INTERNET, SEEN)[0] == (
        "route",
        "server",
        "back through the internet gateway",
        True,
    )


@pytest.mark.parametrize(
    ("clients", "servers", "table", "ends", "missing"),
    [
        ([], [IN], "", (CLIENT, SERVER), "egress rule"),
        ([OUT], [], "", (CLIENT, SERVER), "ingress rule"),
        ([replace(OUT, stateless=True)], [IN], "", (CLIENT, SERVER), "ingress rule"),
        ([OUT], [replace(IN, stateless=True)], "", (CLIENT, SERVER), "egress rule"),
        (ANYONE, [], "peered", (CLIENT, ORACLE), "route"),
        (ANYONE, [], "public", (CLIENT, INTERNET), "route"),
        ([], ANYONE, "private", (INTERNET, SEEN), "route"),
    ],
)
def test_the_missing_step_is_named(
    clients: list[Rule], servers: list[Rule], table: str, ends: tuple[Endpoint, Endpoint], missing: str
):
    found = network(clients, servers, table=table)
    path = path_of(found, *ends, HTTPS)
    assert (path.open, path.missing) == (False, missing)
    assert path.blocked_by == reaches(found, *ends, HTTPS).blocked_by != ""


@settings(max_examples=200)
@given(networks, st.sampled_from(PLACES[:4]), st.sampled_from(PLACES[4:]), packets())
def test_a_path_is_open_exactly_if_the_packet_arrives(
    found: Network, source: Endpoint, target: Endpoint, packet: Packet
):
    for here, there in ((source, target), (target, source)):
        path = path_of(found, here, there, packet)
        assert path.open == reaches(found, here, there, packet).open
        assert path.open != bool(path.blocked_by)
