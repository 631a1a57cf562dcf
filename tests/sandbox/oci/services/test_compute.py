"""What the compute service refuses: shapes, images, preemptible hosts, limits, capacity, domains."""

from collections.abc import Callable

import pytest

from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, COMPARTMENT, CPU, GPU, POOL, TENANCY, Service, pool_inputs

INSTANCE = "oci:Core/instance:Instance"
RESERVATION = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"
AD2 = "Uocm:US-ASHBURN-AD-2"
Refused = Callable[..., None]


@pytest.mark.parametrize("shape", ["BM.GPU.MI300.8", "BM.GPU4.2", "VM.Standart.E3.Flex"])
def test_an_unknown_shape_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, shape: str
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": shape}
    refused(400, "InvalidParameter", f"Invalid nodeShape: Node shape {shape}", service.create, POOL, **inputs)
    refused(
        404, "NotAuthorizedOrNotFound", shape, service.create, INSTANCE, shape=shape, availabilityDomain=AD1
    )


def test_a_flexible_shape_without_a_configuration_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU}
    message = "Invalid ShapeConfig: null (Cannot launch flexible instance without ShapeConfig)"
    refused(400, "InvalidParameter", message, service.create, POOL, **inputs)


@pytest.mark.parametrize("config", [{"ocpus": 0}, {"ocpus": 1000}, {"ocpus": 1, "memoryInGbs": 65}])
def test_a_flexible_shape_out_of_its_bounds_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, config: dict[str, float]
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU, "nodeShapeConfig": config}
    refused(400, "InvalidParameter", "must be between", service.create, POOL, **inputs)


def test_an_unknown_image_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    image = service.create("oci:Core/image:Image")
    service.delete(image)
    source = {"sourceType": "IMAGE", "imageId": image.id}
    inputs = pool_inputs(cluster, subnet) | {"nodeSourceDetails": source}
    refused(404, "NotAuthorizedOrNotFound", image.id, service.create, POOL, **inputs)


def test_an_imported_image_must_be_made_compatible_with_the_shape(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    image = service.create("oci:Core/image:Image")
    source = {"sourceType": "IMAGE", "imageId": image.id}
    inputs = pool_inputs(cluster, subnet) | {"nodeSourceDetails": source}
    message = "Invalid nodeShape: Node shape and image are not compatible."
    refused(400, "InvalidParameter", message, service.create, POOL, **inputs)
    refused(
        400, "InvalidParameter", f"Shape {GPU} is not valid for image {image.id}.",
        service.create, INSTANCE, shape=GPU, availabilityDomain=AD1,
        sourceDetails={"sourceType": "image", "sourceId": image.id},
    )  # fmt: skip
    service.create("oci:Core/shapeManagement:ShapeManagement", imageId=image.id, shapeName=GPU)
    assert service.create(POOL, **inputs).inputs["nodeShape"] == GPU


def test_an_instance_configuration_of_a_wrong_image_is_refused(service: Service, refused: Refused) -> None:
    image = service.create("oci:Core/image:Image")
    launch = {"shape": GPU, "sourceDetails": {"sourceType": "image", "imageId": image.id}}
    refused(
        400, "InvalidParameter", f"Shape {GPU} is incompatible with image {image.id}",
        service.create, "oci:Core/instanceConfiguration:InstanceConfiguration",
        instanceDetails={"instanceType": "compute", "launchDetails": launch},
    )  # fmt: skip


def test_preemptible_bare_metal_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    place = inputs["nodeConfigDetails"]["placementConfigs"][0]
    place["preemptibleNodeConfig"] = {"preemptionAction": {"type": "TERMINATE"}}
    message = f"Invalid Preemptible instance shape: {GPU} (is not supported)"
    refused(400, "InvalidParameter", message, service.create, POOL, **inputs)
    refused(
        400, "InvalidParameter", message, service.create, INSTANCE, shape=GPU, availabilityDomain=AD1,
        preemptibleInstanceConfig={"preemptionAction": {"type": "TERMINATE"}},
    )  # fmt: skip


def test_preemptible_nodes_out_of_a_reservation_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU, "nodeShapeConfig": {"ocpus": 4}}
    place = inputs["nodeConfigDetails"]["placementConfigs"][0]
    place["preemptibleNodeConfig"] = {"preemptionAction": {"type": "TERMINATE"}}
    place["capacityReservationId"] = "ocid1.capacityreservation.oc1.iad.aaaa"
    refused(400, "InvalidParameter", "cannot use a capacity reservation", service.create, POOL, **inputs)


