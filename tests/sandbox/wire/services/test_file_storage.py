"""Snapshot policies of File Storage by the official SDK."""

from typing import Any

from oci.file_storage import FileStorageClient, models

from sandbox.oci.services.identity.domains import domain_names
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
