"""PostgresqlDatabase: nodes, storage, backups and access."""

from typing import Any

import pytest

from components.database.postgresql_database import (
    PostgresqlBackupArgs,
    PostgresqlDatabase,
    PostgresqlDatabaseArgs,
    PostgresqlMaintenanceArgs,
)
from components.database.postgresql_rules import postgresql_problems
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

SYSTEM = "oci:Psql/dbSystem:DbSystem"
DETAIL = "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail"


def endpoints(readers: bool) -> dict[str, Any]:
    return {
        "id": "detail",
        "caCertificate": "PEM",
        "primaryDbEndpoints": [{"fqdn": "primary.psql", "ipAddress": "10.0.4.5", "port": 5432}],
        "readerEndpoints": [{"fqdn": "reader.psql", "ipAddress": "10.0.4.6", "port": 5432}]
        if readers
        else [],
    }


def system_args(**changes: Any) -> PostgresqlDatabaseArgs:
    return PostgresqlDatabaseArgs(
        **{
            "compartment_id": "c",
            "password_secret_id": "secret",
            "subnet_id": "s",
            "nsg_ids": ["n"],
            **changes,
        }
    )


def postgresql(preview: bool = False, readers: bool = False, **changes: Any) -> Recording:
    program = lambda: PostgresqlDatabase("psql", system_args(**changes), oci_options()) and None  # noqa: E731
    return run(program, preview, calls={DETAIL: lambda _: endpoints(readers)})


def test_a_system_is_one_node_with_daily_backups_and_its_password_from_the_vault():
    assert postgresql().one(SYSTEM).inputs == {
        "compartmentId": "c",
        "displayName": "psql",
        "dbVersion": "17",
        "shape": "PostgreSQL.VM.Standard.E5.Flex",
        "systemType": "OCI_OPTIMIZED_STORAGE",
        "instanceCount": 1,
        "instanceOcpuCount": 2,
        "instanceMemorySizeInGbs": 32,
        "credentials": {
            "username": "playground",
            "passwordDetails": {"passwordType": "VAULT_SECRET", "secretId": "secret", "secretVersion": "1"},
        },
        "networkDetails": {"subnetId": "s", "nsgIds": ["n"], "isReaderEndpointEnabled": False},
        "storageDetails": {
            "systemType": "OCI_OPTIMIZED_STORAGE",
            "isRegionallyDurable": True,
            "iops": "75000",
        },
        "managementPolicy": {
            "backupPolicy": {"kind": "DAILY", "backupStart": "02:00", "retentionDays": 30},
        },
    }


def test_a_shape_is_written_in_the_form_that_the_service_returns():
    seen = postgresql(shape="VM.Standard3.Flex", ocpus=2, memory_gib=32).one(SYSTEM)
    assert seen.inputs["shape"] == "PostgreSQL.VM.Standard3.Flex", "else every preview shows a change"


def test_replicas_add_a_reader_endpoint():
    seen = postgresql(nodes=3, readers=True)
    assert seen.one(SYSTEM).inputs["networkDetails"]["isReaderEndpointEnabled"] is True
    outputs = seen.named("psql").outputs
    assert outputs is not None
    assert outputs["connection"] == {
        "host": "primary.psql",
        "readerHost": "reader.psql",
        "port": "5432",
        "user": "playground",
        "passwordSecretId": "secret",
        "caCertificate": "PEM",
    }


def test_a_single_node_has_no_reader():
    outputs = postgresql().named("psql").outputs
    assert outputs is not None
    assert outputs["connection"]["readerHost"] == ""


def test_backups_run_on_their_days_and_are_copied_to_another_region():
    backup = PostgresqlBackupArgs(
        kind="WEEKLY", start="03:30", retention_days=35, days_of_week=["SUNDAY"], copy_region="us-phoenix-1"
    )
    policy = postgresql(backup=backup).one(SYSTEM).inputs["managementPolicy"]["backupPolicy"]
    assert policy == {
        "kind": "WEEKLY",
        "backupStart": "03:30",
        "retentionDays": 35,
        "daysOfTheWeeks": ["SUNDAY"],
        "copyPolicy": {"compartmentId": "c", "regions": ["us-phoenix-1"]},
    }


def test_an_empty_list_of_days_is_left_out_because_the_provider_refuses_it():
    backup = PostgresqlBackupArgs(kind="DAILY", days_of_week=[], days_of_month=[])
    policy = postgresql(backup=backup).one(SYSTEM).inputs["managementPolicy"]["backupPolicy"]
    assert policy == {"kind": "DAILY", "backupStart": "02:00", "retentionDays": 30}


