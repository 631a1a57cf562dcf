"""Reachability: the path of one packet, case by case, and compared with brute force."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.reach import TCP, Endpoint, Gateway, Network, Packet, Route, Rule, Subnet, Verdict, reaches
from tests.report.walk import PORTS, PROTOCOLS, arrives

SERVICES = "all-iad-services-in-oracle-services-network"
LEFT, RIGHT = IPv4Network("10.0.0.0/29"), IPv4Network("10.0.0.8/29")
CLIENT = Endpoint(name="client", address=IPv4Address("10.0.0.2"), subnet_id="left", group_ids=("clients",))
SERVER = Endpoint(name="server", address=IPv4Address("10.0.0.10"), subnet_id="right", group_ids=("servers",))
INTERNET = Endpoint(name="internet", address=IPv4Address("203.0.113.7"))
ORACLE = Endpoint(name="Oracle's services", service=SERVICES)
HTTPS = Packet(protocol=TCP, port=443)


def rule(direction: Any, peer: str, **changes: Any) -> Rule:
    return Rule(
        **{"name": f"{direction} {peer}", "direction": direction, "protocol": TCP, "peer": peer, **changes}
    )


OUT, IN = rule("egress", "10.0.0.10/32"), rule("ingress", "10.0.0.2/32")
ROUTES = {
    "private": [
        Route(destination="0.0.0.0/0", gateway_id="nat"),
        Route(destination=SERVICES, gateway_id="sgw"),
    ],
    "public": [Route(destination="0.0.0.0/0", gateway_id="igw")],
    "peered": [Route(destination="203.0.113.0/24", gateway_id="drg")],
}
GATEWAYS = {
    "nat": Gateway(kind="nat"),
    "igw": Gateway(kind="internet"),
    "drg": Gateway(kind="peering"),
    "sgw": Gateway(kind="service", services=[SERVICES]),
}


def network(
    clients: list[Rule] | None = None, servers: list[Rule] | None = None, table: str = "", **changes: Any
) -> Network:
    subnets = {
        "left": Subnet(name="left", vcn_id="vcn", cidrs=[LEFT], table_id=table, list_ids=["none"]),
        "right": Subnet(name="right", vcn_id="vcn", cidrs=[RIGHT], table_id=table, list_ids=["none"]),
    }
    groups = {"clients": clients or [], "servers": servers or []}
    given: dict[str, Any] = {"subnets": subnets, "groups": groups, "lists": {"none": []}, **changes}
    return Network(tables=ROUTES, gateways=GATEWAYS, **given)


def test_a_packet_needs_a_rule_at_both_ends():
    assert reaches(network([OUT], [IN]), CLIENT, SERVER, HTTPS) == Verdict()
    assert "server: no rule" in reaches(network([OUT]), CLIENT, SERVER, HTTPS).blocked_by
    assert "client: no rule" in reaches(network([], [IN]), CLIENT, SERVER, HTTPS).blocked_by


def test_an_endpoint_without_groups_behind_an_empty_list_sends_nothing():
    bastion = replace(CLIENT, name="bastion", group_ids=())
    found = reaches(network([OUT], [IN]), bastion, SERVER, HTTPS)
    assert found.blocked_by == (
        "bastion: no rule in the lists of subnet left (it has no security group) allows TCP 443 out to server"
    )


def test_a_list_of_the_subnet_is_enough_for_an_endpoint_without_groups():
    bastion = replace(CLIENT, name="bastion", group_ids=())
    assert reaches(network([], [IN], lists={"none": [OUT]}), bastion, SERVER, HTTPS).open


def test_the_target_cannot_open_a_connection_to_the_source():
    assert not reaches(network([OUT], [IN]), SERVER, CLIENT, HTTPS).open


def test_a_rule_that_names_a_group_applies_to_its_members():
    named = rule("ingress", "clients", peer_kind="group")
    assert reaches(network([OUT], [named]), CLIENT, SERVER, HTTPS).open
    assert not reaches(network([OUT], [named]), replace(CLIENT, group_ids=()), SERVER, HTTPS).open


@pytest.mark.parametrize("end", ["client", "server"])
def test_the_answer_to_a_packet_of_a_stateless_rule_needs_another_rule(end: str):
    out, inward = replace(OUT, stateless=end == "client"), replace(IN, stateless=end == "server")
    assert (
        "so the answer needs a rule too"
        in reaches(network([out], [inward]), CLIENT, SERVER, HTTPS).blocked_by
    )
    back_in = rule("ingress", "10.0.0.10/32", source_ports=(443, 443))
    back_out = rule("egress", "10.0.0.2/32", source_ports=(443, 443))
    both = network([out, back_in], [inward, back_out])
    assert reaches(both, CLIENT, SERVER, HTTPS).open


def test_a_stateless_rule_takes_precedence_over_a_stateful_one():
    beside = [OUT, replace(OUT, stateless=True)]
    assert not reaches(network(beside, [IN]), CLIENT, SERVER, HTTPS).open


def test_an_error_of_icmp_needs_no_answer():
    too_large = Packet(protocol="1", icmp=(3, 4))
    inward = rule("ingress", "0.0.0.0/0", protocol="1", icmp=(3, 4), stateless=True)
    out = rule("egress", "0.0.0.0/0", protocol="1", icmp=(3, None), stateless=True)
    assert reaches(network([out], [inward]), CLIENT, SERVER, too_large).open
    other = replace(too_large, icmp=(8, 0))
    assert not reaches(network([out], [inward]), CLIENT, SERVER, other).open


def test_ports_of_both_ends_count():
    narrow = [replace(OUT, ports=(443, 443), source_ports=(512, 1023))]
    assert not reaches(network(narrow, [IN]), CLIENT, SERVER, HTTPS).open
    assert reaches(network(narrow, [IN]), CLIENT, SERVER, replace(HTTPS, source_port=800)).open


def test_a_nat_gateway_allows_only_connections_out():
    anyone = [rule("egress", "0.0.0.0/0"), rule("ingress", "0.0.0.0/0")]
    found = network(anyone, anyone, table="private")
    assert reaches(found, CLIENT, INTERNET, HTTPS).open
    seen = replace(SERVER, public_address=IPv4Address("192.0.2.5"))
    assert "its answers use the nat gateway" in reaches(found, INTERNET, seen, HTTPS).blocked_by


def test_an_internet_gateway_serves_public_addresses_only():
    anyone = [rule("egress", "0.0.0.0/0"), rule("ingress", "0.0.0.0/0")]
    found = network(anyone, anyone, table="public")
    seen = replace(SERVER, public_address=IPv4Address("192.0.2.5"))
    assert reaches(found, INTERNET, seen, HTTPS).open
    assert "has no public address" in reaches(found, INTERNET, SERVER, HTTPS).blocked_by
    assert "has no public address" in reaches(found, CLIENT, INTERNET, HTTPS).blocked_by


@pytest.mark.parametrize("address", ["192.168.1.5", "172.31.0.1", "10.9.9.9", "100.64.0.1"])
def test_no_gateway_to_the_internet_leads_to_a_private_address(address: str):
    private = Endpoint(name="office", address=IPv4Address(address))
    seen = replace(SERVER, public_address=IPv4Address("198.51.100.1"))
    everyone = rule("ingress", "0.0.0.0/0")
    out = network([rule("egress", "0.0.0.0/0")], [everyone], "private")
    assert "no route of client's subnet leads to office" in reaches(out, CLIENT, private, HTTPS).blocked_by
    into = network([], [everyone], "public")
    assert "there is no route back" in reaches(into, private, seen, HTTPS).blocked_by
    assert reaches(into, INTERNET, seen, HTTPS).open


def test_a_peered_network_needs_the_route_back():
    inward = [rule("ingress", "203.0.113.0/24")]
    assert reaches(network([], inward, table="peered"), INTERNET, SERVER, HTTPS).open
    closed = reaches(network([], inward, table="private"), INTERNET, SERVER, HTTPS).blocked_by
    assert closed == "server has no public address, and no route of its subnet leads to internet"


def test_oracles_services_are_reached_by_their_label_and_a_route():
    out = [rule("egress", SERVICES, peer_kind="service")]
    assert reaches(network(out, table="private"), CLIENT, ORACLE, HTTPS).open
    assert "no route" in reaches(network(out, table="peered"), CLIENT, ORACLE, HTTPS).blocked_by
    assert "no rule" in reaches(network([OUT], table="private"), CLIENT, ORACLE, HTTPS).blocked_by


def test_a_disabled_gateway_passes_no_packets():
    found = network([rule("egress", "0.0.0.0/0")], table="private")
    off = replace(found, gateways={**GATEWAYS, "nat": Gateway(kind="nat", enabled=False)})
    assert "no route" in reaches(off, CLIENT, INTERNET, HTTPS).blocked_by


PLACES = [
    replace(place, name=f"{place.name}-{number}", address=IPv4Address(address), group_ids=groups)
    for place, address in ((CLIENT, "10.0.0.2"), (SERVER, "10.0.0.10"))
    for number, groups in enumerate(((), ("clients",), ("servers",), ("clients", "servers")))
]
ranges = st.sampled_from([None, (22, 80), (80, 443), (443, 443), (1024, 65_535)])
peers = st.one_of(
    st.tuples(st.just("group"), st.sampled_from(["clients", "servers"])),
    st.tuples(st.just("cidr"), st.sampled_from(["10.0.0.0/29", "10.0.0.8/29", "10.0.0.2/32", "10.0.0.0/28"])),
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind, peer = draw(peers)
    return rule(
        draw(st.sampled_from(["ingress", "egress"])),
        peer,
        peer_kind=kind,
        protocol=draw(st.sampled_from(["all", *PROTOCOLS])),
        stateless=draw(st.booleans()),
        ports=draw(ranges),
        source_ports=draw(ranges),
    )


@st.composite
def packets(draw: st.DrawFn) -> Packet:
    protocol = draw(st.sampled_from(PROTOCOLS))
    ports = st.sampled_from(PORTS)
    return Packet(protocol=protocol, port=draw(ports), source_port=draw(ports), icmp=(3, 4))


several = st.lists(rules(), max_size=4)
networks = st.builds(
    lambda clients, servers, listed: network(clients, servers, lists={"none": listed}),
    several,
    several,
    several,
)


@settings(max_examples=400)
@given(networks, st.sampled_from(PLACES[:4]), st.sampled_from(PLACES[4:]), packets())
def test_the_verdict_equals_that_of_brute_force(
    found: Network, source: Endpoint, target: Endpoint, packet: Packet
):
    for here, there in ((source, target), (target, source)):
        verdict = reaches(found, here, there, packet)
        assert verdict.open == arrives(found, here, there, packet), verdict
