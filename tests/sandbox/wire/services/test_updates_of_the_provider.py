"""Updates for which the provider calls operations of their own, of databases, clusters and files, by the SDK."""

from collections.abc import Callable
from typing import Any

import pytest
from oci.container_engine import ContainerEngineClient
from oci.container_engine import models as engine
from oci.database import DatabaseClient
from oci.database import models as database
from oci.file_storage import FileStorageClient
from oci.file_storage import models as files
from oci.load_balancer import LoadBalancerClient
from oci.load_balancer import models as balancer
from oci.lustre_file_storage import LustreFileStorageClient
from oci.psql import PostgresqlClient
from oci.psql import models as psql
from oci.work_requests import WorkRequestClient

from tests.sandbox.oci.driver import NSG, Driver
from tests.sandbox.oci.minimal import create_minimal
from tests.sandbox.wire.conftest import Refused, Wire

Refusal = Callable[[], Refused]


@pytest.fixture
def driver(wire: Wire) -> Driver:
    found = Driver(wire.cloud.store)
    found.provider.operations, found.cloud = wire.operations, wire.cloud
    return found


def test_a_database_is_registered_with_services_by_operations_whose_work_request_ends(
    wire: Wire, driver: Driver
) -> None:
    made = create_minimal(driver, "oci:Database/autonomousDatabase:AutonomousDatabase")
    client: Any = wire.client(DatabaseClient)

    def read() -> tuple[str, str, str]:
        found = client.get_autonomous_database(made.id).data
        return found.data_safe_status, found.database_management_status, found.operations_insights_status

    assert read() == ("NOT_REGISTERED", "NOT_ENABLED", "NOT_ENABLED")
    for on in (
        client.register_autonomous_database_data_safe,
        client.enable_autonomous_database_management,
        client.enable_autonomous_database_operations_insights,
    ):
        ended(wire, on(made.id), made.id)
        client.get_autonomous_database(made.id)
    assert read() == ("REGISTERED", "ENABLED", "ENABLED")
    for off in (
        client.deregister_autonomous_database_data_safe,
        client.disable_autonomous_database_management,
        client.disable_autonomous_database_operations_insights,
    ):
        ended(wire, off(made.id), made.id)
        client.get_autonomous_database(made.id)
    assert read() == ("NOT_REGISTERED", "NOT_ENABLED", "NOT_ENABLED")


def ended(wire: Wire, answer: Any, id_: str) -> None:
    """The general service knows the work request of an answer, by the word by which the provider finds the resource."""
    client: Any = wire.client(WorkRequestClient)
    key = answer.headers["opc-work-request-id"]
    looks = [client.get_work_request(key).data for _ in range(2)]
    assert [each.status for each in looks] == ["IN_PROGRESS", "SUCCEEDED"]
    (resource,) = looks[0].resources
    assert "database" in resource.entity_type
    assert resource.identifier == id_


@pytest.mark.parametrize(
    ("changes", "has_one"),
    [
        ({"db_version": "23ai"}, True),
        ({"nsg_ids": []}, True),
        ({"is_local_data_guard_enabled": True, "local_adg_auto_failover_max_data_loss_limit": 0}, True),
        ({"display_name": "one"}, False),
        ({"db_version": "23ai", "display_name": "one"}, False),
    ],
)
def test_a_database_has_a_work_request_where_the_provider_waits_for_one(
    wire: Wire, driver: Driver, changes: dict[str, Any], has_one: bool
) -> None:
    made = create_minimal(driver, "oci:Database/autonomousDatabase:AutonomousDatabase")
    client: Any = wire.client(DatabaseClient)
    answer = client.update_autonomous_database(made.id, database.UpdateAutonomousDatabaseDetails(**changes))
    assert ("opc-work-request-id" in answer.headers) is has_one