def test_backups_can_be_turned_off():
    seen = postgresql(backup=PostgresqlBackupArgs(kind="NONE")).one(SYSTEM)
    assert seen.inputs["managementPolicy"] == {"backupPolicy": {"kind": "NONE"}}


def test_a_maintenance_window_is_a_day_and_a_time_in_utc():
    window = PostgresqlMaintenanceArgs(day="SUNDAY", start="04:00")
    policy = postgresql(maintenance=window).one(SYSTEM).inputs["managementPolicy"]
    assert policy["maintenanceWindowStart"] == "SUN 04:00:00Z"


def test_storage_in_one_domain_names_the_domain():
    storage = postgresql(regionally_durable=False, availability_domain="AD-1").one(SYSTEM)
    assert storage.inputs["storageDetails"] == {
        "systemType": "OCI_OPTIMIZED_STORAGE",
        "isRegionallyDurable": False,
        "availabilityDomain": "AD-1",
        "iops": "75000",
    }


def test_a_protected_system_is_kept_when_the_stack_is_destroyed():
    seen = postgresql(protect=True).one(SYSTEM)
    assert (seen.protect, seen.retain_on_delete) == (True, True)


def test_a_first_preview_shows_the_system_without_looking_up_its_endpoints():
    program = PostgresqlDatabaseArgs(compartment_id="c", password_secret_id="p", subnet_id="s", nsg_ids=["n"])
    seen = run(lambda: PostgresqlDatabase("psql", program, oci_options()) and None, preview=True)
    outputs = seen.named("psql").outputs
    assert outputs is not None
    assert outputs["systemId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_system():
    with pytest.raises(InvalidInput, match=r"psql\.iops: 100000; must be one of 75000"):
        postgresql(iops=100_000)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"db_version": "13"}, "p.dbVersion"),
        ({"nodes": 0}, "p.nodes"),
        ({"shape": "VM.Standard.E4.Flex"}, "p.shape"),
        ({"shape": "PostgreSQL.VM.Standard.E5.Flex.4.64GB"}, "p.shape"),
        ({"ocpus": 0}, "p.ocpus"),
        ({"memory_gib": 8}, "p.memoryGib"),
        ({"shape": "PostgreSQL.VM.Standard3.Flex", "ocpus": 1}, "p.ocpus"),
        ({"shape": "PostgreSQL.VM.Standard3.Flex", "memory_gib": 16}, "p.memoryGib"),
        ({"iops": 100_000}, "p.iops"),
        ({"username": "Postgres"}, "p.username"),
        ({"username": "postgres"}, "p.username"),
        ({"username": "pg_reader"}, "p.username"),
        ({"password_secret_version": "0"}, "p.passwordSecretVersion"),
        ({"password_secret_version": "newest"}, "p.passwordSecretVersion"),
        ({"password_secret_version": "1" * 5000}, "p.passwordSecretVersion"),
        ({"password_secret_version": "\u0661"}, "p.passwordSecretVersion"),
        ({"availability_domain": "x"}, "p.availabilityDomain"),
        ({"regionally_durable": False}, "p.availabilityDomain"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in postgresql_problems(system_args(**changes), path="p")] == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"kind": "HOURLY"}, "p.backup.kind"),
        ({"start": "2"}, "p.backup.start"),
        ({"retention_days": 0}, "p.backup.retentionDays"),
        ({"days_of_week": ["SUNDAY"]}, "p.backup.daysOfWeek"),
        ({"days_of_month": [1]}, "p.backup.daysOfMonth"),
        ({"kind": "WEEKLY"}, "p.backup.daysOfWeek"),
        ({"kind": "WEEKLY", "days_of_week": ["SUN"]}, "p.backup.daysOfWeek[0]"),
        ({"kind": "MONTHLY", "days_of_month": [1, 29]}, "p.backup.daysOfMonth[1]"),
        ({"copy_region": "us-pheonix-1"}, "p.backup.copyRegion"),
    ],
)
def test_an_invalid_backup_is_reported_with_its_path(changes: dict[str, Any], path: str):
    args = system_args(backup=PostgresqlBackupArgs(**{"kind": "DAILY", **changes}))
    problems = [*postgresql_problems(args, path="p")]
    assert [problem.path for problem in problems] == [path]


def test_a_window_needs_a_day_and_a_time():
    args = system_args(maintenance=PostgresqlMaintenanceArgs(day="SUN", start="4 pm"))
    paths = [problem.path for problem in postgresql_problems(args, path="p")]
    assert paths == ["p.maintenance.day", "p.maintenance.start"]
