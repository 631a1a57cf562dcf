"""A brute-force check of network policies: the table of every connection that they allow, one port at a time.

It shares only the data types with `report.pod_policies`. Every policy writes down each port that it allows to a pod and
its peer, for a small universe of ports.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, ip_network
from itertools import product
from typing import Any

from report.pod_policies import Pod

PROTOCOLS = ("TCP", "UDP")
Peer = Pod | IPv4Address
Policies = Sequence[Mapping[str, Any]]


def allows(
    given: tuple[Policies, Sequence[int]], pod: Pod, peer: Peer, direction: str, target: Pod | None
) -> set[tuple[str, int]]:
    """The protocols and ports that pass. `given`: the policies, and the ports of the universe."""
    policies, ports = given
    isolated, allowed = False, set[tuple[str, int]]()
    for policy in policies:
        spec = policy["spec"]
        kinds = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
        if policy["metadata"]["namespace"] != pod.namespace or direction.title() not in kinds:
            continue
        if not _selected(spec["podSelector"], pod.labels):
            continue
        isolated = True
        for rule, protocol, port in product(spec.get(direction) or [], PROTOCOLS, ports):
            peers = rule.get("from" if direction == "ingress" else "to")
            hit = not peers or any(_hit(each, policy["metadata"]["namespace"], peer) for each in peers)
            entries = rule.get("ports")
            if hit and (not entries or any(_port(each, protocol, port, target) for each in entries)):
                allowed.add((protocol, port))
    return allowed if isolated else {*product(PROTOCOLS, ports)}


def _hit(wanted: Mapping[str, Any], namespace: str, peer: Peer) -> bool:
    if "ipBlock" in wanted:
        if isinstance(peer, Pod):
            return False
        inside = [
            peer in ip_network(each)
            for each in (wanted["ipBlock"]["cidr"], *wanted["ipBlock"].get("except", []))
        ]
        return inside[0] and not any(inside[1:])
    if not isinstance(peer, Pod):
        return False
    if "namespaceSelector" not in wanted and peer.namespace != namespace:
        return False
    if not _selected(wanted.get("namespaceSelector", {}), peer.namespace_labels):
        return False
    return _selected(wanted.get("podSelector", {}), peer.labels)


def _selected(selector: Mapping[str, Any], labels: Mapping[str, object]) -> bool:
    have = {*labels.items()}
    if not {*selector.get("matchLabels", {}).items()} <= have:
        return False
    for each in selector.get("matchExpressions", ()):
        hits = {(each["key"], value) for value in each.get("values", ())} & have
        there = each["key"] in labels
        if not {"In": bool(hits), "NotIn": not hits, "Exists": there, "DoesNotExist": not there}[
            each["operator"]
        ]:
            return False
    return True


def _port(entry: Mapping[str, Any], protocol: str, port: int, target: Pod | None) -> bool:
    if entry.get("protocol", "TCP") != protocol:
        return False
    first = entry.get("port", 1)
    if isinstance(first, str):
        return target is not None and target.ports.get(first, -1) == port
    return port in range(first, entry.get("endPort", first if "port" in entry else 65_535) + 1)
