"""What the compute service refuses of cluster networks, and what it shows of them."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from sandbox.oci.rules.hosts import CLUSTER_NETWORK, RESERVATION, hosts_of
from sandbox.oci.services.compute.instances import CONFIGURATION
from tests.sandbox.oci.conftest import AD1, AD2, CPU, GPU, Refused, Service
from tests.sandbox.oci.driver import COMPARTMENT, Driver, Made


def configuration(service: Service, shape: str = GPU, **launch: Any) -> Entry:
    details = {"instanceType": "compute", "launchDetails": {"shape": shape, **launch}}
    return service.create(CONFIGURATION, instanceDetails=details)


def network_inputs(made: Entry | Made, size: int = 2, **place: Any) -> dict[str, Any]:
    return {
        "instancePools": [{"instanceConfigurationId": made.id, "size": size}],
        "placementConfiguration": {"availabilityDomain": AD1, **place},
    }


def test_two_pools_are_refused(service: Service, refused: Refused) -> None:
    inputs = network_inputs(configuration(service))
    inputs["instancePools"] *= 2
    refused(400, "InvalidParameter", "exactly one instance pool", service.create, CLUSTER_NETWORK, **inputs)


def test_a_shape_without_rdma_is_refused(service: Service, refused: Refused) -> None:
    made = configuration(service, CPU, shapeConfig={"ocpus": 4, "memoryInGbs": 32})
    message = f"Shape {CPU} does not support cluster networks."
    refused(400, "InvalidParameter", message, service.create, CLUSTER_NETWORK, **network_inputs(made))


def test_a_negative_size_is_refused(service: Service, refused: Refused) -> None:
    inputs = network_inputs(configuration(service), size=-1)
    refused(400, "InvalidParameter", "size must be greater", service.create, CLUSTER_NETWORK, **inputs)


def test_a_configuration_of_a_gpu_memory_cluster_is_refused(service: Service, refused: Refused) -> None:
    made = service.create(CONFIGURATION, source="GMC")
    message = "is for GPU memory clusters"
    refused(400, "InvalidParameter", message, service.create, CLUSTER_NETWORK, **network_inputs(made))


def test_a_reservation_of_another_domain_is_refused(service: Service, refused: Refused) -> None:
    configs = [{"instanceShape": GPU, "reservedCount": 2}]
    reserved = service.create(RESERVATION, availabilityDomain=AD2, instanceReservationConfigs=configs)
    made = configuration(service, capacityReservationId=reserved.id)
    message = f"{reserved.id} is not in availability domain {AD1}"
    refused(400, "InvalidParameter", message, service.create, CLUSTER_NETWORK, **network_inputs(made))


def test_an_unknown_placement_constraint_is_refused(service: Service, refused: Refused) -> None:
    inputs = network_inputs(configuration(service), placementConstraint="TIGHT")
    refused(400, "InvalidParameter", "placementConstraint", service.create, CLUSTER_NETWORK, **inputs)
    inputs = network_inputs(configuration(service), placementConstraint="SINGLE_BLOCK")
    assert service.create(CLUSTER_NETWORK, **inputs)


def test_a_configuration_in_use_cannot_be_deleted_until_the_network_has_another(
    service: Service, refused: Refused
) -> None:
    first, second = configuration(service), configuration(service)
    network = service.create(CLUSTER_NETWORK, **network_inputs(first))
    refused(409, "Conflict", "is associated to one or more Instance Pools", service.delete, first)
    service.update(network, **network_inputs(second))
    service.delete(first)


def test_its_hosts_count_against_the_limit_unless_they_are_reserved(service: Service) -> None:
    free = network_inputs(configuration(service), size=3)
    assert hosts_of(service.cloud, CLUSTER_NETWORK, free) == {(GPU, AD1): 3}
    reserved = configuration(service, capacityReservationId="ocid1.capacityreservation.oc1.iad.aaaa")
    assert not hosts_of(service.cloud, CLUSTER_NETWORK, network_inputs(reserved, size=3))


def test_a_domain_without_free_hosts_is_refused(service: Service, refused: Refused) -> None:
    service.cloud.set_capacity(GPU, 2, availability_domain=AD1)
    made = configuration(service)
    network = service.create(CLUSTER_NETWORK, **network_inputs(made, size=2))
    wrong = network_inputs(made, size=3)
    refused(500, "InternalError", "Out of host capacity", service.update, network, **wrong)
    refused(500, "InternalError", "Out of host capacity", service.create, CLUSTER_NETWORK, **wrong)


@pytest.mark.parametrize("size", [254, 2**40])
def test_more_instances_than_addresses_are_refused(
    service: Service, vcn: Entry, refused: Refused, size: int
) -> None:
    range_ = {"cidrBlock": "10.0.4.0/24"}
    small = service.create("oci:Core/subnet:Subnet", vcnId=vcn.id, dnsLabel="small", outputs=range_, **range_)
    message = "does not have enough available IP addresses"
    reserved = {"capacityReservationId": "ocid1.capacityreservation.oc1.iad.aaaa"}  # no limit counts these
    inputs = network_inputs(configuration(service, **reserved), size=size)
    inputs["placementConfiguration"]["primaryVnicSubnets"] = {"subnetId": small.id}
    refused(400, "InvalidParameter", message, service.create, CLUSTER_NETWORK, **inputs)
    inputs = network_inputs(
        configuration(service, createVnicDetails={"subnetId": small.id}, **reserved), size=size
    )
    refused(400, "InvalidParameter", message, service.create, CLUSTER_NETWORK, **inputs)


def test_its_pool_keeps_its_identity_over_an_update_and_its_instances_are_listed(driver: Driver) -> None:
    launch = {"shape": GPU, "metadata": {"user_data": "x"}}
    details = {"instanceType": "compute", "launchDetails": launch}
    made = driver.create(CONFIGURATION, "one", compartmentId=COMPARTMENT, instanceDetails=details)
    inputs: dict[str, Any] = {
        "compartmentId": COMPARTMENT,
        "instancePools": [{"instanceConfigurationId": made.id, "size": 2, "displayName": "mi300x"}],
        "placementConfiguration": {
            "availabilityDomain": AD1,
            "primaryVnicSubnets": {"subnetId": driver.subnet(driver.vcn()).id},
        },
    }
    network = driver.create(CLUSTER_NETWORK, "one", **inputs)
    (pool,) = network.outputs["instancePools"]
    assert (pool["size"], pool["currentSize"], pool["state"]) == (2, 2, "RUNNING")
    assert pool["id"].startswith("ocid1.instancepool.")
    (place,) = pool["placementConfigurations"]
    assert isinstance(place["primaryVnicSubnets"], list), "the provider's schema has a list here"
    inputs["instancePools"][0]["size"] = 3
    changed = driver.update(network, **inputs)
    assert changed.outputs["instancePools"][0]["id"] == pool["id"]
    listed = driver.invoke(
        "oci:Core/getClusterNetworkInstances:getClusterNetworkInstances",
        clusterNetworkId=network.id, compartmentId=COMPARTMENT,
    )["instances"]  # fmt: skip
    (row,) = driver.invoke(
        "oci:Core/getClusterNetworks:getClusterNetworks", compartmentId=COMPARTMENT
    )["clusterNetworks"]  # fmt: skip
    assert row["placementConfigurations"][0]["primaryVnicSubnets"][0]["subnetId"].startswith("ocid1.subnet")
    assert [each["shape"] for each in listed] == [GPU] * 3
    assert len({each["id"] for each in listed}) == 3


@pytest.mark.parametrize("key", ["clusterNetworkId", "instanceConfigurationId"])
def test_it_is_found_by_its_function(driver: Driver, key: str) -> None:
    details = {"instanceType": "compute", "launchDetails": {"shape": GPU}}
    made = driver.create(CONFIGURATION, "one", compartmentId=COMPARTMENT, instanceDetails=details)
    network = driver.create(
        CLUSTER_NETWORK, "one", compartmentId=COMPARTMENT,
        **network_inputs(made, primarySubnetId=driver.subnet(driver.vcn()).id),
    )  # fmt: skip
    name, found = (
        ("ClusterNetwork", network) if key == "clusterNetworkId" else ("InstanceConfiguration", made)
    )
    assert driver.invoke(f"oci:Core/get{name}:get{name}", **{key: found.id})["id"] == found.id
