"""The instances of a cluster network are nodes of a cluster if they would join it, and not otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.kubernetes.scheduling.nodes import Node, nodes_of
from sandbox.oci.cloud import Cloud
from sandbox.oci.rules.hosts import CLUSTER_NETWORK
from sandbox.oci.services.compute.instances import CONFIGURATION
from sandbox.oci.services.container_engine.clusters import CLUSTER
from sandbox.oci.services.container_engine.kubeconfig import AUTHORITY
from sandbox.oci.services.identity.policies import POLICY
from sandbox.oci.services.identity.principals import DYNAMIC
from tests.sandbox.kubernetes.bed import CLUSTER_ID, entry

COMPARTMENT = "ocid1.compartment.oc1..REPLACE-ME"
METADATA = {
    "apiserver_host": "10.0.1.5",
    "cluster_ca_cert": AUTHORITY,
    "user_data": "c2NyaXB0",
    "oke-native-pod-networking": "true",
    "oke-max-pods": "64",
    "pod-subnets": "ocid1.subnet.oc1.iad.aaaapods",
    "oke-initial-node-labels": "genai-playground/pool=mi300x,team=a",
    "kubelet-extra-args": "--register-with-taints=own=yes:NoSchedule",
}


def make(cloud: Cloud, *, kind: str = "ENHANCED_CLUSTER", **metadata: str | None) -> None:
    cluster = {"type": kind, "clusterPodNetworkOptions": [{"cniType": "OCI_VCN_IP_NATIVE"}]}
    made = replace(entry(CLUSTER_ID, CLUSTER, cluster), compartment_id=COMPARTMENT)
    made.outputs["endpoints"] = [{"privateEndpoint": "10.0.1.5:6443"}]
    cloud.save(made)
    given = {key: value for key, value in {**METADATA, **metadata}.items() if value is not None}
    details = {
        "instanceType": "compute",
        "launchDetails": {"shape": "BM.GPU.MI300X.8", "metadata": given},
    }
    key = "ocid1.instanceconfiguration.oc1.iad.aaaa"
    cloud.save(entry(key, CONFIGURATION, {"instanceDetails": details}))
    pool = {"instanceConfigurationId": key, "size": 2, "displayName": "mi300x"}
    place = {"availabilityDomain": "Uocm:US-ASHBURN-AD-1", "primarySubnetId": "s"}
    network: dict[str, Any] = {"instancePools": [pool], "placementConfiguration": place}
    own = entry("ocid1.clusternetwork.oc1.iad.aaaa", CLUSTER_NETWORK, network)
    cloud.save(replace(own, compartment_id=COMPARTMENT))


def allow(cloud: Cloud, statement: str) -> None:
    cloud.save(entry("ocid1.policy.oc1..aaaa", POLICY, {"statements": [statement]}))


def joined(cloud: Cloud) -> list[Node]:
    return [node for node in nodes_of(cloud, CLUSTER_ID) if node.pool == "mi300x"]


def test_they_have_the_labels_taints_and_room_of_the_nodes_of_a_managed_pool(cloud: Cloud):
    make(cloud)
    first, second = joined(cloud)
    assert (first.name, second.name) == ("mi300x-0", "mi300x-1")
    assert first.labels["genai-playground/pool"] == "mi300x"
    assert first.labels["team"] == "a"
    block = "oci.oraclecloud.com/rdma.network_block_id"
    assert first.labels[block] == second.labels[block]
    assert first.labels["node.kubernetes.io/instance-type"] == "BM.GPU.MI300X.8"
    assert [str(each) for each in first.taints] == ["amd.com/gpu=present:NoSchedule", "own=yes:NoSchedule"]
    assert (first.allocatable["amd.com/gpu"], first.allocatable["pods"]) == (8, 64)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "BASIC_CLUSTER"},
        {"apiserver_host": "10.0.1.5:6443"},
        {"apiserver_host": "10.0.1.6"},
        {"cluster_ca_cert": "b3RoZXI="},
        {"user_data": None},
        {"oke-native-pod-networking": None},
        {"pod-subnets": None},
    ],
)
def test_an_instance_that_cannot_join_is_no_node(cloud: Cloud, changes: dict[str, Any]):
    make(cloud, **changes)
    assert joined(cloud) == []


@pytest.mark.parametrize(
    ("statement", "nodes"),
    [
        (f"Allow dynamic-group 'Default'/'nodes' to {{CLUSTER_JOIN}} in compartment id {COMPARTMENT}", 2),
        ("Allow dynamic-group nodes to {CLUSTER_JOIN} in tenancy", 2),
        (f"Allow dynamic-group nodes to manage cluster-family in compartment id {COMPARTMENT}", 2),
        ("Allow dynamic-group nodes to {CLUSTER_JOIN} in compartment id ocid1.compartment.oc1..other", 0),
        (f"Allow group people to {{CLUSTER_JOIN}} in compartment id {COMPARTMENT}", 0),
        (f"Allow dynamic-group nodes to use clusters in compartment id {COMPARTMENT}", 0),
        ("Allow any-user to {CLUSTER_JOIN} in tenancy", 2),
        ("Allow any-user to {CLUSTER_JOIN} in tenancy where request.principal.type = 'instance'", 2),
        ("Allow any-user to {CLUSTER_JOIN} in tenancy where request.principal.type = 'cluster'", 0),
    ],
)
def test_a_policy_must_let_them_join(cloud: Cloud, statement: str, nodes: int):
    make(cloud)
    allow(cloud, statement)
    assert len(joined(cloud)) == nodes


@pytest.mark.parametrize(
    ("rule", "nodes"),
    [
        (f"ALL {{instance.compartment.id = '{COMPARTMENT}'}}", 2),
        ("ALL {instance.compartment.id = 'ocid1.compartment.oc1..other'}", 0),
        ("ALL {resource.type = 'fnfunc'}", 0),
        ("ANY {instance.id = 'ocid1.instance.oc1.iad.aaaa'}", 2),
        ("ALL {tag.team.name.value = 'a'}", 2),
    ],
)
def test_the_dynamic_group_must_contain_them(cloud: Cloud, rule: str, nodes: int):
    make(cloud)
    allow(cloud, "Allow dynamic-group nodes to {CLUSTER_JOIN} in tenancy")
    cloud.save(entry("ocid1.dynamicgroup.oc1..aaaa", DYNAMIC, {"name": "nodes", "matchingRule": rule}))
    assert len(joined(cloud)) == nodes
