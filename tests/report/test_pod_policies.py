"""Network policies, case by case. The cases are those of Kubernetes' page "Network Policies"."""

from ipaddress import IPv4Address
from typing import Any

import pytest

from report.pod_policies import Call, Direction, Pod, matches, ruling

WEB = Pod(
    namespace="serving",
    labels={"app": "web"},
    namespace_labels={"kubernetes.io/metadata.name": "serving", "team": "a"},
    ports={"http": 8000},
)
FRONT = Pod(
    namespace="edge", labels={"app": "front"}, namespace_labels={"kubernetes.io/metadata.name": "edge"}
)
BESIDE = Pod(namespace="serving", labels={"app": "beside"}, namespace_labels=WEB.namespace_labels)
HOST = IPv4Address("10.0.1.5")
CALL = Call(protocol="TCP", port=8000, target=WEB)


def policy(namespace: str = "serving", **spec: Any) -> dict[str, Any]:
    return {"metadata": {"namespace": namespace, "name": "p"}, "spec": {"podSelector": {}, **spec}}


def opens(
    *policies: dict[str, Any], peer: Any = FRONT, direction: Direction = "ingress", call: Call = CALL
) -> bool:
    return ruling(policies, WEB, peer, direction, call).open


def from_(*peers: dict[str, Any], **rule: Any) -> dict[str, Any]:
    return policy(ingress=[{"from": [*peers], **rule}])


EDGE = {"matchLabels": {"kubernetes.io/metadata.name": "edge"}}
DENY = policy(policyTypes=["Ingress", "Egress"])


@pytest.mark.parametrize(
    ("policies", "peer", "open_"),
    [
        ([], FRONT, True),
        ([policy("edge")], FRONT, True),
        ([policy(podSelector={"matchLabels": {"app": "other"}})], FRONT, True),
        ([policy()], FRONT, False),
        ([DENY], FRONT, False),
        ([policy(policyTypes=["Egress"])], FRONT, True),
        ([policy(ingress=[{}])], FRONT, True),
        ([DENY, policy(ingress=[{}])], FRONT, True),
        ([from_({"podSelector": {}})], FRONT, False),
        ([from_({"podSelector": {}})], BESIDE, True),
        ([from_({"namespaceSelector": EDGE})], FRONT, True),
        ([from_({"namespaceSelector": EDGE})], BESIDE, False),
        ([from_({"namespaceSelector": {}})], FRONT, True),
        ([from_({"namespaceSelector": EDGE, "podSelector": {"matchLabels": {"app": "x"}}})], FRONT, False),
        ([from_({"namespaceSelector": EDGE}, {"podSelector": {"matchLabels": {"app": "x"}}})], FRONT, True),
        ([from_({"ipBlock": {"cidr": "10.0.0.0/16"}})], HOST, True),
        ([from_({"ipBlock": {"cidr": "10.0.0.0/16", "except": ["10.0.1.0/24"]}})], HOST, False),
        ([from_({"ipBlock": {"cidr": "fd00::/8"}})], HOST, False),
        ([from_({"ipBlock": {"cidr": "0.0.0.0/0"}})], FRONT, False),
        ([from_({"namespaceSelector": {}})], HOST, False),
        ([from_(ports=[{"port": 8000}])], FRONT, True),
        ([from_(ports=[{"port": 8001}])], FRONT, False),
        ([from_(ports=[{"port": 7990, "endPort": 8010}])], FRONT, True),
        ([from_(ports=[{"port": "http"}])], FRONT, True),
        ([from_(ports=[{"port": "metrics"}])], FRONT, False),
        ([from_(ports=[{"port": 8000, "protocol": "UDP"}])], FRONT, False),
        ([from_(ports=[{"protocol": "TCP"}])], FRONT, True),
    ],
)
def test_a_call_to_a_pod(policies: list[dict[str, Any]], peer: Any, open_: bool):
    assert opens(*policies, peer=peer) == open_


def test_a_call_from_a_pod_needs_an_egress_rule_only_where_a_policy_restricts_it():
    inward = policy(ingress=[{}])
    outward = policy(egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 8000}]}])
    assert opens(inward, peer=HOST, direction="egress")
    assert opens(outward, peer=HOST, direction="egress")
    assert not opens(outward, peer=IPv4Address("192.0.2.1"), direction="egress")
    assert not opens(outward, peer=None, direction="egress")
    assert not opens(outward, peer=FRONT, direction="ingress"), "without policyTypes it is for ingress too"


def test_the_policies_are_named():
    found = ruling([DENY, from_({"namespaceSelector": EDGE})], WEB, FRONT, "ingress", CALL)
    assert (found.selecting, found.allowed_by) == (["serving/p", "serving/p"], "serving/p")


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ({"operator": "In", "values": ["web", "x"]}, True),
        ({"operator": "In", "values": ["x"]}, False),
        ({"operator": "NotIn", "values": ["x"]}, True),
        ({"operator": "NotIn", "values": ["web"]}, False),
        ({"operator": "Exists"}, True),
        ({"operator": "DoesNotExist"}, False),
    ],
)
def test_expressions_of_a_selector(expression: dict[str, Any], selected: bool):
    assert matches({"matchExpressions": [{"key": "app", **expression}]}, WEB.labels) == selected
    absent = expression["operator"] in ("NotIn", "DoesNotExist")
    assert matches({"matchExpressions": [{"key": "tier", **expression}]}, WEB.labels) == absent
