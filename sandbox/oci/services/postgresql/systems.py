"""OCI Database with PostgreSQL: shapes, storage, passwords and backups."""

import hashlib
from typing import Any, Final

from facts.databases import (
    DAYS,
    POSTGRESQL_BACKUP_KINDS,
    POSTGRESQL_BACKUP_LAST_DAY,
    POSTGRESQL_IOPS,
    POSTGRESQL_PASSWORD,
    POSTGRESQL_PREFIX,
    POSTGRESQL_STORAGE,
    POSTGRESQL_VERSIONS,
    password_faults,
    postgresql_shape,
)
from facts.shapes import find_shape
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.provided import provide
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.rules.references import refers
from sandbox.oci.services.postgresql.nodes import instances
from sandbox.oci.services.vault.secrets import SECRET, refuse_missing_version, refuse_unfit_secret

SYSTEM: Final = "oci:Psql/dbSystem:DbSystem"

describe(SYSTEM, ocid="postgresqldbsystem")
refers(SYSTEM, secretId=(SECRET,))
describe("oci:Psql/backup:Backup", ocid="postgresqlbackup")
describe("oci:Psql/configuration:Configuration", ocid="postgresqlconfiguration")
DEFAULTS: Final = "oci:Psql/defaultConfiguration:DefaultConfiguration"
describe(DEFAULTS, ocid="postgresqldefaultconfiguration")


@rule(SYSTEM, on="create update")
def shape(call: Call) -> None:
    """400 for a shape that the service does not have, or one with too few OCPUs or too little memory."""
    name = str(call.inputs.get("shape"))
    fixed = name.endswith("GB")
    known = postgresql_shape(name.rsplit(".", 2)[0] if fixed else name)
    if known is None:
        raise invalid_parameter(
            f"Shape {name} is not supported. Use the listShapes API to get the supported shapes."
        )
    least = {"instanceOcpuCount": known.min_ocpus, "instanceMemorySizeInGbs": known.min_memory_gib}
    for field, low in least.items():
        value = number(call.inputs, field)
        if value is not None and value < low:
            raise invalid_parameter(f"{field} {value:g} is invalid for shape {name}: the minimum is {low}.")
    # A node is a machine of the compute shape. Its bounds are on Oracle's page "Compute Shapes".
    compute = find_shape(known.name.removeprefix(POSTGRESQL_PREFIX))
    most = {
        "instanceOcpuCount": compute.max_ocpus if compute else None,
        "instanceMemorySizeInGbs": compute.max_memory_gib if compute else None,
    }
    for field, high in most.items():
        value = number(call.inputs, field)
        if value is not None and high is not None and value > high:
            raise invalid_parameter(f"{field} {value:g} is invalid for shape {name}: the maximum is {high}.")


@rule(SYSTEM, on="create update")
def version_and_nodes(call: Call) -> None:
    """400 for a version that is not offered, or no nodes."""
    refusal = one_of("dbVersion", call.inputs.get("dbVersion"), POSTGRESQL_VERSIONS)
    if refusal:
        raise refusal
    nodes = number(call.inputs, "instanceCount")
    if nodes is not None and nodes < 1:
        raise invalid_parameter("instanceCount must be greater than or equal to 1.")
    details = blocks(call.inputs, "instancesDetails")
    if details and nodes is not None and len(details) != nodes:
        raise invalid_parameter("The size of instancesDetails must match instanceCount.")


@rule(SYSTEM, on="create update")
def storage(call: Call) -> None:
    """400 for regionally durable storage with an availability domain, other storage without one, or a wrong IOPS."""
    for each in blocks(call.inputs, "storageDetails"):
        refusal = one_of("systemType", each.get("systemType"), (POSTGRESQL_STORAGE,))
        if refusal:
            raise refusal
        domain = each.get("availabilityDomain")
        if each.get("isRegionallyDurable") and domain:
            raise invalid_parameter(
                "availabilityDomain should not be specified when isRegionallyDurable is true."
            )
        if not each.get("isRegionallyDurable") and not domain:
            raise invalid_parameter("availabilityDomain must be specified when isRegionallyDurable is false.")
        iops = number(each, "iops")
        if iops is not None and iops not in POSTGRESQL_IOPS:
            tiers = ", ".join(map(str, POSTGRESQL_IOPS))
            raise invalid_parameter(f"iops {iops:g} is not a supported performance tier: {tiers}.")


@rule(SYSTEM)
def has_credentials(call: Call) -> None:
    """400 for a system without an administrator, unless it is created from a backup."""
    sources = blocks(call.inputs, "source")
    if not blocks(call.inputs, "credentials") and all(
        each.get("sourceType") in (None, "", "NONE") for each in sources
    ):
        raise invalid_parameter("credentials are required to create a DB system without a source.")


