"""Whether the deployer's packets reach the API endpoint over the network in the sandbox's cloud."""

from typing import Any

import pytest

from report.danger import FORESEEN
from sandbox.kubernetes.provider.clusters import Reach, reach, read_kubeconfig
from sandbox.kubernetes.provider.host import EngineLog
from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from sandbox.variables import WrongVariableError, check_variables
from tests.sandbox.kubernetes.bed import CLUSTER_ID, VCN_ID, Bed, RefusedError, config_map, entry, kubeconfig

TUNNEL = read_kubeconfig(kubeconfig("https://127.0.0.1:6443"))
PRIVATE = read_kubeconfig(kubeconfig("https://10.0.0.2:6443"))
PUBLIC = read_kubeconfig(kubeconfig("https://192.0.2.10:6443"))
CORE = "oci:Core/{0}:{1}"
NO_RULES, BASTION_RULES = "ocid1.securitylist.oc1.iad.none", "ocid1.securitylist.oc1.iad.bastion"
GROUP, NODES = "ocid1.networksecuritygroup.oc1.iad.api", "ocid1.networksecuritygroup.oc1.iad.nodes"
SUBNETS = {"api": "10.0.0.0/28", "bastion": "10.0.0.16/28", "private": "10.0.2.0/24"}


def subnet_id(role: str) -> str:
    return f"ocid1.subnet.oc1.iad.{role}"


def core(kind: str) -> str:
    return CORE.format(kind, kind[0].upper() + kind[1:])


@pytest.fixture
def cloud(store: Store) -> Cloud:
    """A cluster with a private and a public address. Its security group and lists allow no traffic."""
    made = Cloud(store)
    made.save(entry(NO_RULES, core("securityList"), {"vcnId": VCN_ID}))
    made.save(entry(GROUP, core("networkSecurityGroup"), {"vcnId": VCN_ID}))
    made.save(entry(NODES, core("networkSecurityGroup"), {"vcnId": VCN_ID}))
    for role, cidr in SUBNETS.items():
        inputs = {"vcnId": VCN_ID, "cidrBlock": cidr, "displayName": role, "securityListIds": [NO_RULES]}
        made.save(entry(subnet_id(role), core("subnet"), inputs | {"routeTableId": "routes"}))
    endpoint = {"subnetId": subnet_id("api"), "nsgIds": [GROUP]}
    sides = {"privateEndpoint": "10.0.0.2:6443", "publicEndpoint": "192.0.2.10:6443"}
    inputs = {"vcnId": VCN_ID, "kubernetesVersion": "v1.36.1", "endpointConfig": endpoint}
    made.save(entry(CLUSTER_ID, "oci:ContainerEngine/cluster:Cluster", inputs, {"endpoints": [sides]}))
    details = {"size": 1, "nsgIds": [NODES], "placementConfigs": [{"subnetId": subnet_id("private")}]}
    pool = {"clusterId": CLUSTER_ID, "nodeConfigDetails": details}
    made.save(entry("ocid1.nodepool.oc1.iad.p", "oci:ContainerEngine/nodePool:NodePool", pool))
    return made


def let_in(cloud: Cloud, source: str, name: str = "rule") -> None:
    """Admit a CIDR or a security group to the API endpoint."""
    kind = "NETWORK_SECURITY_GROUP" if source.startswith("ocid1.") else "CIDR_BLOCK"
    rule: dict[str, Any] = {
        "networkSecurityGroupId": GROUP,
        "direction": "INGRESS",
        "protocol": "6",
        "source": source,
        "sourceType": kind,
        "tcpOptions": {"destinationPortRange": {"min": 6443, "max": 6443}},
    }
    cloud.save(entry(name, core("networkSecurityGroupSecurityRule"), rule))


def add_bastion(cloud: Cloud, role: str, address: str) -> None:
    inputs = {"targetSubnetId": subnet_id(role), "name": "door"}
    outputs = {"privateEndpointIpAddress": address}
    cloud.save(entry("ocid1.bastion.oc1.iad.b", "oci:Bastion/bastion:Bastion", inputs, outputs))


def let_bastion_out(cloud: Cloud, port: int = 6443) -> None:
    """Give the bastion's subnet its own security list, which allows egress to the endpoint."""
    ports = {"min": port, "max": port}
    rules = [{"destination": "10.0.0.0/28", "protocol": "6", "tcpOptions": ports}]
    cloud.save(entry(BASTION_RULES, core("securityList"), {"vcnId": VCN_ID, "egressSecurityRules": rules}))
    known = cloud.require(subnet_id("bastion"), path="")
    cloud.save(entry(known.id, known.token, known.inputs | {"securityListIds": [BASTION_RULES]}))


def test_an_empty_security_list_blocks_a_bastion_in_the_endpoint_s_subnet(cloud: Cloud) -> None:
    add_bastion(cloud, "api", "10.0.0.3")
    let_in(cloud, "10.0.0.0/28")
    found = reach(cloud, TUNNEL)
    assert not found.reachable
    assert found.why.endswith(
        "bastion door: no rule in the lists of subnet api (it has no security group) allows TCP 6443 out "
        "to the API endpoint"
    )


