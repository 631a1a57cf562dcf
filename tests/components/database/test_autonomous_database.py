"""AutonomousDatabase: private, with read-only clones in the form that OCI accepts."""

import json
from typing import Any

import pytest

from components.database.autonomous_database import (
    AutonomousDatabase,
    AutonomousDatabaseArgs,
    DatabaseMaintenanceArgs,
)
from components.database.autonomous_rules import autonomous_database_problems
from facts.problem import InvalidInput, Problem
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

DATABASE = "oci:Database/autonomousDatabase:AutonomousDatabase"


def computed(token: str, name: str, _: Any) -> dict[str, Any]:
    strings = {"allConnectionStrings": {"HIGH": f"{name}:1521/high"}}
    return {"privateEndpoint": f"{name}.adb.example", "connectionStrings": [strings]}


def oracle_args(**changes: Any) -> AutonomousDatabaseArgs:
    return AutonomousDatabaseArgs(
        **{
            "compartment_id": "c",
            "db_name": "GenAi",
            "password_secret_id": "ocid1.vaultsecret",
            "subnet_id": "s",
            "nsg_ids": ["n"],
            **changes,
        }
    )


def window(day: str, start: str, end: str) -> DatabaseMaintenanceArgs:
    return DatabaseMaintenanceArgs(day=day, start=start, end=end)


def problems_of(**changes: Any) -> list[Problem]:
    args = oracle_args(**changes)
    return [*autonomous_database_problems(args, has_key=args.kms_key_id is not None, path="o")]


def oracle(preview: bool = False, **changes: Any) -> Recording:
    program = lambda: AutonomousDatabase("oracle", oracle_args(**changes), oci_options()) and None  # noqa: E731
    return run(program, preview, outputs=computed)


def test_a_database_has_a_private_endpoint_and_its_password_from_the_vault():
    assert oracle().one(DATABASE).inputs == {
        "compartmentId": "c",
        "displayName": "oracle",
        "dbName": "GenAi",
        "dbVersion": "26ai",
        "dbWorkload": "OLTP",
        "licenseModel": "LICENSE_INCLUDED",
        "computeModel": "ECPU",
        "computeCount": 2,
        "dataStorageSizeInTbs": 1,
        "isAutoScalingEnabled": False,
        "backupRetentionPeriodInDays": 60,
        "secretId": "ocid1.vaultsecret",
        "subnetId": "s",
        "nsgIds": ["n"],
        "privateEndpointLabel": "genai",
        "isMtlsConnectionRequired": False,
    }


def test_each_option_reaches_the_database():
    window = DatabaseMaintenanceArgs(day="SUNDAY", start="02:00", end="04:00")
    seen = oracle(
        ecpus=4,
        storage_tb=2,
        autoscaling=True,
        db_version="19c",
        backup_days=30,
        maintenance=window,
        require_mtls=True,
        kms_key_id="k",
        vault_id="v",
        tags={"a": "b"},
    ).one(DATABASE)
    wanted = {
        "computeCount": 4,
        "dataStorageSizeInTbs": 2,
        "isAutoScalingEnabled": True,
        "dbVersion": "19c",
        "backupRetentionPeriodInDays": 30,
        "autonomousDatabaseMaintenanceWindow": {
            "dayOfWeek": {"name": "SUNDAY"},
            "maintenanceStartTime": "02:00",
            "maintenanceEndTime": "04:00",
        },
        "isMtlsConnectionRequired": True,
        "kmsKeyId": "k",
        "vaultId": "v",
        "freeformTags": {"a": "b"},
    }
    assert wanted.items() <= seen.inputs.items()


def test_replicas_are_refreshable_clones_that_refresh_every_hour():
    first, second = oracle(replicas=2).of_type(DATABASE)[1:]
    assert first.inputs["source"] == "CLONE_TO_REFRESHABLE"
    assert first.inputs["sourceId"] == "ocid1.autonomousdatabase.oc1.iad.oracle-primary"
    assert (first.inputs["refreshableMode"], first.inputs["autoRefreshFrequencyInSeconds"]) == (
        "AUTOMATIC",
        3600,
    )
    assert [each.inputs["dbName"] for each in (first, second)] == ["GenAiR1", "GenAiR2"]
    labels = {each.inputs["privateEndpointLabel"] for each in (first, second)}
    assert labels == {"genair1", "genair2"}, "two endpoints of one label cannot be told apart in DNS"


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("secretId", "a clone inherits ADMIN's password"),
        ("adminPassword", "a clone inherits ADMIN's password"),
        ("backupRetentionPeriodInDays", "a clone can't be backed up"),
        ("dataStorageSizeInTbs", "a clone has its source's storage"),
        ("kmsKeyId", "a clone has its source's key"),
    ],
)
def test_a_replica_has_no_input_that_a_clone_refuses(field: str, reason: str):
    replica = oracle(replicas=1, kms_key_id="k", vault_id="v", backup_days=7).of_type(DATABASE)[1]
    assert field not in replica.inputs, reason