@rule(SYSTEM, on="create update")
def password(call: Call) -> None:
    """400 unless the type's plain password or secret with version is given, in a form that PostgreSQL accepts."""
    for each in blocks(call.inputs, "credentials", "passwordDetails"):
        kind = str(each.get("passwordType")).upper()
        refusal = one_of("passwordType", kind, ("PLAIN_TEXT", "VAULT_SECRET"))
        if refusal:
            raise refusal
        wanted = ("secretId", "secretVersion") if kind == "VAULT_SECRET" else ("password",)
        for name in wanted:
            if not each.get(name):
                raise invalid_parameter(f"{name} is required when passwordType is {kind}.")
        if kind == "VAULT_SECRET":
            refuse_unfit_secret(call, str(each["secretId"]), POSTGRESQL_PASSWORD, "administrator password")
            refuse_missing_version(call, str(each["secretId"]), each["secretVersion"])
        else:
            for fault in password_faults(POSTGRESQL_PASSWORD, str(each["password"])):
                raise invalid_parameter(f"The administrator password {fault}.")


@rule(SYSTEM, on="create update")
def backups(call: Call) -> None:
    """400 for days that do not fit the kind of backup policy, or that some months do not have."""
    for policy in blocks(call.inputs, "managementPolicy", "backupPolicy"):
        kind = str(policy.get("kind") or "NONE").upper()
        refusal = one_of("kind", kind, POSTGRESQL_BACKUP_KINDS)
        if refusal:
            raise refusal
        _days(policy, kind)


def _days(policy: dict[str, Any], kind: str) -> None:
    weekly, monthly = texts(policy, "daysOfTheWeeks"), policy.get("daysOfTheMonths") or []
    if kind in ("DAILY", "WEEKLY", "MONTHLY") and not policy.get("backupStart"):
        raise invalid_parameter(f"backupStart is required for a {kind} backup policy.")
    if kind == "WEEKLY" and not weekly:
        raise invalid_parameter("daysOfTheWeek is required for a WEEKLY backup policy.")
    if kind == "MONTHLY" and not monthly:
        raise invalid_parameter("daysOfTheMonth is required for a MONTHLY backup policy.")
    for day in weekly:
        refusal = one_of("daysOfTheWeek", day, DAYS)
        if refusal:
            raise refusal
    for day in monthly:
        if not 1 <= float(day) <= POSTGRESQL_BACKUP_LAST_DAY:
            raise invalid_parameter(
                f"daysOfTheMonth {day} must be between 1 and {POSTGRESQL_BACKUP_LAST_DAY}."
            )


@computed(SYSTEM)
def system_outputs(context: CreateContext) -> dict[str, Any]:
    shape = str(context.inputs.get("shape"))
    credentials = context.inputs.get("credentials")
    return {
        # The service returns a shape with its prefix, even if it was given without.
        "shape": shape if shape.startswith("PostgreSQL.") else f"PostgreSQL.{shape}",
        "adminUsername": credentials.get("username", "") if isinstance(credentials, dict) else "",
        "systemRole": "PRIMARY_DB_SYSTEM",
        "configId": context.inputs.get("configId") or _default_configuration(context),
        "instances": instances(context),
    }


def _default_configuration(context: CreateContext) -> str:
    """The configuration of a system that names none: the service's own for its version and shape."""
    shape = str(context.inputs.get("shape")).removeprefix(POSTGRESQL_PREFIX)
    name = default_name(str(context.inputs.get("dbVersion")), shape)
    return provide(context.cloud, DEFAULTS, context.region, name)


def default_name(version: str, shape: str) -> str:
    """The name of the service's configuration for a version, and for a shape without its prefix."""
    return f"{shape}-{version}"


def nodes_of(system: Entry) -> list[str]:
    """The ids of a system's nodes. The first one is the primary."""
    return [str(each["id"]) for each in blocks(system.outputs, "instances")]


_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n"
"""It has the form of a certificate only."""


@function("oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail")
def connection_detail(query: Query) -> dict[str, Any]:
    """The endpoints of the primary, of the reader if there is one, and of each node."""
    system = query.cloud.require(query.args["dbSystemId"], SYSTEM, path="dbSystemId", region=query.region)
    unique = hashlib.blake2b(system.id.encode()).hexdigest()[:11]
    network = system.inputs.get("networkDetails") or {}

    def endpoint(host: str, place: int) -> dict[str, Any]:
        fqdn = f"{host}.{unique}.postgresql.{query.region}.oci.oraclecloud.com"
        return {"fqdn": fqdn, "ipAddress": f"10.0.4.{10 + place}", "port": 5432}

    return {
        "caCertificate": _CERTIFICATE,
        "primaryDbEndpoints": [endpoint("primary", 0)],
        "readerEndpoints": [endpoint("reader", 1)] if network.get("isReaderEndpointEnabled") else [],
        "instanceEndpoints": [
            {"dbInstanceId": name, "endpoints": [endpoint(f"node-{node}", 2 + node)]}
            for node, name in enumerate(nodes_of(system))
        ],
    }
