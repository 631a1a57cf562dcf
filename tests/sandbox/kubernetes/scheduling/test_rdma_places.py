"""The sandbox's nodes in an RDMA network have the labels that OKE gives to such nodes."""

from collections.abc import Mapping

from facts.kubernetes import RDMA_LABELS
from sandbox.kubernetes.scheduling.nodes import nodes_of
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import CLUSTER_ID, add_pool


def labels(cloud: Cloud, *pools: str) -> list[Mapping[str, str]]:
    return [node.labels for node in nodes_of(cloud, CLUSTER_ID) if node.pool in pools]


def in_network(cloud: Cloud, name: str, size: int) -> None:
    network = f"ocid1.computecluster.oc1.iad.{name}"
    place = {"availabilityDomain": "x:US-ASHBURN-AD-1"}
    details = {"size": size, "placementConfigs": [place], "computeClusterId": network}
    add_pool(cloud, name, "BM.GPU.MI300X.8", size, nodeConfigDetails=details)


def test_nodes_of_a_pool_share_a_network_block_and_two_share_a_local_block(cloud: Cloud):
    in_network(cloud, "one", 4)
    found = labels(cloud, "one")
    assert all(set(RDMA_LABELS.values()) <= set(each) for each in found)
    different = {part: len({each[label] for each in found}) for part, label in RDMA_LABELS.items()}
    assert different == {"hpc-island": 1, "network-block": 1, "local-block": 2, "host": 4}


def test_pools_are_in_different_blocks(cloud: Cloud):
    in_network(cloud, "one", 1)
    in_network(cloud, "two", 1)
    one, two = (each[RDMA_LABELS["network-block"]] for each in labels(cloud, "one", "two"))
    assert one != two


def test_nodes_outside_an_rdma_network_have_no_such_labels(cloud: Cloud):
    (only,) = labels(cloud, "gpu")
    assert not set(RDMA_LABELS.values()) & set(only)
