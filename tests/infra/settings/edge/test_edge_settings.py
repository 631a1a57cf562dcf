"""Every mistake in the network's edge is reported with its path, and parts that exclude each other are refused."""

from typing import Any

import pytest

from infra.settings import examine
from infra.settings.edge.gateway_rules import gateway_sets
from tests.infra.settings.examples import DELETE, Change, config
from tests.infra.settings.wrong.edge import DNS, LB, PEM, SETS, TLS, WALL, edged


def edge_config(*changes: Change) -> dict[str, Any]:
    return config(*edged(*changes))


def test_the_example_has_no_problems():
    assert examine(edge_config(), "test").problems == []


@pytest.mark.parametrize(
    "changes",
    [
        [("network.edge", {})],
        [(f"{LB}.private", True), (TLS, DELETE), (f"{DNS}.viewId", "ocid1.dnsview.oc1.iad.aaaaaaaaexample")],
        [
            (TLS, {"certManager": True}),
            (WALL, DELETE),
            (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}}),
        ],
        [("network.edge", {"firewall": {"mode": "check"}})],
        [("network.flowLogs", {"retentionDays": 180, "sampleOneIn": 100, "kind": "REJECT"})],
    ],
    ids=["nothing", "a private balancer", "cert-manager", "a policy only", "flow logs"],
)
def test_each_variant_of_the_edge_is_valid(changes: list[Change]):
    assert examine(edge_config(*changes), "test").problems == []


def test_an_encrypted_private_key_is_accepted():
    given = {"publicCertificate": PEM, "chain": PEM, "privateKey": "-----BEGIN PRIVATE KEY-----"}
    found = examine(edge_config((TLS, given)), "test", encrypted={f"{TLS}.privateKey"})
    assert found.problems == []
    assert "BEGIN PRIVATE" not in repr(found.settings)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ([], set[str]()),
        ([("serving.platform.gateway", {})], {"frontend", "api", "gpu"}),
        ([("serving.platform.gateway", {"backendSets": ["api"]})], {"api"}),
        ([("serving.platform.gateway", {"backendSets": []})], set[str]()),
        (
            [("serving.platform.gateway", {}), (f"{SETS}.gpu.addresses", ["10.0.4.7"])],
            {"frontend", "api"},
        ),
        (
            [
                ("serving.platform.gateway", {}),
                (TLS, {"certManager": True}),
                (WALL, DELETE),
                (SETS, {"gateway": {"port": 8443, "healthPath": "/ready"}}),
            ],
            set[str](),
        ),
    ],
    ids=[
        "no gateway",
        "all sets",
        "one set",
        "none wanted",
        "a set of servers outside",
        "TLS in the cluster",
    ],
)
def test_a_gateway_serves_each_set_that_it_can(changes: list[Change], wanted: set[str]):
    found = examine(edge_config(*changes), "test")
    assert found.problems == []
    assert found.settings
    assert set(gateway_sets(found.settings.network.edge, found.settings.serving.platform)) == wanted
