"""File Storage by the official SDK: snapshot policies, and imports of Lustre links."""

from typing import Any

from oci.file_storage import FileStorageClient, models
from oci.lustre_file_storage import LustreFileStorageClient

from sandbox.oci.services.identity.domains import domain_names
from sandbox.oci.services.lustre import LINK
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Wire


def test_a_snapshot_policy_is_paused_and_goes_on(wire: Wire) -> None:
    client: Any = wire.client(FileStorageClient)
    details = models.CreateFilesystemSnapshotPolicyDetails(
        compartment_id=COMPARTMENT,
        availability_domain=domain_names(wire.region, wire.profile.tenancy)[0],
        schedules=[models.SnapshotSchedule(period="DAILY", time_zone="UTC", hour_of_day=3)],
    )
    made = client.create_filesystem_snapshot_policy(details).data
    assert client.get_filesystem_snapshot_policy(made.id).data.lifecycle_state == "CREATING"
    client.pause_filesystem_snapshot_policy(made.id)
    read = client.get_filesystem_snapshot_policy(made.id).data
    assert (read.lifecycle_state, read.schedules[0].hour_of_day) == ("INACTIVE", 3)
    client.unpause_filesystem_snapshot_policy(made.id)
    assert client.get_filesystem_snapshot_policy(made.id).data.lifecycle_state == "ACTIVE"


def test_the_import_of_a_link_begins(wire: Wire) -> None:
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    link = create_minimal(driver, LINK)
    client: Any = wire.client(LustreFileStorageClient)
    answer = client.start_import_from_object(link.id)
    assert client.get_work_request(answer.headers["opc-work-request-id"]).data.status == "IN_PROGRESS"
    assert client.get_object_storage_link(link.id).data.lifecycle_state == "ACTIVE"
