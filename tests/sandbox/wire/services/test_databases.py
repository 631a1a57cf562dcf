"""Actions on databases by the official SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.database import DatabaseClient
from oci.database import models as database
from oci.opensearch import OpensearchClusterClient
from oci.opensearch import models as search
from oci.psql import PostgresqlClient
from oci.psql import models as psql

from sandbox.oci.services.autonomous_database.databases import DATABASE
from sandbox.oci.services.postgresql.systems import SYSTEM
from sandbox.oci.services.search import CLUSTER
from sandbox.oci.services.vault.secrets import SECRET
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import COMPARTMENT, Refused, Servers, Wire

Refusal = Callable[[], Refused]


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


def states(read: Callable[[], Any]) -> list[str]:
    """What two looks at a resource show."""
    return [read().data.lifecycle_state for _ in range(2)]


def test_a_database_is_stopped_and_started(wire: Wire, driver: Driver, refused: Refusal) -> None:
    made = create_minimal(driver, DATABASE)
    client: Any = wire.client(DatabaseClient)

    def read() -> Any:
        return client.get_autonomous_database(made.id)

    with refused() as refusal:
        client.start_autonomous_database(made.id)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    assert client.stop_autonomous_database(made.id).data.lifecycle_state == "STOPPING"
    assert states(read) == ["STOPPING", "STOPPED"]
    client.start_autonomous_database(made.id)
    assert states(read) == ["STARTING", "AVAILABLE"]
    client.restart_autonomous_database(made.id)
    assert states(read) == ["RESTARTING", "AVAILABLE"]
    client.shrink_autonomous_database(made.id)
    assert states(read) == ["SCALE_IN_PROGRESS", "AVAILABLE"]


def test_a_database_without_a_key_or_a_standby_cannot_rotate_or_switch(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, DATABASE)
    client: Any = wire.client(DatabaseClient)
    with refused() as refusal:
        client.rotate_autonomous_database_encryption_key(made.id)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")
    for switch in (client.switchover_autonomous_database, client.fail_over_autonomous_database):
        with refused() as refusal:
            switch(made.id)
        assert (refusal.status, refusal.code) == (409, "IncorrectState")


def test_a_key_is_rotated(wire: Wire, driver: Driver) -> None:
    key = {"kmsKeyId": "ocid1.key.oc1.iad.aaaatest", "vaultId": "ocid1.vault.oc1.iad.aaaatest"}
    made = create_minimal(driver, DATABASE, **key)
    client: Any = wire.client(DatabaseClient)
    assert client.rotate_autonomous_database_encryption_key(made.id).data.lifecycle_state == "UPDATING"


def test_a_database_switches_to_its_local_standby(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, DATABASE, isLocalDataGuardEnabled=True)
    client: Any = wire.client(DatabaseClient)
    answer = client.switchover_autonomous_database(made.id)
    assert answer.data.lifecycle_state == "ROLE_CHANGE_IN_PROGRESS"
    got = client.get_autonomous_database(made.id)
    assert got.headers["etag"] == answer.headers["etag"]
    read = got.data
    assert read.role == "PRIMARY"
    assert read.time_of_last_switchover is not None


def test_the_standby_of_another_region_takes_over(
    servers: Servers, wire: Wire, driver: Driver, refused: Refusal
) -> None:
    first = create_minimal(driver, DATABASE)
    here: Any = wire.client(DatabaseClient)
    there: Any = servers.start("us-phoenix-1").client(DatabaseClient)
    details = database.CreateCrossRegionAutonomousDatabaseDataGuardDetails(
        compartment_id=COMPARTMENT,
        db_name="standby",
        source_id=first.id,
        compute_model="ECPU",
        compute_count=2,
    )
    standby = there.create_autonomous_database(details).data
    assert standby.role == "STANDBY"
    with refused() as refusal:
        here.switchover_autonomous_database(first.id)
    assert refusal.status == 409
    there.switchover_autonomous_database(standby.id, peer_db_id=first.id)
    roles = [
        there.get_autonomous_database(standby.id).data.role,
        here.get_autonomous_database(first.id).data.role,
    ]
    assert roles == ["PRIMARY", "STANDBY"]
    here.update_autonomous_database(
        first.id, database.UpdateAutonomousDatabaseDetails(freeform_tags={"role": "kept"})
    )
    assert here.get_autonomous_database(first.id).data.role == "STANDBY"


def test_a_postgresql_system_is_stopped_and_its_password_reset(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, SYSTEM)
    client: Any = wire.client(PostgresqlClient)

    def read() -> Any:
        return client.get_db_system(made.id)

    response = client.stop_db_system(made.id)
    assert client.get_work_request(response.headers["opc-work-request-id"]).data.status == "IN_PROGRESS"
    assert client.list_work_request_errors(response.headers["opc-work-request-id"]).data.items == []
    assert states(read) == ["UPDATING", "INACTIVE"]
    password = psql.PlainTextPasswordDetails(password="Another-Horse-8-Staple")
    details = psql.ResetMasterUserPasswordDetails(password_details=password)
    with refused() as refusal:
        client.reset_master_user_password(made.id, details)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")
    client.start_db_system(made.id, psql.StartDbSystemDetails())
    assert states(read) == ["UPDATING", "ACTIVE"]
    before = wire.cloud.find(made.id).inputs["credentials"]
    client.reset_master_user_password(made.id, details)
    after = wire.cloud.find(made.id).inputs["credentials"]
    assert (before["username"], "Another-Horse" in str(after)) == (after["username"], False)
    assert before["passwordDetails"] != after["passwordDetails"]
    weak = psql.PlainTextPasswordDetails(password="x")
    with refused() as refusal:
        client.reset_master_user_password(made.id, psql.ResetMasterUserPasswordDetails(password_details=weak))
    assert refusal.status == 400


def test_the_nodes_of_a_postgresql_system_are_found_and_restarted(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, SYSTEM)
    client: Any = wire.client(PostgresqlClient)
    primary = client.get_primary_db_instance(made.id).data.db_instance_id
    found = client.get_connection_details(made.id).data
    assert found.instance_endpoints[0].db_instance_id == primary
    assert found.primary_db_endpoint.port == 5432
    for node, works in ((primary, True), ("other", False)):
        details = psql.RestartDbInstanceInDbSystemDetails(db_instance_id=node, restart_type="NORMAL")
        if works:
            client.restart_db_instance_in_db_system(made.id, details)
            continue
        with refused() as refusal:
            client.restart_db_instance_in_db_system(made.id, details)
        assert refusal.status == 404


def test_a_search_cluster_is_resized_and_upgraded(wire: Wire, driver: Driver, refused: Refusal) -> None:
    made = create_minimal(driver, CLUSTER)
    client: Any = wire.client(OpensearchClusterClient)
    client.resize_opensearch_cluster_horizontal(
        made.id, search.ResizeOpensearchClusterHorizontalDetails(data_node_count=5)
    )
    client.resize_opensearch_cluster_vertical(
        made.id, search.ResizeOpensearchClusterVerticalDetails(data_node_host_memory_gb=64)
    )
    upgrade = {"original_cluster_display_name": "one", "upgrade_type": "MINOR"}
    details = search.UpgradeOpenSearchClusterDetails(desired_software_version="2.18.0", **upgrade)
    client.upgrade_open_search_cluster(made.id, details)
    read = client.get_opensearch_cluster(made.id).data
    assert (read.data_node_count, read.data_node_host_memory_gb, read.software_version) == (5, 64, "2.18.0")
    wrong = search.UpgradeOpenSearchClusterDetails(desired_software_version="nine", **upgrade)
    with refused() as refusal:
        client.upgrade_open_search_cluster(made.id, wrong)
    assert refusal.status == 400
    with refused() as refusal:
        client.resize_opensearch_cluster_vertical(
            made.id, search.ResizeOpensearchClusterVerticalDetails(data_node_host_memory_gb=1)
        )
    assert refusal.status == 400


def test_a_postgresql_system_is_shown_as_the_provider_reads_it(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, SYSTEM)
    client: Any = wire.client(PostgresqlClient)
    system = client.get_db_system(made.id).data
    assert (made.outputs["shape"], system.shape) == ("PostgreSQL.VM.Standard.E5.Flex", "VM.Standard.E5.Flex")
    assert client.get_default_configuration(system.config_id).data.is_flexible


@pytest.mark.parametrize("kind", ["PLAIN_TEXT", "VAULT_SECRET"])
def test_an_update_leaves_the_credentials_as_they_are(wire: Wire, driver: Driver, kind: str) -> None:
    changes: dict[str, Any] = {}
    if kind == "VAULT_SECRET":
        secret = create_minimal(driver, SECRET)
        details = {"passwordType": kind, "secretId": secret.id, "secretVersion": "1"}
        changes["credentials"] = {"username": "administrator", "passwordDetails": details}
    made = create_minimal(driver, SYSTEM, **changes)
    client: Any = wire.client(PostgresqlClient)
    client.update_db_system(made.id, psql.UpdateDbSystemDetails(display_name="renamed"))
    assert client.get_db_system(made.id).data.display_name == "renamed"


def test_a_refreshable_clone_says_that_it_is_one(wire: Wire, driver: Driver) -> None:
    source = create_minimal(driver, DATABASE)
    client: Any = wire.client(DatabaseClient)
    details = database.CreateRefreshableAutonomousDatabaseCloneDetails(
        compartment_id=COMPARTMENT,
        source_id=source.id,
        db_name="replica",
        compute_model="ECPU",
        compute_count=2,
    )
    replica = client.create_autonomous_database(details).data
    shown = [client.get_autonomous_database(id_).data.is_refreshable_clone for id_ in (replica.id, source.id)]
    assert shown == [True, False]
