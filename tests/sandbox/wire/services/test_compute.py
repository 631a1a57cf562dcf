"""Images, their shapes and the power of instances by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.core import ComputeClient, models
from oci.identity import IdentityClient
from oci.work_requests import WorkRequestClient

from sandbox.oci.services.compute.instances import INSTANCE
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal, ocid
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire

MI300X = "BM.GPU.MI300X.8"
NOTHING = models.AddImageShapeCompatibilityEntryDetails()


@pytest.fixture
def compute(wire: Wire) -> Any:
    return wire.client(ComputeClient)


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


@pytest.fixture
def image(compute: Any) -> Any:
    source = models.ImageSourceViaObjectStorageUriDetails(
        source_uri="https://objectstorage.us-ashburn-1.oraclecloud.com/n/a/b/c/o/image.qcow2",
        operating_system="Canonical Ubuntu", operating_system_version="24.04",
    )  # fmt: skip
    details = models.CreateImageDetails(
        compartment_id=COMPARTMENT, display_name="rocm", image_source_details=source
    )
    return compute.create_image(details).data


def test_an_image_is_found_by_its_work_request(wire: Wire, compute: Any) -> None:
    # The provider takes the image's id from it.
    source = models.ImageSourceViaObjectStorageUriDetails(source_uri="https://example.com/image")
    details = models.CreateImageDetails(compartment_id=COMPARTMENT, image_source_details=source)
    response = compute.create_image(details)
    client = wire.client(WorkRequestClient)
    found = [client.get_work_request(response.headers["opc-work-request-id"]).data for _ in range(2)]
    assert [each.status for each in found] == ["IN_PROGRESS", "SUCCEEDED"]
    (touched,) = found[-1].resources
    assert (touched.entity_type, touched.action_type, touched.identifier) == (
        "image",
        "CREATED",
        response.data.id,
    )


def test_an_image_is_imported_listed_changed_and_deleted(
    compute: Any, image: Any, refused: Callable[[], Refused]
) -> None:
    assert image.lifecycle_state == "PROVISIONING"
    assert [compute.get_image(image.id).data.lifecycle_state for _ in range(2)] == [
        "PROVISIONING",
        "AVAILABLE",
    ]
    read = compute.get_image(image.id).data
    assert (read.operating_system, read.operating_system_version) == ("Canonical Ubuntu", "24.04")
    names = {each.display_name for each in compute.list_images(COMPARTMENT).data}
    assert "rocm" in names
    assert any(each.startswith("Oracle-Linux-9") for each in names)
    other = "ocid1.compartment.oc1..aaaaother"
    assert "rocm" not in {each.display_name for each in compute.list_images(other).data}
    changed = compute.update_image(image.id, models.UpdateImageDetails(display_name="rocm-7"))
    assert changed.data.display_name == "rocm-7"
    compute.delete_image(image.id)
    with refused() as refusal:
        compute.update_image(image.id, models.UpdateImageDetails(display_name="x"))
    assert refusal.status == 404


def test_an_image_of_nothing_is_refused(compute: Any, refused: Callable[[], Refused]) -> None:
    with refused() as refusal:
        compute.create_image(models.CreateImageDetails(compartment_id=COMPARTMENT))
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")


def test_an_image_launches_on_a_shape_from_the_time_that_it_is_added(
    compute: Any, image: Any, refused: Callable[[], Refused]
) -> None:
    with refused() as refusal:
        compute.get_image_shape_compatibility_entry(image.id, MI300X)
    assert refusal.status == 404
    for _ in range(2):
        compute.add_image_shape_compatibility_entry(
            image.id, MI300X, add_image_shape_compatibility_entry_details=NOTHING
        )
    assert compute.get_image_shape_compatibility_entry(image.id, MI300X).data.shape == MI300X
    rows = compute.list_image_shape_compatibility_entries(image.id).data
    assert [row.shape for row in rows].count(MI300X) == 1
    assert image.id in {each.id for each in compute.list_images(COMPARTMENT, shape=MI300X).data}
    compute.remove_image_shape_compatibility_entry(image.id, MI300X)
    assert image.id not in {each.id for each in compute.list_images(COMPARTMENT, shape=MI300X).data}
    with refused() as refusal:
        compute.add_image_shape_compatibility_entry(image.id, "BM.NOTHING.1")
    assert refusal.status == 404


def test_an_instance_is_stopped_started_and_reset(
    compute: Any, driver: Driver, refused: Callable[[], Refused]
) -> None:
    made = create_minimal(driver, INSTANCE)
    for action, between, after in (
        ("STOP", "STOPPING", "STOPPED"), ("START", "STARTING", "RUNNING"), ("SOFTRESET", "STOPPING", "RUNNING"),
    ):  # fmt: skip
        assert compute.instance_action(made.id, action).data.lifecycle_state == between
        seen = [compute.get_instance(made.id).data.lifecycle_state for _ in range(2)]
        assert seen == [between, after]
    with refused() as refusal:
        compute.instance_action(made.id, "START")
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    with refused() as refusal:
        compute.instance_action(made.id, "SENDDIAGNOSTICINTERRUPT")
    assert refusal.status == 501


def test_an_instance_without_host_capacity_is_refused(
    compute: Any, wire: Wire, refused: Callable[[], Refused]
) -> None:
    domain = wire.client(IdentityClient).list_availability_domains(wire.profile.tenancy).data[0].name
    details = models.LaunchInstanceDetails(
        compartment_id=COMPARTMENT, availability_domain=domain, shape=MI300X,
        source_details=models.InstanceSourceViaImageDetails(image_id=ocid("image")),
        create_vnic_details=models.CreateVnicDetails(subnet_id=ocid("subnet")),
    )  # fmt: skip
    wire.cloud.set_limit("gpu-mi300x-count", 16, region=wire.region)
    wire.cloud.set_capacity(MI300X, 1)
    made = compute.launch_instance(details).data
    with refused() as refusal:
        compute.launch_instance(details)
    assert (refusal.status, refusal.code, refusal.message) == (500, "InternalError", "Out of host capacity.")
    compute.terminate_instance(made.id)
    assert compute.launch_instance(details).data.id != made.id


def test_an_action_on_an_instance_keeps_what_else_it_is(compute: Any, driver: Driver, wire: Wire) -> None:
    made = create_minimal(driver, INSTANCE)
    before = wire.cloud.find(made.id)
    compute.instance_action(made.id, "STOP")
    after = wire.cloud.find(made.id)
    assert {**after.inputs, "state": None} == {**before.inputs, "state": None}
    assert after.state == "STOPPED"