def test_more_gpus_than_the_limit_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    message = "The following service limits were exceeded: gpu-mi300x-count. Request a service limit increase"
    refused(400, "LimitExceeded", message, service.create, POOL, **pool_inputs(cluster, subnet, size=3))
    two = service.create(POOL, **pool_inputs(cluster, subnet, size=2))
    assert two.inputs["nodeConfigDetails"]["size"] == 2, "the limit counts GPUs: two nodes have 16"


def test_a_refusal_says_who_set_the_limit_and_how_that_is_undone(
    service: Service, cluster: Entry, subnet: Entry
) -> None:
    inputs = pool_inputs(cluster, subnet, size=1)
    service.cloud.set_limit("gpu-mi300x-count", 0)
    with pytest.raises(
        OciError, match=r"Sandbox: .*limits set gpu-mi300x-count 0.*limits unset gpu-mi300x-count"
    ):
        service.create(POOL, **inputs)
    service.cloud.set_limit("gpu-mi300x-count", 80)
    service.cloud.set_capacity(GPU, 0)
    with pytest.raises(OciError, match=rf"Sandbox: .*limits capacity {GPU} 0.*limits unset {GPU}"):
        service.create(POOL, **inputs)


def test_a_default_limit_is_nobodys_and_the_refusal_is_the_clouds_alone(
    service: Service, cluster: Entry, subnet: Entry
) -> None:
    with pytest.raises(OciError) as found:
        service.create(POOL, **pool_inputs(cluster, subnet, size=999))
    assert "Sandbox:" not in str(found.value)


def test_a_pool_that_grows_over_the_limit_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    one = service.create(POOL, **pool_inputs(cluster, subnet, size=1))
    service.create(POOL, **pool_inputs(cluster, subnet, size=1))
    details = pool_inputs(cluster, subnet, size=2)["nodeConfigDetails"]
    refused(400, "LimitExceeded", "gpu-mi300x-count", service.update, one, nodeConfigDetails=details)
    assert service.update(one, freeformTags={"owner": "ml"}), "an update that takes no more is not counted"