def test_a_database_is_billed_to_another_subscription(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, "oci:Database/autonomousDatabase:AutonomousDatabase")
    client: Any = wire.client(DatabaseClient)
    details = database.ChangeAutonomousDatabaseSubscriptionDetails(
        subscription_id="ocid1.subscription.oc1..one"
    )
    client.change_autonomous_database_subscription(details, made.id)
    assert client.get_autonomous_database(made.id).data.subscription_id == "ocid1.subscription.oc1..one"


def test_the_endpoint_of_a_cluster_changes_and_keeps_its_private_address(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, "oci:ContainerEngine/cluster:Cluster")
    group = create_minimal(driver, NSG, vcnId=wire.cloud.find(made.id).inputs["vcnId"]).id
    client: Any = wire.client(ContainerEngineClient)
    subnet = create_minimal(driver, "oci:Core/subnet:Subnet").id
    config = engine.ClusterEndpointConfig(subnet_id=subnet)
    native = engine.ClusterMigrateToNativeVcnDetails(endpoint_config=config)
    client.cluster_migrate_to_native_vcn(made.id, native)
    client.get_cluster(made.id)
    before = client.get_cluster(made.id).data.endpoints
    details = engine.UpdateClusterEndpointConfigDetails(nsg_ids=[group], is_public_ip_enabled=True)
    client.update_cluster_endpoint_config(made.id, details)
    read = client.get_cluster(made.id).data
    assert (read.endpoint_config.nsg_ids, read.endpoint_config.subnet_id) == ([group], subnet)
    assert read.endpoints.private_endpoint == before.private_endpoint
    assert read.endpoints.public_endpoint
    client.get_cluster(made.id)
    with refused() as refusal:
        client.cluster_migrate_to_native_vcn(made.id, native)
    assert (refusal.status, refusal.code) == (409, "IncorrectState")


