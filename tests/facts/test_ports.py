import ipaddress
from typing import get_args

import pytest

from facts.limits import NSG_RULES
from facts.ports import (
    ALLOWED,
    CLIENT_PORTS,
    FILE_STORAGE_RULES,
    INTERNET,
    LUSTRE_RULES,
    RULES,
    SERVICES,
    Group,
    PortRule,
    database_rules,
    rules_of,
)

GROUPS: tuple[Group, ...] = get_args(Group)
EVERY_RULE = (*RULES, *FILE_STORAGE_RULES, *LUSTRE_RULES, *database_rules(CLIENT_PORTS))
SUBNETS = {"public", "private", "gpu", "database", "api", "loadbalancers", "pods"}


def permits(group: str, direction: str, peer: str, protocol: str, port: int) -> bool:
    return any(
        rule.protocol in (protocol, "all") and (rule.ports is None or rule.ports[0] <= port <= rule.ports[1])
        for rule in EVERY_RULE
        if (rule.group, rule.direction, rule.peer) == (group, direction, peer)
    )


def reaches(client: str, server: str, protocol: str, port: int) -> bool:
    return permits(client, "egress", f"group:{server}", protocol, port) and permits(
        server, "ingress", f"group:{client}", protocol, port
    )


def test_a_description_is_unique_in_a_group() -> None:
    names = [(rule.group, rule.description) for rule in EVERY_RULE]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: f"{rule.group}-{rule.description}")
def test_every_rule_is_valid(rule: PortRule) -> None:
    kind, _, peer = rule.peer.partition(":")
    if kind == "cidr":
        assert ipaddress.ip_network(peer)
    elif kind == "group":
        assert peer in (*GROUPS, "filestorage", "lustre")
    elif kind == "subnet":
        assert peer in SUBNETS
    else:
        assert rule.peer in (SERVICES, ALLOWED)
    assert rule.ports is None or 1 <= rule.ports[0] <= rule.ports[1] <= 65535
    assert rule.ports is None or rule.protocol in ("tcp", "udp"), "only these have ports"
    assert (rule.icmp is not None) == (rule.protocol == "icmp")
    assert len(rule.description) <= 255, "OCI's longest description"


def test_every_group_has_rules_and_fits_one_network_security_group() -> None:
    for group in GROUPS:
        assert 0 < len(rules_of(group)) <= NSG_RULES, group


@pytest.mark.parametrize(
    ("client", "server", "protocol", "port"),
    [
        ("worker", "api", "tcp", 6443),
        ("pod", "api", "tcp", 6443),
        ("worker", "api", "tcp", 12250),
        ("pod", "api", "tcp", 12250),
        ("api", "worker", "tcp", 12250),
        ("api", "worker", "tcp", 10250),
        ("api", "pod", "tcp", 9443),
        ("pod", "api", "udp", 4000),
        ("worker", "worker", "udp", 8472),
        ("worker", "pod", "tcp", 1),
        ("pod", "worker", "tcp", 65535),
        ("pod", "pod", "tcp", 8000),
        ("loadbalancer", "worker", "tcp", 30000),
        ("loadbalancer", "worker", "udp", 32767),
        ("loadbalancer", "worker", "tcp", 10256),
        ("loadbalancer", "pod", "tcp", 8000),
        ("pod", "loadbalancer", "tcp", 443),
        ("worker", "filestorage", "tcp", 111),
        ("worker", "filestorage", "udp", 2048),
        ("filestorage", "worker", "tcp", 2050),
        ("worker", "lustre", "tcp", 988),
        ("lustre", "worker", "tcp", 988),
        ("backend", "database", "tcp", 5432),
        ("backend", "database", "tcp", 1521),
        ("backend", "database", "tcp", 6379),
        ("backend", "database", "tcp", 9200),
    ],
)
def test_the_table_allows(client: str, server: str, protocol: str, port: int) -> None:
    assert reaches(client, server, protocol, port)


@pytest.mark.parametrize(
    ("client", "server", "port"),
    [
        ("frontend", "database", 5432),
        ("frontend", "gpu", 8000),
        ("gpu", "database", 6379),
        ("loadbalancer", "api", 6443),
        ("loadbalancer", "worker", 22),
        ("loadbalancer", "worker", 10250),
        ("backend", "api", 6443),
    ],
)
def test_the_table_blocks(client: str, server: str, port: int) -> None:
    assert not reaches(client, server, "tcp", port)


def test_only_the_frontend_accepts_traffic_from_the_internet_and_only_http() -> None:
    open_rules = [
        r for r in EVERY_RULE if r.direction == "ingress" and r.peer == INTERNET and r.protocol != "icmp"
    ]
    assert {(r.group, r.ports) for r in open_rules} == {("frontend", (80, 80)), ("frontend", (443, 443))}


def test_only_allowed_cidrs_reach_the_endpoint_from_outside() -> None:
    outside = [r for r in rules_of("api") if r.direction == "ingress" and not r.peer.startswith("group:")]
    assert {r.peer for r in outside} == {ALLOWED}
    assert {r.ports for r in outside} == {(6443, 6443)}


@pytest.mark.parametrize("group", ["api", "worker", "pod"])
def test_the_cluster_reaches_oracles_services(group: str) -> None:
    assert permits(group, "egress", SERVICES, "tcp", 443)


def test_lustre_comes_from_privileged_ports() -> None:
    assert {rule.source_ports for rule in LUSTRE_RULES} == {(512, 1023)}


def test_the_database_group_has_room_for_every_client_of_every_database() -> None:
    of_databases = [rule for rule in database_rules(CLIENT_PORTS) if rule.group == "database"]
    assert len(rules_of("database")) + len(of_databases) <= NSG_RULES


@pytest.mark.parametrize("port", [1521, 1522, 5432, 6379, 9200, 5601, 443, 9092])
def test_nodes_and_pods_reach_the_databases(port: int) -> None:
    assert reaches("worker", "database", "tcp", port)
    assert reaches("pod", "database", "tcp", port)


@pytest.mark.parametrize("caller", ["worker", "pod", "gpu", "frontend"])
def test_in_a_stack_without_databases_only_the_backend_reaches_their_group(caller: Group) -> None:
    assert not any(rule.peer == "group:database" for rule in rules_of(caller))
    assert not any(rule.peer == f"group:{caller}" for rule in rules_of("database"))