def test_the_gpu_limit_holds_in_each_availability_domain(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    spread = service.create(POOL, **pool_inputs(cluster, subnet, size=4, domains=(AD1, AD2)))
    assert spread.inputs["nodeConfigDetails"]["size"] == 4, "two nodes in each of two domains"
    refused(400, "LimitExceeded", "gpu", service.create, POOL, **pool_inputs(cluster, subnet, domains=(AD2,)))


def test_nodes_of_a_reservation_count_once(service: Service, cluster: Entry, subnet: Entry) -> None:
    service.cloud.set_limit("gpu-mi300x-count", 16)
    reserved = service.create(
        RESERVATION, availabilityDomain=AD1,
        instanceReservationConfigs=[{"instanceShape": GPU, "reservedCount": 2}],
    )  # fmt: skip
    inputs = pool_inputs(cluster, subnet, size=2)
    inputs["nodeConfigDetails"]["placementConfigs"][0]["capacityReservationId"] = reserved.id
    assert service.create(POOL, **inputs), "the reservation holds the 16 GPUs, its nodes take none beside"


def test_more_hosts_than_there_are_is_out_of_capacity(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.cloud.set_capacity(GPU, 1, availability_domain=AD1)
    service.create(POOL, **pool_inputs(cluster, subnet))
    refused(
        500, "InternalError", "Out of host capacity.", service.create, POOL, **pool_inputs(cluster, subnet)
    )
    assert service.create(POOL, **pool_inputs(cluster, subnet, domains=(AD2,))), "another domain has hosts"


def test_more_gpus_than_a_compartment_quota_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    service.create(
        "oci:Limits/quota:Quota", compartmentId=TENANCY, name="gpus",
        statements=[f"set compute-core quota gpu-mi300x-count to 8 in compartment {COMPARTMENT}"],
    )  # fmt: skip
    service.create(POOL, **pool_inputs(cluster, subnet))
    refused(400, "QuotaExceeded", "gpu-mi300x-count", service.create, POOL, **pool_inputs(cluster, subnet))


def test_an_unreadable_quota_is_refused(service: Service, refused: Refused) -> None:
    statements = ["set compute-core quota gpu-mi300x-count in tenancy"]
    refused(
        400, "InvalidParameter", "Unable to parse",
        service.create, "oci:Limits/quota:Quota", name="gpus", statements=statements,
    )  # fmt: skip


def test_more_vcns_than_the_limit_are_refused(service: Service, vcn: Entry, refused: Refused) -> None:
    service.cloud.set_limit("vcn-count", 1)
    message = "The following service limits were exceeded: vcn-count."
    refused(400, "LimitExceeded", message, service.create, "oci:Core/vcn:Vcn", cidrBlocks=["10.1.0.0/16"])


def test_a_compute_cluster_of_another_domain_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    fabric = service.create("oci:Core/computeCluster:ComputeCluster", availabilityDomain=AD2)
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["computeClusterId"] = fabric.id
    refused(400, "InvalidParameter", "Invalid availabilityDomain", service.create, POOL, **inputs)


def test_a_compute_cluster_of_hosts_without_rdma_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    fabric = service.create("oci:Core/computeCluster:ComputeCluster", availabilityDomain=AD1)
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU, "nodeShapeConfig": {"ocpus": 4}}
    inputs["nodeConfigDetails"]["computeClusterId"] = fabric.id
    refused(400, "InvalidParameter", "does not support compute clusters", service.create, POOL, **inputs)


def test_mi300x_in_a_gpu_memory_cluster_is_refused(service: Service, refused: Refused) -> None:
    launch = {"instanceType": "compute", "launchDetails": {"shape": GPU}}
    made = service.create("oci:Core/instanceConfiguration:InstanceConfiguration", instanceDetails=launch)
    refused(
        400, "InvalidParameter", f"Shape {GPU} does not support GPU memory clusters.",
        service.create, "oci:Core/computeGpuMemoryCluster:ComputeGpuMemoryCluster",
        instanceConfigurationId=made.id,
    )  # fmt: skip


def test_a_cluster_network_with_two_pools_is_refused(service: Service, refused: Refused) -> None:
    made = service.create("oci:Core/instanceConfiguration:InstanceConfiguration")
    pool = {"instanceConfigurationId": made.id, "size": 1}
    refused(
        400, "InvalidParameter", "exactly one instance pool",
        service.create, "oci:Core/clusterNetwork:ClusterNetwork", instancePools=[pool, pool],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ({"type": "COMPUTE_CLUSTER", "logicalPlacementConstraint": "TIGHT"}, "logicalPlacementConstraint"),
        ({"type": "COMPUTE_PLACEMENT", "logicalPlacementConstraint": "SINGLE_TIER"}, "type must be"),
    ],
)
def test_an_unknown_placement_constraint_is_refused(
    service: Service, refused: Refused, constraint: dict[str, str], wrong: str
) -> None:
    refused(
        400, "InvalidParameter", wrong,
        service.create, "oci:Core/computeCluster:ComputeCluster", availabilityDomain=AD1,
        placementConstraintDetails=constraint,
    )  # fmt: skip


def test_a_reservation_of_an_unknown_shape_is_refused(service: Service, refused: Refused) -> None:
    configs = [{"instanceShape": "BM.GPU.MI300X.4", "reservedCount": 1}]
    refused(
        400, "InvalidParameter", "BM.GPU.MI300X.4",
        service.create, RESERVATION, availabilityDomain=AD1, instanceReservationConfigs=configs,
    )  # fmt: skip


@pytest.mark.parametrize("domain", ["Uocm:PHX-AD-1", "Uocm:US-ASHBURN-AD-4", "US-ASHBURN-AD-1", "AD-1"])
def test_an_availability_domain_that_the_region_has_not_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused, domain: str
) -> None:
    message = f"{domain} is not an availability domain of us-ashburn-1."
    inputs = pool_inputs(cluster, subnet, domains=(domain,))
    refused(400, "InvalidParameter", message, service.create, POOL, **inputs)


def test_a_region_of_one_domain_has_no_second(service: Service, refused: Refused) -> None:
    first, second = "Uocm:SA-SAOPAULO-1-AD-1", "Uocm:SA-SAOPAULO-1-AD-2"
    inputs = {"region": "sa-saopaulo-1", "instanceReservationConfigs": []}
    assert service.create(RESERVATION, availabilityDomain=first, **inputs)
    refused(400, "InvalidParameter", second, service.create, RESERVATION, availabilityDomain=second, **inputs)


def test_an_unknown_fault_domain_is_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet)
    inputs["nodeConfigDetails"]["placementConfigs"][0]["faultDomains"] = ["FAULT-DOMAIN-4"]
    refused(400, "InvalidParameter", "FAULT-DOMAIN-4", service.create, POOL, **inputs)