def test_quota_rules_are_enforced_and_a_mount_target_gets_more_and_less_throughput(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    system = create_minimal(driver, "oci:FileStorage/fileSystem:FileSystem")
    target = create_minimal(driver, "oci:FileStorage/mountTarget:MountTarget")
    client: Any = wire.client(FileStorageClient)
    client.toggle_quota_rules(system.id, files.ToggleQuotaRulesDetails(are_quota_rules_enabled=True))
    assert client.get_file_system(system.id).data.are_quota_rules_enabled is True
    faster = files.UpgradeShapeMountTargetDetails(requested_throughput=20)
    slower = files.ScheduleDowngradeShapeMountTargetDetails()

    def throughput() -> tuple[int, int]:
        found = client.get_mount_target(target.id).data
        return found.observed_throughput, found.requested_throughput

    for call in (
        lambda: client.schedule_downgrade_shape_mount_target(target.id, slower),
        lambda: client.cancel_downgrade_shape_mount_target(target.id),
    ):
        with refused() as refusal:
            call()
        assert refusal.status in (400, 409)
    client.upgrade_shape_mount_target(target.id, faster)
    assert throughput() == (20, 20)
    with refused() as refusal:
        client.upgrade_shape_mount_target(target.id, faster)
    assert refusal.status == 400
    client.schedule_downgrade_shape_mount_target(target.id, slower)
    assert throughput() == (20, 1)
    client.cancel_downgrade_shape_mount_target(target.id)
    assert throughput() == (20, 20)


def test_nodes_of_postgresql_are_added_and_removed_by_a_patch(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, "oci:Psql/dbSystem:DbSystem")
    client: Any = wire.client(PostgresqlClient)

    def patch(*steps: Any) -> list[str]:
        client.patch_db_system(made.id, psql.PatchDbSystemDetails(items=list(steps)))
        client.get_db_system(made.id)
        read = client.get_db_system(made.id).data
        assert read.instance_count == len(read.instances)
        return [each.id for each in read.instances]

    def removal(node: str) -> Any:
        return psql.PatchRemoveInstruction(selection=f"instances[?id == '{node}']")

    primary = client.get_primary_db_instance(made.id).data.db_instance_id
    insert = psql.PatchInsertInstruction(selection="instances", value={"displayName": "two"})
    first, second, third = patch(insert, insert)
    assert first == primary
    assert patch(removal(second)) == [first, third]
    (_, _, fourth) = patch(insert)
    assert fourth not in (first, third)
    for step, status in (
        (removal(first), 400),
        (removal("ocid1.postgresqldbinstance.oc1.iad.other"), 404),
        (psql.PatchMoveInstruction(selection="instances", _from="instances"), 501),
    ):
        with refused() as refusal:
            patch(insert, step)
        assert refusal.status == status
    assert [each.id for each in client.get_db_system(made.id).data.instances] == [first, third, fourth]


def test_a_postgresql_system_starts_with_another_size(wire: Wire, driver: Driver) -> None:
    made = create_minimal(driver, "oci:Psql/dbSystem:DbSystem")
    client: Any = wire.client(PostgresqlClient)
    client.stop_db_system(made.id)
    client.get_db_system(made.id)
    read = client.get_db_system(made.id).data
    details = psql.StartDbSystemDetails(
        config_id=read.config_id, shape=read.shape, instance_ocpu_count=8, instance_memory_size_in_gbs=64
    )
    client.start_db_system(made.id, details)
    client.get_db_system(made.id)
    read = client.get_db_system(made.id).data
    assert (read.lifecycle_state, read.instance_ocpu_count) == ("ACTIVE", 8)
    # The provider names the configuration again with each new size.
    params = psql.UpdateDbConfigParams(config_id=read.config_id, apply_config="RELOAD")
    client.update_db_system(
        made.id, psql.UpdateDbSystemDetails(instance_ocpu_count=4, db_configuration_params=params)
    )
    assert client.get_db_system(made.id).data.config_id == read.config_id


def test_the_backends_of_a_set_are_those_of_its_last_update(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    made = create_minimal(driver, "oci:LoadBalancer/loadBalancer:LoadBalancer")
    client: Any = wire.client(LoadBalancerClient)
    common: Any = {
        "policy": "ROUND_ROBIN",
        "health_checker": balancer.HealthCheckerDetails(protocol="TCP", port=80),
    }

    def backend(host: int, weight: int = 1) -> Any:
        return balancer.BackendDetails(ip_address=f"10.0.0.{host}", port=80, weight=weight)

    def shown() -> list[tuple[str, int]]:
        alone = client.get_backend_set(made.id, "one").data.backends
        assert client.get_load_balancer(made.id).data.backend_sets["one"].backends == alone
        listed = client.list_backends(made.id, "one").data
        assert {each.name for each in listed} == {each.name for each in alone}
        return sorted((each.name, each.weight) for each in alone)

    def update(*backends: Any) -> None:
        client.update_backend_set(
            balancer.UpdateBackendSetDetails(backends=list(backends), **common), made.id, "one"
        )

    first = balancer.CreateBackendSetDetails(name="one", backends=[backend(1), backend(2)], **common)
    client.create_backend_set(first, made.id)
    assert shown() == [("10.0.0.1:80", 1), ("10.0.0.2:80", 1)]
    update(backend(2, 5), backend(3))
    assert shown() == [("10.0.0.2:80", 5), ("10.0.0.3:80", 1)]
    with refused() as refusal:
        update(backend(4), balancer.BackendDetails(ip_address="not-an-address", port=80))
    assert refusal.status == 400
    assert shown() == [("10.0.0.2:80", 5), ("10.0.0.3:80", 1)]
    update()
    assert shown() == []


def test_the_jobs_of_a_link_are_done_as_soon_as_they_begin(
    wire: Wire, driver: Driver, refused: Refusal
) -> None:
    link = create_minimal(driver, "oci:Lustre/fileStorageObjectStorageLink:FileStorageObjectStorageLink")
    client: Any = wire.client(LustreFileStorageClient)
    assert client.start_export_to_object(link.id).status == 200
    for stop in (client.stop_export_to_object, client.stop_import_from_object):
        with refused() as refusal:
            stop(link.id)
        assert (refusal.status, refusal.code) == (409, "IncorrectState")
