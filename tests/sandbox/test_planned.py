"""New clusters of a preview whose API endpoint the program could not reach."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sandbox.oci.cloud import Cloud
from sandbox.planned import unreachable_clusters
from sandbox.store import Store
from tests.sandbox.oci.conftest import COMPARTMENT, TENANCY

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
BASTION = "oci:Bastion/bastion:Bastion"
RULE = "NetworkSecurityGroupSecurityRule"
KUBERNETES = "pulumi:providers:kubernetes"
PROVIDER = "urn:pulumi:s::p::pulumi:providers:oci::oci"
PORT = {"destinationPortRange": {"min": 6443, "max": 6443}}


class Change:
    """The creates of one preview, as the engine's events and its plan show them."""

    def __init__(self) -> None:
        config = {"region": "us-ashburn-1", "tenancyOcid": TENANCY}
        self.steps: list[Mapping[str, Any]] = [
            {"op": "create", "urn": PROVIDER, "type": "pulumi:providers:oci", "new": {"inputs": config}}
        ]
        self.dependencies: dict[str, dict[str, Sequence[str]]] = {}

    def make(self, token: str, logical: str, depends: Mapping[str, Sequence[str]], /, **inputs: Any) -> str:
        token = token if ":" in token else f"oci:Core/{token[0].lower()}{token[1:]}:{token}"
        urn = f"urn:pulumi:s::p::{token}::{logical}"
        given = {"compartmentId": COMPARTMENT, **inputs}
        new = {"inputs": given, "id": ""}
        self.steps.append(
            {"op": "create", "urn": urn, "type": token, "new": new, "provider": f"{PROVIDER}::id"}
        )
        self.dependencies[urn] = dict(depends)
        return urn

    def said(self, store: Store) -> list[str]:
        return [why for _, why in unreachable_clusters(store, self.steps, self.dependencies)]


def network(change: Change, *, rules: Mapping[str, Any], both: bool = False) -> tuple[str, str]:
    """A VCN with a subnet for the endpoint and one for hosts. `both`: each output depends on both subnets."""
    vcn = change.make("Vcn", "vcn", {}, cidrBlocks=["10.0.0.0/16"])
    of_vcn = {"vcnId": [vcn]}
    wall = change.make("SecurityList", "wall", of_vcn, vcnId=UNKNOWN, **rules)
    api, hosts = (
        change.make(
            "Subnet",
            name,
            {**of_vcn, "securityListIds": [wall]},
            vcnId=UNKNOWN,
            cidrBlock=cidr,
            securityListIds=[UNKNOWN],
        )
        for name, cidr in (("api", "10.0.0.0/28"), ("hosts", "10.0.1.0/24"))
    )
    subnets = [api, hosts] if both else [api]
    group = change.make("NetworkSecurityGroup", "group", of_vcn, vcnId=UNKNOWN)
    change.make(
        CLUSTER,
        "cluster",
        {**of_vcn, "endpointConfig": [*subnets, group]},
        vcnId=UNKNOWN,
        kubernetesVersion="v1.36.1",
        endpointConfig={"subnetId": UNKNOWN, "nsgIds": [UNKNOWN], "isPublicIpEnabled": False},
    )
    change.make(KUBERNETES, "kubernetes", {}, kubeconfig=UNKNOWN)
    return hosts, group


def admit(change: Change, group: str, source: str) -> None:
    rule = {"direction": "INGRESS", "protocol": "6", "source": source, "tcpOptions": PORT}
    change.make(RULE, "api", {"networkSecurityGroupId": [group]}, networkSecurityGroupId=UNKNOWN, **rule)


def test_a_new_endpoint_that_admits_nobody_is_reported(store: Store) -> None:
    change = Change()
    network(change, rules={})
    (said,) = change.said(store)
    assert said.startswith(
        "the program cannot reach the API of the new cluster: the API endpoint: no rule in"
    )
    assert "subnet api" in said
    assert Cloud(store).entries() == [], "nothing is created"


def test_a_new_endpoint_that_admits_the_vcn_is_not_reported(store: Store) -> None:
    change = Change()
    _, group = network(change, rules={})
    admit(change, group, "10.0.1.0/24")
    assert change.said(store) == []


def test_a_deployer_outside_needs_a_way_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_DEPLOYER", "outside")
    change = Change()
    hosts, group = network(change, rules={})
    admit(change, group, "10.0.1.0/24")
    (said,) = change.said(store)
    assert "the deployer is outside" in said
    change.make(
        BASTION,
        "door",
        {"targetSubnetId": [hosts]},
        targetSubnetId=UNKNOWN,
        bastionType="STANDARD",
        name="door",
    )
    (said,) = change.said(store)
    assert "no rule in the lists of subnet hosts" in said, "its bastion has no way out"


def test_a_bastion_with_a_way_out_leads_a_deployer_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_DEPLOYER", "outside")
    change = Change()
    way_out = [{"destination": "10.0.0.0/28", "protocol": "6"}]
    hosts, group = network(change, rules={"egressSecurityRules": way_out})
    admit(change, group, "10.0.1.0/24")
    change.make(
        BASTION,
        "door",
        {"targetSubnetId": [hosts]},
        targetSubnetId=UNKNOWN,
        bastionType="STANDARD",
        name="door",
    )
    assert change.said(store) == []


def test_a_reference_to_one_of_several_subnets_is_not_guessed(store: Store) -> None:
    change = Change()
    network(change, rules={}, both=True)
    assert change.said(store) == []


def test_a_cluster_that_no_program_calls_needs_no_way_in(store: Store) -> None:
    change = Change()
    network(change, rules={})
    change.steps.pop()
    assert change.said(store) == []


def test_without_a_plan_nothing_is_reported(store: Store) -> None:
    change = Change()
    network(change, rules={})
    assert unreachable_clusters(store, change.steps, {}) == []