def test_a_bastion_whose_subnet_allows_egress_reaches_the_endpoint(cloud: Cloud) -> None:
    add_bastion(cloud, "bastion", "10.0.0.18")
    let_bastion_out(cloud)
    assert "the API endpoint: no rule" in reach(cloud, TUNNEL).why, (
        "its security group must admit the bastion, too"
    )
    let_in(cloud, "10.0.0.16/28")
    assert reach(cloud, TUNNEL) == Reach(
        CLUSTER_ID, "v1.36.1", assumed="a bastion session forwards this port"
    )


def test_another_port_does_not_help_the_bastion(cloud: Cloud) -> None:
    add_bastion(cloud, "bastion", "10.0.0.18")
    let_bastion_out(cloud, port=22)
    let_in(cloud, "10.0.0.16/28")
    assert not reach(cloud, TUNNEL).reachable


@pytest.mark.parametrize("source", ["10.0.0.0/28", "10.0.0.16/28", NODES, "203.0.113.0/24"])
def test_a_rule_for_other_sources_does_not_admit_a_host_in_the_vcn(cloud: Cloud, source: str) -> None:
    add_bastion(cloud, "bastion", "10.0.0.18")
    let_in(cloud, source)
    found = reach(cloud, PRIVATE, "inside")
    assert "no rule in the lists of subnet api or in its security groups allows TCP 6443 in" in found.why


@pytest.mark.parametrize("source", ["10.0.2.250/32", "10.0.2.0/24", "10.0.0.0/16", "0.0.0.0/0"])
def test_a_rule_with_its_address_admits_a_host_in_the_vcn(cloud: Cloud, source: str) -> None:
    let_in(cloud, source)
    assert reach(cloud, PRIVATE, "inside").reachable


def test_a_security_group_of_other_hosts_than_nodes_is_admitted(cloud: Cloud) -> None:
    own = "ocid1.networksecuritygroup.oc1.iad.operators"
    cloud.save(entry(own, core("networkSecurityGroup"), {"vcnId": VCN_ID}))
    let_in(cloud, own)
    assert reach(cloud, PRIVATE, "inside").reachable


def test_a_deployer_with_a_known_address_needs_a_rule_for_it(cloud: Cloud) -> None:
    let_in(cloud, "10.0.2.250/32")
    assert reach(cloud, PRIVATE, "10.0.2.250").reachable
    assert "in from the deployer, 10.0.2.7," in reach(cloud, PRIVATE, "10.0.2.7").why
    assert "no route of its subnet leads to" in reach(cloud, PRIVATE, "10.20.0.7").why


def test_the_public_address_needs_the_internet_gateway_and_a_rule(cloud: Cloud) -> None:
    assert "there is no route back" in reach(cloud, PUBLIC, "outside").why
    gateway = "ocid1.internetgateway.oc1.iad.i"
    cloud.save(entry(gateway, core("internetGateway"), {"vcnId": VCN_ID}))
    routes = {"routeRules": [{"destination": "0.0.0.0/0", "networkEntityId": gateway}]}
    cloud.save(entry("routes", core("routeTable"), routes))
    assert "in from the internet" in reach(cloud, PUBLIC, "outside").why
    let_in(cloud, "203.0.113.0/24")
    assert reach(cloud, PUBLIC, "outside").reachable
    assert not reach(cloud, PUBLIC, "198.51.100.7").reachable


def test_a_network_that_was_not_created_here_is_assumed_to_be_open(cloud: Cloud) -> None:
    cluster = cloud.require(CLUSTER_ID, path="")
    elsewhere = cluster.inputs | {"endpointConfig": {"subnetId": "ocid1.subnet.oc1.iad.elsewhere"}}
    cloud.save(entry(cluster.id, cluster.token, elsewhere, cluster.outputs))
    assert reach(cloud, PRIVATE, "inside").reachable


def test_objects_are_refused_until_a_rule_opens_the_network(bed: Bed, cloud: Cloud) -> None:
    engine = bed.connect()
    engine.configure(kubeconfig("https://10.0.0.2:6443"))
    with pytest.raises(RefusedError, match="configured Kubernetes cluster is unreachable") as refused:
        engine.create(config_map(a="b"))
    assert "dial tcp 10.0.0.2:6443: i/o timeout; the API endpoint: no rule" in str(refused.value)
    let_in(cloud, "10.0.2.250/32")
    assert engine.create(config_map(a="b")).id == "default/settings", "every call connects again"


def test_a_preview_foresees_that_the_network_blocks_the_endpoint(
    bed: Bed, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(EngineLog, "warn", lambda _self, _urn, text: said.append(text))
    engine = bed.connect()
    engine.configure(kubeconfig("https://10.0.0.2:6443"))
    engine.preview(config_map(a="b"))
    assert len(said) == 1
    assert said[0].startswith(
        f"{FORESEEN}: unless this change opens the network: configured Kubernetes cluster"
    )
    assert "no rule in the lists of subnet api" in said[0], cloud


@pytest.mark.parametrize("place", ["", "inside", "outside", "10.0.2.250", "10.0.2.0/24"])
def test_the_deployer_may_be_given_as_an_address(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_DEPLOYER", place)
    check_variables()
    monkeypatch.setenv("SANDBOX_DEPLOYER", f"{place}x")
    with pytest.raises(WrongVariableError, match="must be inside or outside or an IPv4 address"):
        check_variables()
