"""Oracle Database: an Autonomous Database behind a private endpoint, with read-only copies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import database

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .autonomous_rules import autonomous_database_problems
from .connection import connection
from .rules import endpoint_problems

_SLOW = pulumi.CustomTimeouts(create="2h", update="2h", delete="1h")
HOURLY = 3_600


@dataclass(frozen=True, kw_only=True)
class DatabaseMaintenanceArgs:
    """When Oracle may patch an Autonomous Database."""

    day: str
    """Day of the week: `MONDAY` … `SUNDAY`."""

    start: str
    """Time of day in UTC, `HH:MM`."""

    end: str
    """Time of day in UTC, `HH:MM`, after `start`."""


@dataclass(frozen=True, kw_only=True)
class AutonomousDatabaseArgs:
    """Arguments of an AutonomousDatabase."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the database and its replicas."""

    db_name: str
    """Name of the database, unique in the tenancy: a letter, then letters and digits, 30 at most. Replicas add
    `R1`, `R2`…"""

    password_secret_id: pulumi.Input[str]
    """OCID of the vault secret with ADMIN's password: 12 to 30 characters with an upper-case letter, a lower-case
    letter and a digit, without `"` and `admin`. Replicas inherit it."""

    password_secret_version: int | None = None
    """Version of the secret, 1 or more. A change of the version changes the password. Default: the current version when
    the database is created."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the private endpoints. The database has no public endpoint."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the network security groups of the private endpoints, at least one."""

    ecpus: int | None = None
    """ECPUs of the database and of each replica, 2 or more. Default: 2."""

    storage_tb: int | None = None
    """Storage in TB, 1 to 384. Replicas have the same size. Default: 1."""

    autoscaling: bool | None = None
    """Whether the database may use up to three times its ECPUs, billed by use. Default: no."""

    replicas: int | None = None
    """Number of read-only refreshable clones, whose data may be up to an hour old. They have no backups of their own.
    Default: none."""

    refresh_seconds: int | None = None
    """Seconds between two refreshes of a replica, 3,600 to 604,800. Default: 3,600, the shortest interval."""

    db_version: str | None = None
    """`19c`, `23ai` or `26ai`. Default: 26ai."""

    workload: str | None = None
    """`OLTP`, `DW`, `AJD`, `APEX` or `LH`. Default: OLTP."""

    license_model: str | None = None
    """`LICENSE_INCLUDED` or `BRING_YOUR_OWN_LICENSE`. Default: LICENSE_INCLUDED."""

    backup_days: int | None = None
    """Days for which automatic backups are kept, 1 to 60. Default: 60."""

    maintenance: DatabaseMaintenanceArgs | None = None
    """When Oracle may apply patches. OCI accepts it only at creation. Default: Oracle chooses."""

    require_mtls: bool | None = None
    """Whether clients need a wallet (port 1522). Default: no. On a private endpoint, TLS alone is enough (port
    1521)."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts the database. It requires `vault_id`, and the database's own principal must
    have permission to use the key. Default: Oracle's key."""

    vault_id: pulumi.Input[str] | None = None
    """OCID of the key's vault."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the database and its replicas, and keeps them when the stack is destroyed.
    Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class AutonomousDatabase(CheckedArgs, pulumi.ComponentResource):
    """An Autonomous Database (serverless, ECPU) with a private endpoint and refreshable clones to read from.

    Oracle has no read replicas of an Autonomous Database in the same region. A refreshable clone is the closest
    substitute: it is read-only, its data is at most an hour old with automatic refresh, it inherits ADMIN's password
    and cannot be backed up.
    """

    database_id: pulumi.Output[str]
    """OCID of the database."""

    replica_ids: pulumi.Output[Sequence[str]]
    """OCIDs of the replicas."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `host`, `port`, `user`, `passwordSecretId`, and `services` as JSON (connection strings by level)."""

    replica_connections: pulumi.Output[Sequence[Mapping[str, str]]]
    """Secret: the same values for each replica."""

    def __init__(
        self, name: str, args: AutonomousDatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the Autonomous Database {name}")
        super().__init__("genai:index:AutonomousDatabase", name, {}, opts)

        slow = pulumi.ResourceOptions(custom_timeouts=_SLOW)
        primary = database.AutonomousDatabase(
            f"{name}-primary", _primary(name, args), opts=stateful(self, args.protect, slow)
        )
        replicas = [
            database.AutonomousDatabase(
                f"{name}-replica-{number}",
                _replica(f"{name}-replica-{number}", number, primary.id, args),
                opts=stateful(self, args.protect, slow),
            )
            for number in range(1, (args.replicas or 0) + 1)
        ]

        self.database_id = primary.id
        self.replica_ids = pulumi.Output.all(*[each.id for each in replicas])
        self.connection = _connection(primary, args)
        self.replica_connections = pulumi.Output.secret(
            pulumi.Output.all(*[_connection(each, args) for each in replicas])
        )
        self.register_outputs(
            {
                "databaseId": self.database_id,
                "replicaIds": self.replica_ids,
                "connection": self.connection,
                "replicaConnections": self.replica_connections,
            }
        )


def _primary(name: str, args: AutonomousDatabaseArgs) -> "database.AutonomousDatabaseArgs":
    return database.AutonomousDatabaseArgs(
        compartment_id=args.compartment_id,
        display_name=name,
        db_name=args.db_name,
        db_version=args.db_version or "26ai",
        db_workload=args.workload or "OLTP",
        license_model=args.license_model or "LICENSE_INCLUDED",
        compute_model="ECPU",
        compute_count=args.ecpus or 2,
        data_storage_size_in_tbs=args.storage_tb or 1,
        is_auto_scaling_enabled=bool(args.autoscaling),
        backup_retention_period_in_days=args.backup_days or 60,
        autonomous_database_maintenance_window=_window(args.maintenance),
        secret_id=args.password_secret_id,
        secret_version_number=args.password_secret_version,
        kms_key_id=args.kms_key_id,
        vault_id=args.vault_id,
        subnet_id=args.subnet_id,
        nsg_ids=args.nsg_ids,
        private_endpoint_label=args.db_name.lower(),
        is_mtls_connection_required=bool(args.require_mtls),
        freeform_tags=args.tags,
    )


def _replica(
    name: str, number: int, source_id: pulumi.Output[str], args: AutonomousDatabaseArgs
) -> "database.AutonomousDatabaseArgs":
    db_name = f"{args.db_name}R{number}"
    return database.AutonomousDatabaseArgs(
        compartment_id=args.compartment_id,
        display_name=name,
        db_name=db_name,
        source="CLONE_TO_REFRESHABLE",
        source_id=source_id,
        is_refreshable_clone=True,
        refreshable_mode="AUTOMATIC",
        auto_refresh_frequency_in_seconds=args.refresh_seconds or HOURLY,
        auto_refresh_point_lag_in_seconds=0,
        license_model=args.license_model or "LICENSE_INCLUDED",
        compute_model="ECPU",
        compute_count=args.ecpus or 2,
        is_auto_scaling_enabled=bool(args.autoscaling),
        subnet_id=args.subnet_id,
        nsg_ids=args.nsg_ids,
        private_endpoint_label=db_name.lower(),
        is_mtls_connection_required=bool(args.require_mtls),
        freeform_tags=args.tags,
    )


def _connection(
    made: "database.AutonomousDatabase", args: AutonomousDatabaseArgs
) -> pulumi.Output[Mapping[str, str]]:
    services = made.connection_strings.apply(
        lambda found: dict(found[0].all_connection_strings or {}) if found else {}
    )
    return connection(
        host=made.private_endpoint,
        port="1522" if args.require_mtls else "1521",
        user="ADMIN",
        passwordSecretId=args.password_secret_id,
        services=pulumi.Output.json_dumps(services, sort_keys=True),
    )


def _window(
    wanted: DatabaseMaintenanceArgs | None,
) -> "database.AutonomousDatabaseAutonomousDatabaseMaintenanceWindowArgs | None":
    if wanted is None:
        return None
    return database.AutonomousDatabaseAutonomousDatabaseMaintenanceWindowArgs(
        day_of_week=database.AutonomousDatabaseAutonomousDatabaseMaintenanceWindowDayOfWeekArgs(
            name=wanted.day
        ),
        maintenance_start_time=wanted.start,
        maintenance_end_time=wanted.end,
    )


def _problems(args: AutonomousDatabaseArgs, path: str) -> Iterator[Problem]:
    yield from endpoint_problems(args.nsg_ids, path=path)
    yield from autonomous_database_problems(args, has_key=args.kms_key_id is not None, path=path)
