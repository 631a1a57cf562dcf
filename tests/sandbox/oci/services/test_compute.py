"""What the compute service refuses: shapes, images, preemptible hosts, compute clusters."""

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import AD1, AD2, CPU, GPU, POOL, Refused, Service, pool_inputs
from tests.sandbox.oci.driver import IMPORTED

INSTANCE = "oci:Core/instance:Instance"
RESERVATION = "oci:Core/computeCapacityReservation:ComputeCapacityReservation"


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
    image = service.create("oci:Core/image:Image", **IMPORTED)
    service.delete(image)
    source = {"sourceType": "IMAGE", "imageId": image.id}
    inputs = pool_inputs(cluster, subnet) | {"nodeSourceDetails": source}
    refused(404, "NotAuthorizedOrNotFound", image.id, service.create, POOL, **inputs)


def test_an_imported_image_must_be_made_compatible_with_the_shape(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    image = service.create("oci:Core/image:Image", **IMPORTED)
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
    image = service.create("oci:Core/image:Image", **IMPORTED)
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


def test_preemptible_nodes_from_a_reservation_are_refused(
    service: Service, cluster: Entry, subnet: Entry, refused: Refused
) -> None:
    inputs = pool_inputs(cluster, subnet) | {"nodeShape": CPU, "nodeShapeConfig": {"ocpus": 4}}
    place = inputs["nodeConfigDetails"]["placementConfigs"][0]
    place["preemptibleNodeConfig"] = {"preemptionAction": {"type": "TERMINATE"}}
    place["capacityReservationId"] = "ocid1.capacityreservation.oc1.iad.aaaa"
    refused(400, "InvalidParameter", "cannot use a capacity reservation", service.create, POOL, **inputs)


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
