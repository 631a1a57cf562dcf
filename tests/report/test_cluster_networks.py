"""Reports read a cluster network as the node pool that leads to the same nodes."""

from facts.prices import load_prices
from report.changes import Change
from report.cluster_networks import NODE_POOL, as_node_pools
from report.cost import estimate
from report.danger import dangers_of
from report.gpu_pools import gpu_pools
from report.resources import Resource, from_state
from tests.report import states

CONFIGURATION = "genai:index:ClusterNetworkPool$oci:Core/instanceConfiguration:InstanceConfiguration"
NETWORK = "genai:index:ClusterNetworkPool$oci:Core/clusterNetwork:ClusterNetwork"
PARENT = states.urn("genai:index:ClusterNetworkPool", "mi300x")


def configuration() -> Resource:
    launch = {
        "shape": "BM.GPU.MI300X.8",
        "sourceDetails": {"bootVolumeSizeInGbs": "512"},
        "createVnicDetails": {"nsgIds": ["group"]},
        "metadata": {
            "oke-initial-node-labels": "genai-playground/pool=mi300x,team=a",
            "pod-subnets": "pods",
            "pod-nsgids": "one,two",
        },
    }
    inputs = {"instanceDetails": {"instanceType": "compute", "launchDetails": launch}}
    return from_state(states.state(CONFIGURATION, "nodes", inputs, parent=PARENT))


def network(size: int = 2, configuration_id: str = "ocid1.x.oc1.iad.nodes") -> Resource:
    inputs = {
        "instancePools": [
            {"displayName": "mi300x", "size": size, "instanceConfigurationId": configuration_id}
        ],
        "placementConfiguration": {"availabilityDomain": "AD-1", "primaryVnicSubnets": {"subnetId": "gpu"}},
    }
    return from_state(states.state(NETWORK, "network", inputs, parent=PARENT))


def test_its_pool_has_the_shape_labels_and_network_of_its_configuration() -> None:
    (pool,) = [each for each in as_node_pools([configuration(), network()]) if each.type == NODE_POOL]
    assert pool.inputs["nodeShape"] == "BM.GPU.MI300X.8"
    assert pool.inputs["initialNodeLabels"] == [
        {"key": "genai-playground/pool", "value": "mi300x"},
        {"key": "team", "value": "a"},
    ]
    assert pool.inputs["nodeConfigDetails"] == {
        "size": 2,
        "nsgIds": ["group"],
        "placementConfigs": [{"availabilityDomain": "AD-1", "subnetId": "gpu"}],
        "nodePoolPodNetworkOptionDetails": {"podSubnetIds": ["pods"], "podNsgIds": ["one", "two"]},
    }


def test_before_the_configuration_has_an_id_it_is_found_by_its_component() -> None:
    found = as_node_pools([configuration(), network(configuration_id=states.UNKNOWN_VALUE)])
    assert [each.type for each in found].count(NODE_POOL) == 1


def test_a_network_of_an_unknown_configuration_stays_as_it_is() -> None:
    assert as_node_pools([network()]) == [network()]


def test_its_gpus_are_counted_for_engines() -> None:
    assert [str(each) for each in gpu_pools([configuration(), network(3)])] == [
        "mi300x: 0 of 24 GPUs requested, 3 of 3 nodes free"
    ]


def test_its_nodes_have_the_price_of_managed_nodes_and_the_configuration_is_free() -> None:
    managed = from_state(states.gpu_pool(2))
    prices = load_prices()
    own, other = (estimate(each, prices) for each in ([configuration(), network()], [managed]))
    assert own.monthly_total == other.monthly_total > 0
    assert not own.unpriced


def test_fewer_nodes_are_named_first() -> None:
    smaller = Change(operation="update", before=network(3), after=network(1))
    bucket = from_state(states.state("genai:index:Bucket$oci:ObjectStorage/bucket:Bucket", "models"))
    gone = Change(operation="delete", before=bucket, after=None)
    first, *_ = dangers_of([gone, smaller])
    assert first.kind == "drained"
    assert "deletes 2 of 3 nodes" in first.what
