"""What Autonomous Database refuses: databases and their refreshable clones."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service
from tests.sandbox.oci.driver import Driver
from tests.sandbox.oci.minimal import create_minimal

ORACLE = "oci:Database/autonomousDatabase:AutonomousDatabase"
ORACLE_BACKUP = "oci:Database/autonomousDatabaseBackup:AutonomousDatabaseBackup"
VAULT = "ocid1.vault.oc1.iad.aaaavault"
KEY = "ocid1.key.oc1.iad.aaaakey"
OTHER_SECRET = "ocid1.vaultsecret.oc1.iad.aaaasecret"
STRONG = "Correct-Horse-7-Staple"


def oracle(service: Service, **changes: Any) -> Entry:
    inputs = {"dbName": "genai", "adminPassword": STRONG, "computeModel": "ECPU", "computeCount": 4} | changes
    return service.create(ORACLE, **{name: value for name, value in inputs.items() if value is not None})


def clone(service: Service, source: Entry, **changes: Any) -> Entry:
    inputs = {
        "dbName": "genaiR1",
        "adminPassword": None,
        "source": "CLONE_TO_REFRESHABLE",
        "sourceId": source.id,
        "isRefreshableClone": True,
        "refreshableMode": "AUTOMATIC",
        "autoRefreshFrequencyInSeconds": 3600,
    }
    return oracle(service, **(inputs | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dbName": "gen-ai"}, "The database name gen-ai is invalid"),
        ({"dbName": "g" * 31}, "maximum of 30 alphanumeric characters"),
        ({"adminPassword": None}, "The adminPassword or the secretId is required"),
        ({"secretId": OTHER_SECRET}, "secretId cannot be used in conjunction with adminPassword"),
        ({"adminPassword": "Short-7"}, "The Admin password must be between 12 and 30 characters long"),
        ({"adminPassword": "correct-horse-7"}, "must contain at least 1 uppercase character"),
        ({"adminPassword": 'Correct"Horse-7'}, "must not contain '\"'"),
        ({"adminPassword": "Correct-Admin-7"}, "must not contain 'admin'"),
        ({"computeCount": 1}, "the minimum value for the ECPU compute model is 2"),
        ({"computeModel": None}, "computeModel is required when computeCount is specified"),
        ({"cpuCoreCount": 1}, "cpuCoreCount cannot be specified along with"),
        ({"computeModel": "VCPU"}, "computeModel must be one of ECPU, OCPU"),
        ({"dbWorkload": "OLAP"}, "dbWorkload must be one of"),
        ({"dataStorageSizeInTbs": 385}, "it must be between 1 and 384"),
        ({"backupRetentionPeriodInDays": 61}, "it must be between 1 and 60"),
        ({"kmsKeyId": KEY}, "kmsKeyId and vaultId are both required"),
        ({"privateEndpointLabel": "genai"}, "privateEndpointLabel requires a subnetId"),
        (
            {
                "autonomousDatabaseMaintenanceWindow": {
                    "dayOfWeek": {"name": "SUNDAY"},
                    "maintenanceStartTime": "04:00",
                    "maintenanceEndTime": "02:00",
                }
            },
            "maintenanceEndTime 02:00 must be after",
        ),
    ],
)
def test_a_wrong_autonomous_database_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, oracle, service, **changes)


def test_a_database_name_is_unique_in_any_case(service: Service, refused: Refused) -> None:
    oracle(service)
    refused(400, "InvalidParameter", "A database named GENAI already exists", oracle, service, dbName="GENAI")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"adminPassword": STRONG}, "the ADMIN password is inherited from the source"),
        ({"secretId": OTHER_SECRET}, "the ADMIN password is inherited from the source"),
        ({"backupRetentionPeriodInDays": 7}, "a refreshable clone has no backups"),
        ({"autoRefreshFrequencyInSeconds": 600}, "it must be between 3600 and 604800"),
        ({"autoRefreshPointLagInSeconds": 604_801}, "it must be between 0 and 604800"),
        ({"sourceId": None}, "sourceId is required"),
        (
            {"kmsKeyId": KEY, "vaultId": VAULT, "computeModel": "OCPU"},
            "supported for the ECPU compute model only",
        ),
    ],
)
def test_a_refreshable_clone_with_unsupported_inputs_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    source = oracle(service)
    refused(400, "InvalidParameter", message, clone, service, source, **changes)


def test_a_clone_has_no_clones_no_backups_and_no_key_on_ocpus(service: Service, refused: Refused) -> None:
    source = oracle(service, computeModel="OCPU", computeCount=1)
    refused(400, "InvalidParameter", "the ECPU compute model", clone, service, source)
    first = clone(service, source, refreshableMode="MANUAL")
    refused(400, "InvalidParameter", "from another refreshable clone", clone, service, first, dbName="x")
    message = "Backups are not supported for a refreshable clone"
    inputs = {"autonomousDatabaseId": first.id, "displayName": "backup"}
    refused(400, "InvalidParameter", message, service.create, ORACLE_BACKUP, **inputs)
    key = {"kmsKeyId": KEY, "vaultId": VAULT}
    refused(400, "InvalidParameter", "for the ECPU compute model only", service.update, source, **key)


def test_a_maintenance_window_cannot_be_moved_later(service: Service, refused: Refused) -> None:
    window = {"dayOfWeek": {"name": "SUNDAY"}, "maintenanceStartTime": "02:00", "maintenanceEndTime": "04:00"}
    made = oracle(service, autonomousDatabaseMaintenanceWindow=window)
    service.update(made, computeCount=8)
    moved = window | {"dayOfWeek": {"name": "MONDAY"}}
    message = "To change the maintenance window of an existing"
    refused(400, "InvalidParameter", message, service.update, made, autonomousDatabaseMaintenanceWindow=moved)


def test_a_private_database_has_an_endpoint_with_its_label(driver: Driver) -> None:
    subnet = driver.subnet(driver.vcn()).id
    outputs = create_minimal(
        driver, ORACLE, dbName="genai", subnetId=subnet, privateEndpointLabel="genai"
    ).outputs
    assert outputs["privateEndpoint"] == "genai.adb.us-ashburn-1.oraclecloud.com"
    high = outputs["connectionStrings"][0]["allConnectionStrings"]["HIGH"]
    assert high.startswith("genai.adb.us-ashburn-1.oraclecloud.com:1521/"), "TLS without a wallet is on 1521"


def test_a_database_without_a_subnet_has_no_private_endpoint(driver: Driver) -> None:
    assert create_minimal(driver, ORACLE).outputs["privateEndpoint"] == ""
