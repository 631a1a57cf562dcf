"""Cluster networks and instance configurations by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.core import ComputeManagementClient, models

from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

MI300X = "BM.GPU.MI300X.8"
DOMAIN = "Uocm:US-ASHBURN-AD-1"


@pytest.fixture
def compute(wire: Wire) -> Any:
    return wire.client(ComputeManagementClient)


def configuration(compute: Any, name: str = "mi300x") -> Any:
    plugin = models.InstanceAgentPluginConfigDetails(
        name="Compute HPC RDMA Authentication", desired_state="ENABLED"
    )
    launch = models.InstanceConfigurationLaunchInstanceDetails(
        compartment_id=COMPARTMENT, shape=MI300X, metadata={"user_data": "eA=="},
        agent_config=models.InstanceConfigurationLaunchInstanceAgentConfigDetails(plugins_config=[plugin]),
    )  # fmt: skip
    details = models.CreateInstanceConfigurationDetails(
        compartment_id=COMPARTMENT, display_name=name,
        instance_details=models.ComputeInstanceDetails(launch_details=launch),
    )  # fmt: skip
    return compute.create_instance_configuration(details).data


def network(compute: Any, made: Any, size: int = 2) -> Any:
    pool = models.CreateClusterNetworkInstancePoolDetails(
        instance_configuration_id=made.id, size=size, display_name="mi300x"
    )
    place = models.ClusterNetworkPlacementConfigurationDetails(
        availability_domain=DOMAIN, primary_subnet_id="ocid1.subnet.oc1.iad.aaaaofanexistingaccount"
    )
    details = models.CreateClusterNetworkDetails(
        compartment_id=COMPARTMENT,
        display_name="mi300x",
        instance_pools=[pool],
        placement_configuration=place,
    )
    return compute.create_cluster_network(details).data


def test_a_configuration_is_read_with_its_plugins(compute: Any) -> None:
    made = configuration(compute)
    launch = compute.get_instance_configuration(made.id).data.instance_details.launch_details
    assert (launch.shape, launch.metadata) == (MI300X, {"user_data": "eA=="})
    assert launch.agent_config.plugins_config[0].desired_state == "ENABLED"
    assert [each.id for each in compute.list_instance_configurations(COMPARTMENT).data] == [made.id]


def test_a_network_gets_a_new_configuration_and_size_in_place(
    compute: Any, refused: Callable[[], Refused]
) -> None:
    first = configuration(compute)
    made = network(compute, first)
    second = configuration(compute, "newer")
    change = models.UpdateClusterNetworkInstancePoolDetails(
        id=made.instance_pools[0].id, instance_configuration_id=second.id, size=3
    )
    compute.update_cluster_network(made.id, models.UpdateClusterNetworkDetails(instance_pools=[change]))
    (pool,) = compute.get_cluster_network(made.id).data.instance_pools
    assert (pool.id, pool.instance_configuration_id, pool.size) == (
        made.instance_pools[0].id,
        second.id,
        3,
    )
    compute.delete_instance_configuration(first.id)
    with refused() as refusal:
        compute.delete_instance_configuration(second.id)
    assert refusal.status == 409


def test_its_instances_are_listed_and_end_with_it(compute: Any) -> None:
    made = network(compute, configuration(compute))
    listed = compute.list_cluster_network_instances(COMPARTMENT, made.id).data
    assert [(each.shape, each.availability_domain) for each in listed] == [(MI300X, DOMAIN)] * 2
    compute.terminate_cluster_network(made.id)
    assert compute.get_cluster_network(made.id).data.lifecycle_state in ("TERMINATING", "TERMINATED")