def test_a_protected_database_is_kept_with_its_replicas():
    databases = oracle(protect=True, replicas=1).of_type(DATABASE)
    assert len(databases) == 2
    for each in databases:
        assert (each.protect, each.retain_on_delete) == (True, True)


def test_creation_may_take_longer_than_the_engine_would_wait():
    assert oracle().one(DATABASE).custom_timeouts.create == "2h"


def test_connection_details_are_secret_and_contain_no_password():
    seen = run(_exporting, outputs=computed)
    assert seen.exports["connection"] == {
        "host": "oracle-primary.adb.example",
        "port": "1521",
        "user": "ADMIN",
        "passwordSecretId": "ocid1.vaultsecret",
        "services": json.dumps({"HIGH": "oracle-primary:1521/high"}),
    }
    assert seen.exports["secret"] == [True, True]


async def _exporting() -> None:
    import pulumi

    args = AutonomousDatabaseArgs(
        compartment_id="c",
        db_name="GenAi",
        password_secret_id="ocid1.vaultsecret",
        subnet_id="s",
        nsg_ids=["n"],
        replicas=1,
    )
    made = AutonomousDatabase("oracle", args, oci_options())
    secret = [await made.connection.is_secret(), await made.replica_connections.is_secret()]
    pulumi.export("connection", pulumi.Output.unsecret(made.connection))
    pulumi.export("secret", secret)


def test_a_first_preview_shows_the_database_and_its_replicas():
    seen = oracle(preview=True, replicas=2)
    assert len(seen.of_type(DATABASE)) == 3
    outputs = seen.named("oracle").outputs
    assert outputs is not None
    assert outputs["databaseId"] == UNKNOWN


def test_nothing_is_created_for_an_invalid_database():
    with pytest.raises(InvalidInput, match=r"oracle\.dbName: 'gen-ai'"):
        oracle(db_name="gen-ai")
    with pytest.raises(InvalidInput, match=r"oracle\.nsgIds"):
        oracle(nsg_ids=[])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"db_name": ""}, "o.dbName"),
        ({"db_name": "1genai"}, "o.dbName"),
        ({"db_name": "gen_ai"}, "o.dbName"),
        ({"db_name": "g" * 31}, "o.dbName"),
        ({"db_name": "g" * 29, "replicas": 2}, "o.dbName"),
        ({"ecpus": 1}, "o.ecpus"),
        ({"storage_tb": 0}, "o.storageTb"),
        ({"storage_tb": 385}, "o.storageTb"),
        ({"replicas": -1}, "o.replicas"),
        ({"refresh_seconds": 3599, "replicas": 1}, "o.refreshSeconds"),
        ({"refresh_seconds": 604_801, "replicas": 1}, "o.refreshSeconds"),
        ({"refresh_seconds": 3600}, "o.refreshSeconds"),
        ({"db_version": "21c"}, "o.dbVersion"),
        ({"workload": "OLAP"}, "o.workload"),
        ({"license_model": "FREE"}, "o.licenseModel"),
        ({"backup_days": 61}, "o.backupDays"),
        ({"kms_key_id": "k"}, "o.vaultId"),
        ({"vault_id": "v"}, "o.keyId"),
        ({"maintenance": window("SUN", "02:00", "04:00")}, "o.maintenance.day"),
        ({"maintenance": window("SUNDAY", "2:00", "04:00")}, "o.maintenance.start"),
        ({"maintenance": window("SUNDAY", "02:00", "24:00")}, "o.maintenance.end"),
        ({"maintenance": window("SUNDAY", "04:00", "04:00")}, "o.maintenance.end"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(changes: dict[str, Any], path: str):
    assert [problem.path for problem in problems_of(**changes)] == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"db_name": "g" * 30},
        {"db_name": "g" * 28, "replicas": 2},
        {"refresh_seconds": 604_800, "replicas": 1},
        {"ecpus": 2, "storage_tb": 384, "backup_days": 1},
        {"kms_key_id": "k", "vault_id": "v"},
    ],
)
def test_the_bounds_themselves_are_allowed(changes: dict[str, Any]):
    assert problems_of(**changes) == []
