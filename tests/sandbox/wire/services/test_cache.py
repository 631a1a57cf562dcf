"""The users and backups of a cache by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.redis import OciCacheBackupClient, OciCacheUserClient, RedisClusterClient, models

from sandbox.oci.services.cache.clusters import CLUSTER, USER
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal, minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Wire


@pytest.fixture
def clusters(wire: Wire) -> Any:
    return wire.client(RedisClusterClient)


@pytest.fixture
def made(wire: Wire) -> tuple[str, list[str]]:
    """A cluster and two users."""
    driver = Driver(wire.cloud.store)
    driver.provider.operations, driver.cloud = wire.operations, wire.cloud
    users = [
        driver.create(USER, name, **minimal(driver, USER) | {"name": name}).id
        for name in ("reader", "writer")
    ]
    return create_minimal(driver, CLUSTER).id, users


def attached(clusters: Any, cluster: str, **wanted: str) -> list[str]:
    rows = clusters.list_attached_oci_cache_users(cluster, **wanted).data
    return sorted(each.oci_cache_user_id for each in rows)


def test_users_are_attached_listed_and_detached(
    wire: Wire, clusters: Any, made: tuple[str, list[str]], refused: Callable[[], Refused]
) -> None:
    cluster, users = made
    response = clusters.attach_oci_cache_users(
        cluster, models.AttachOciCacheUsersDetails(oci_cache_users=users)
    )
    work = response.headers["opc-work-request-id"]
    requests = [clusters.get_work_request(work).data for _ in range(2)]
    assert [each.status for each in requests] == ["IN_PROGRESS", "SUCCEEDED"]
    (touched,) = requests[-1].resources
    assert ("cluster" in touched.entity_type.lower(), touched.action_type) == (True, "UPDATED")
    assert attached(clusters, cluster) == sorted(users)
    assert attached(clusters, cluster, display_name="reader") == users[:1]
    of_user = wire.client(OciCacheUserClient).list_attached_redis_clusters(users[0]).data
    assert [each.oci_cache_cluster_id for each in of_user] == [cluster]
    with refused() as refusal:
        wire.client(OciCacheUserClient).delete_oci_cache_user(users[0])
    assert refusal.status == 409
    one = models.DetachOciCacheUsersDetails(oci_cache_users=users[:1])
    clusters.detach_oci_cache_users(cluster, one)
    assert attached(clusters, cluster) == users[1:]
    with refused() as refusal:
        clusters.detach_oci_cache_users(cluster, one)
    assert refusal.status == 404
    wire.client(OciCacheUserClient).delete_oci_cache_user(users[0])


def test_users_of_a_deleted_cluster_are_deleted_without_being_detached(
    wire: Wire, clusters: Any, made: tuple[str, list[str]]
) -> None:
    cluster, users = made
    clusters.attach_oci_cache_users(cluster, models.AttachOciCacheUsersDetails(oci_cache_users=users))
    clusters.delete_redis_cluster(cluster)
    client = wire.client(OciCacheUserClient)
    assert client.delete_oci_cache_user(users[0]).status == 202


def test_a_user_is_attached_to_a_cluster_once(
    clusters: Any, made: tuple[str, list[str]], refused: Callable[[], Refused]
) -> None:
    cluster, users = made
    details = models.AttachOciCacheUsersDetails(oci_cache_users=users)
    clusters.attach_oci_cache_users(cluster, details)
    with refused() as refusal:
        clusters.attach_oci_cache_users(cluster, details)
    assert refusal.status == 400
    assert attached(clusters, cluster) == sorted(users)


def test_a_backup_is_created_read_listed_changed_and_deleted(
    wire: Wire, clusters: Any, made: tuple[str, list[str]], refused: Callable[[], Refused]
) -> None:
    backups, (cluster, _) = wire.client(OciCacheBackupClient), made
    details = models.CreateOciCacheBackupDetails(
        compartment_id=COMPARTMENT,
        display_name="before",
        source_cluster_id=cluster,
        retention_period_in_days=7,
    )
    answer = backups.create_oci_cache_backup(details)
    backup = answer.data.id
    assert answer.headers["opc-work-request-id"]
    assert backups.get_oci_cache_backup(backup).data.lifecycle_state == "CREATING"
    read, source = backups.get_oci_cache_backup(backup).data, clusters.get_redis_cluster(cluster).data
    assert (read.lifecycle_state, read.retention_period_in_days, read.backup_type) == ("ACTIVE", 7, "MANUAL")
    assert (read.software_version, read.cluster_mode) == (source.software_version, "NONSHARDED")
    listed = backups.list_oci_cache_backups(compartment_id=COMPARTMENT, source_cluster_id=cluster).data.items
    assert [each.id for each in listed] == [backup]
    assert backups.list_oci_cache_backups(oci_cache_backup_id=f"{backup}x").data.items == []
    update = models.UpdateOciCacheBackupDetails(display_name="kept")
    backups.update_oci_cache_backup(backup, update)
    clusters.delete_redis_cluster(cluster)
    assert backups.get_oci_cache_backup(backup).data.display_name == "kept"
    with refused() as refusal:
        backups.create_oci_cache_backup(details)
    assert refusal.status == 404
    backups.delete_oci_cache_backup(backup)
    assert backups.list_oci_cache_backups(compartment_id=COMPARTMENT).data.items == []
