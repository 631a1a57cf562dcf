"""Autonomous Database: names, passwords, compute, keys, and the limits of refreshable clones."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from facts.databases import (
    AUTONOMOUS_BACKUP_DAYS,
    AUTONOMOUS_ECPUS_LEAST,
    AUTONOMOUS_NAME,
    AUTONOMOUS_PASSWORD,
    AUTONOMOUS_STORAGE_TB,
    AUTONOMOUS_WORKLOADS,
    DAYS,
    REFRESH_LAG_SECONDS,
    REFRESH_SECONDS,
    password_faults,
)
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, time_of
from sandbox.oci.rules.references import refers
from sandbox.oci.services.vault.secrets import SECRET, refuse_missing_version, refuse_unfit_secret

DATABASE: Final = "oci:Database/autonomousDatabase:AutonomousDatabase"
BACKUP: Final = "oci:Database/autonomousDatabaseBackup:AutonomousDatabaseBackup"

describe("oci:Database", ready="AVAILABLE")
refers(
    DATABASE,
    secretId=(SECRET,),
    sourceId=(DATABASE,),
    peerDbId=(DATABASE,),
    resourcePoolLeaderId=(DATABASE,),
    localAdgResourcePoolLeaderId=(DATABASE,),
)

CLONE: Final = "CLONE_TO_REFRESHABLE"

_NEEDS_PASSWORD: Final = ("", "NONE", "DATABASE", "BACKUP_FROM_ID", "BACKUP_FROM_TIMESTAMP")


def is_standby(inputs: dict[str, object]) -> bool:
    """Whether a database was created as the standby of a database in another region."""
    return inputs.get("source") == "CROSS_REGION_DATAGUARD"


def is_clone(inputs: dict[str, object]) -> bool:
    """Whether a database was created as a refreshable clone and still is one."""
    return inputs.get("source") == CLONE and inputs.get("isRefreshableClone") is not False


@rule(DATABASE)
def database_name(call: Call) -> None:
    """400 unless the name has at most 30 letters and digits, begins with a letter, and is unique in the tenancy."""
    name = str(call.inputs.get("dbName"))
    if not re.fullmatch(AUTONOMOUS_NAME, name):
        raise invalid_parameter(
            f"The database name {name} is invalid. The name must begin with an alphabetic character and can contain "
            "a maximum of 30 alphanumeric characters."
        )
    for other in call.cloud.all(DATABASE):
        if str(other.inputs.get("dbName")).upper() == name.upper():
            raise invalid_parameter(
                f"A database named {name} already exists. Specify a unique database name."
            )


@rule(DATABASE, on="create update")
def administrator_password(call: Call) -> None:
    """400 unless there is one valid password or one secret with it. A clone inherits its password and has neither."""
    password, secret = call.inputs.get("adminPassword"), call.inputs.get("secretId")
    if is_clone(call.inputs):
        if password or secret:
            raise invalid_parameter(
                "adminPassword and secretId cannot be specified for a refreshable clone: the ADMIN password is "
                "inherited from the source database."
            )
        return
    if password and secret:
        raise invalid_parameter("secretId cannot be used in conjunction with adminPassword.")
    kept = call.old.inputs.get("adminPassword") if call.old else None
    needed = str(call.inputs.get("source") or "") in _NEEDS_PASSWORD
    if not password and not secret and not kept and needed:
        raise invalid_parameter(
            "The adminPassword or the secretId is required to create an Autonomous Database."
        )
    for fault in password_faults(AUTONOMOUS_PASSWORD, str(password)) if password else ():
        raise invalid_parameter(f"The Admin password {fault}.")
    if secret:
        refuse_unfit_secret(call, str(secret), AUTONOMOUS_PASSWORD, "Admin password")
        refuse_missing_version(call, str(secret), call.inputs.get("secretVersionNumber"))


@rule(DATABASE, on="create update")
def compute(call: Call) -> None:
    """400 for both ways to give the size, fewer than two ECPUs, or an invalid workload, storage or retention."""
    model, count = call.inputs.get("computeModel"), number(call.inputs, "computeCount")
    if number(call.inputs, "cpuCoreCount") is not None and (model or count is not None):
        raise invalid_parameter("cpuCoreCount cannot be specified along with computeModel and computeCount.")
    if count is not None and not model:
        raise invalid_parameter("computeModel is required when computeCount is specified.")
    pooled = bool(call.inputs.get("resourcePoolLeaderId"))
    if model == "ECPU" and count is not None and count < AUTONOMOUS_ECPUS_LEAST and not pooled:
        raise invalid_parameter(
            f"computeCount {count:g} is invalid: the minimum value for the ECPU compute model is "
            f"{AUTONOMOUS_ECPUS_LEAST}."
        )
    refusal = one_of("computeModel", model, ("ECPU", "OCPU"))
    refusal = refusal or one_of("dbWorkload", call.inputs.get("dbWorkload"), AUTONOMOUS_WORKLOADS)
    if refusal:
        raise refusal
    _within(call, "dataStorageSizeInTbs", AUTONOMOUS_STORAGE_TB)
    _within(call, "backupRetentionPeriodInDays", AUTONOMOUS_BACKUP_DAYS)


def _within(call: Call, name: str, bounds: tuple[int, int]) -> None:
    value, (low, high) = number(call.inputs, name), bounds
    if value is not None and not low <= value <= high:
        raise invalid_parameter(f"{name} {value:g} is invalid: it must be between {low} and {high}.")


@rule(DATABASE, on="create update")
def encryption_key(call: Call) -> None:
    """400 for a key without its vault. With refreshable clones a key needs the ECPU model."""
    key, vault = call.inputs.get("kmsKeyId"), call.inputs.get("vaultId")
    if bool(key) != bool(vault):
        raise invalid_parameter("kmsKeyId and vaultId are both required for customer managed keys.")
    cloned = is_clone(call.inputs) or (call.old is not None and bool(_clones(call, call.old.id)))
    if key and cloned and call.inputs.get("computeModel") != "ECPU":
        raise invalid_parameter(
            "Customer managed encryption keys with refreshable clones are supported for the ECPU compute model only."
        )


@rule(DATABASE, on="create update")
def private_endpoint(call: Call) -> None:
    """400 for security groups or an endpoint label without a subnet, which makes the endpoint private."""
    if call.inputs.get("subnetId"):
        return
    for name in ("nsgIds", "privateEndpointLabel"):
        if call.inputs.get(name):
            raise invalid_parameter(f"{name} requires a subnetId: it applies to private endpoints only.")


@rule(DATABASE)
def maintenance_window(call: Call) -> None:
    """400 for an unknown day of the week, or an end before the start."""
    for window in blocks(call.inputs, "autonomousDatabaseMaintenanceWindow"):
        for day in blocks(window, "dayOfWeek"):
            refusal = one_of("dayOfWeek", day.get("name"), DAYS)
            if refusal:
                raise refusal
        start, end = window.get("maintenanceStartTime"), window.get("maintenanceEndTime")
        if start and end and str(end) <= str(start):
            raise invalid_parameter(f"maintenanceEndTime {end} must be after maintenanceStartTime {start}.")


@rule(DATABASE, on="update")
def maintenance_window_stays(call: Call) -> None:
    """400 for a changed window, which is chosen at creation."""
    name = "autonomousDatabaseMaintenanceWindow"
    before = call.old.inputs.get(name) if call.old else None
    if call.inputs.get(name) and call.inputs.get(name) != before:
        raise invalid_parameter(
            "To change the maintenance window of an existing Autonomous Database Serverless instance, clone the "
            "database and specify the maintenance window for the new cloned instance."
        )


@rule(DATABASE, on="create update")
def refreshable_clone(call: Call) -> None:
    """400 for a clone with backups, of a clone or of a free database, or with an invalid automatic refresh."""
    if not is_clone(call.inputs):
        return
    source = _source(call)
    if call.inputs.get("backupRetentionPeriodInDays"):
        raise invalid_parameter(
            "backupRetentionPeriodInDays cannot be specified: a refreshable clone has no backups."
        )
    if source is not None:
        if is_clone(source.inputs):
            raise invalid_parameter("A refreshable clone cannot be created from another refreshable clone.")
        if source.inputs.get("isFreeTier"):
            raise invalid_parameter("Always Free Autonomous Databases do not support refreshable clones.")
        automatic = call.inputs.get("refreshableMode") == "AUTOMATIC"
        model = source.inputs.get("computeModel")
        if automatic and model not in (None, "ECPU"):
            raise invalid_parameter("Automatic refresh requires that the source uses the ECPU compute model.")
    _within(call, "autoRefreshFrequencyInSeconds", REFRESH_SECONDS)
    _within(call, "autoRefreshPointLagInSeconds", REFRESH_LAG_SECONDS)


@rule(BACKUP)
def backup_of_a_clone(call: Call) -> None:
    """400 for the backup of a refreshable clone."""
    found = call.cloud.find(str(call.inputs.get("autonomousDatabaseId")))
    if found is not None and is_clone(found.inputs):
        raise invalid_parameter("Backups are not supported for a refreshable clone.")


def _source(call: Call) -> Entry | None:
    source = call.inputs.get("sourceId")
    if not source:
        raise invalid_parameter("sourceId is required when source is CLONE_TO_REFRESHABLE.")
    return call.cloud.find(str(source))


def _clones(call: Call, source: str) -> list[Entry]:
    return [
        each
        for each in call.cloud.all(DATABASE)
        if is_clone(each.inputs) and each.inputs.get("sourceId") == source
    ]


@rule(DATABASE)
def clone_of_the_past(call: Call) -> None:
    """400 for a clone of a time that is not in the past."""
    text = str(call.inputs.get("timestamp") or "")
    due = time_of(text)
    if text and (due is None or due > datetime.now(UTC)):
        raise invalid_parameter(f"timestamp {text} must be in the past.")


_LEVELS = ("HIGH", "MEDIUM", "LOW", "TP", "TPURGENT")


@computed(DATABASE)
def database_outputs(context: CreateContext) -> dict[str, Any]:
    inputs, name = context.inputs, str(context.inputs.get("dbName")).lower()
    private = bool(inputs.get("subnetId"))
    label = str(inputs.get("privateEndpointLabel") or context.unique)
    host = (
        f"{label}.adb.{context.region}.oraclecloud.com"
        if private
        else f"adb.{context.region}.oraclecloud.com"
    )
    port = 1522 if inputs.get("isMtlsConnectionRequired") or not private else 1521
    strings = {
        level: f"{host}:{port}/{context.unique}_{name}_{level.lower()}.adb.oraclecloud.com"
        for level in _LEVELS
    }
    return {
        "privateEndpoint": host if private else "",
        "publicEndpoint": "" if private else host,
        "role": (context.old or {}).get("role") or ("STANDBY" if is_standby(inputs) else "PRIMARY"),
        "dataSafeStatus": inputs.get("dataSafeStatus") or "NOT_REGISTERED",
        "databaseManagementStatus": inputs.get("databaseManagementStatus") or "NOT_ENABLED",
        "operationsInsightsStatus": inputs.get("operationsInsightsStatus") or "NOT_ENABLED",
        "openMode": "READ_ONLY" if is_clone(inputs) else "READ_WRITE",
        "connectionStrings": [
            {
                "allConnectionStrings": strings,
                "high": strings["HIGH"],
                "medium": strings["MEDIUM"],
                "low": strings["LOW"],
                "dedicated": "",
                "profiles": [],
            }
        ],
    }
