"""OCI Database with PostgreSQL: a primary, its replicas, and backups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import psql

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.databases import POSTGRESQL_IOPS, POSTGRESQL_PREFIX, POSTGRESQL_SHAPES, POSTGRESQL_STORAGE
from facts.problem import Problem, refuse

from .connection import connection
from .postgresql_rules import postgresql_problems
from .rules import endpoint_problems

_SLOW = pulumi.CustomTimeouts(create="1h", update="2h", delete="1h")
USERNAME = "playground"


@dataclass(frozen=True, kw_only=True)
class PostgresqlBackupArgs:
    """Automatic backups."""

    kind: str
    """`DAILY`, `WEEKLY`, `MONTHLY` or `NONE`."""

    start: str | None = None
    """Time of day in UTC, `HH:MM`. Default: 02:00."""

    retention_days: int | None = None
    """Days for which backups are kept, 1 or more. Default: 30."""

    days_of_week: Sequence[str] | None = None
    """With `WEEKLY`: `MONDAY` … `SUNDAY`."""

    days_of_month: Sequence[int] | None = None
    """With `MONTHLY`: days from 1 to 28."""

    copy_region: str | None = None
    """Another region to which every backup is copied. Default: none."""


@dataclass(frozen=True, kw_only=True)
class PostgresqlMaintenanceArgs:
    """When the service may patch the nodes."""

    day: str
    """Day of the week: `MONDAY` … `SUNDAY`."""

    start: str
    """Time of day in UTC, `HH:MM`."""


@dataclass(frozen=True, kw_only=True)
class PostgresqlDatabaseArgs:
    """Arguments of a PostgresqlDatabase."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the database system and its backups."""

    password_secret_id: pulumi.Input[str]
    """OCID of the vault secret with the administrator's password."""

    password_secret_version: pulumi.Input[str] | None = None
    """Version of the secret, 1 or more. A change of the version changes the password. Default: 1."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the endpoints. A change replaces the system."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the network security groups of the endpoints, at least one."""

    username: str | None = None
    """Name of the administrator. A change replaces the system. Default: playground."""

    db_version: str | None = None
    """Major version, 14 to 17. A change replaces the system. Default: 17."""

    shape: str | None = None
    """`PostgreSQL.VM.Standard.E5.Flex`, `….E6.Flex` or `PostgreSQL.VM.Standard3.Flex`. Default: E5."""

    nodes: int | None = None
    """Nodes: one primary, and replicas for reading and failover. The most nodes that the service allows are not
    documented. Default: 1."""

    ocpus: int | None = None
    """OCPUs per node: 1 or more, for Standard3 2 or more. Default: 2."""

    memory_gib: int | None = None
    """Memory per node in GiB: 16 or more, for Standard3 32 or more. Default: 32."""

    iops: int | None = None
    """Performance tier of the storage: 75000, 150000, 225000 or 300000 operations per second. Default: 75000."""

    regionally_durable: bool | None = None
    """Whether the storage spans the region's availability domains. A change replaces the system. Default: yes."""

    availability_domain: pulumi.Input[str] | None = None
    """Name of the availability domain of storage that is not regionally durable. Required for such storage, otherwise
    not allowed."""

    backup: PostgresqlBackupArgs | None = None
    """Automatic backups. Default: daily at 02:00 UTC, kept 30 days."""

    maintenance: PostgresqlMaintenanceArgs | None = None
    """When the service may patch nodes. Default: the service chooses."""

    kms_key_id: pulumi.Input[str] | None = None
    """OCID of the vault key that encrypts the storage. It is not known whether a change replaces the system.
    Default: Oracle's key."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the system, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class PostgresqlDatabase(CheckedArgs, pulumi.ComponentResource):
    """A PostgreSQL database system with a private endpoint of the primary and, with replicas, a private reader
    endpoint."""

    system_id: pulumi.Output[str]
    """OCID of the database system."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `host`, `readerHost` (empty without replicas), `port`, `user`, `passwordSecretId` and
    `caCertificate`. Clients must use TLS."""

    def __init__(
        self, name: str, args: PostgresqlDatabaseArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(_problems(args, name), f"the PostgreSQL database {name}")
        super().__init__("genai:index:PostgresqlDatabase", name, {}, opts)

        system = psql.DbSystem(
            f"{name}-system",
            _system(name, args),
            opts=stateful(self, args.protect, pulumi.ResourceOptions(custom_timeouts=_SLOW)),
        )

        self.system_id = system.id
        self.connection = self._connection(system, args)
        self.register_outputs({"systemId": self.system_id, "connection": self.connection})

    def _connection(
        self, system: "psql.DbSystem", args: PostgresqlDatabaseArgs
    ) -> pulumi.Output[Mapping[str, str]]:
        # The names and the certificate come from a look-up: the system itself only has its addresses.
        found = psql.get_db_system_connection_detail_output(
            db_system_id=system.id, opts=pulumi.InvokeOutputOptions(parent=self)
        )
        return connection(
            host=found.primary_db_endpoints.apply(lambda ends: ends[0].fqdn),
            readerHost=found.reader_endpoints.apply(lambda ends: ends[0].fqdn if ends else ""),
            port=found.primary_db_endpoints.apply(lambda ends: str(ends[0].port)),
            user=args.username or USERNAME,
            passwordSecretId=args.password_secret_id,
            caCertificate=found.ca_certificate,
        )


def _system(name: str, args: PostgresqlDatabaseArgs) -> "psql.DbSystemArgs":
    nodes = args.nodes or 1
    shape = args.shape or next(iter(POSTGRESQL_SHAPES))
    password = psql.DbSystemCredentialsPasswordDetailsArgs(
        password_type="VAULT_SECRET",  # noqa: S106 - says where the password is, and is none
        secret_id=args.password_secret_id,
        secret_version=args.password_secret_version or "1",
    )
    return psql.DbSystemArgs(
        compartment_id=args.compartment_id,
        display_name=name,
        db_version=args.db_version or "17",
        # The service returns the shape with the prefix. Without it, every preview would show a change.
        shape=POSTGRESQL_PREFIX + shape.removeprefix(POSTGRESQL_PREFIX),
        system_type=POSTGRESQL_STORAGE,
        instance_count=nodes,
        instance_ocpu_count=args.ocpus or 2,
        instance_memory_size_in_gbs=args.memory_gib or 32,
        credentials=psql.DbSystemCredentialsArgs(
            username=args.username or USERNAME, password_details=password
        ),
        network_details=psql.DbSystemNetworkDetailsArgs(
            subnet_id=args.subnet_id, nsg_ids=args.nsg_ids, is_reader_endpoint_enabled=nodes > 1
        ),
        storage_details=psql.DbSystemStorageDetailsArgs(
            system_type=POSTGRESQL_STORAGE,
            is_regionally_durable=args.regionally_durable is not False,
            availability_domain=args.availability_domain,
            iops=str(args.iops or POSTGRESQL_IOPS[0]),
            kms_key_id=args.kms_key_id,
        ),
        management_policy=_policy(args),
        freeform_tags=args.tags,
    )


def _policy(args: PostgresqlDatabaseArgs) -> "psql.DbSystemManagementPolicyArgs":
    window = args.maintenance
    return psql.DbSystemManagementPolicyArgs(
        maintenance_window_start=f"{window.day[:3]} {window.start}:00Z" if window else None,
        backup_policy=_backup(args.backup or PostgresqlBackupArgs(kind="DAILY"), args.compartment_id),
    )


def _backup(
    wanted: PostgresqlBackupArgs, compartment_id: pulumi.Input[str]
) -> "psql.DbSystemManagementPolicyBackupPolicyArgs":
    if wanted.kind == "NONE":
        return psql.DbSystemManagementPolicyBackupPolicyArgs(kind="NONE")
    copy = None
    if wanted.copy_region is not None:
        copy = psql.DbSystemManagementPolicyBackupPolicyCopyPolicyArgs(
            compartment_id=compartment_id, regions=[wanted.copy_region]
        )
    return psql.DbSystemManagementPolicyBackupPolicyArgs(
        kind=wanted.kind,
        backup_start=wanted.start or "02:00",
        retention_days=wanted.retention_days or 30,
        days_of_the_weeks=wanted.days_of_week or None,
        days_of_the_months=wanted.days_of_month or None,
        copy_policy=copy,
    )


def _problems(args: PostgresqlDatabaseArgs, path: str) -> Iterator[Problem]:
    yield from endpoint_problems(args.nsg_ids, path=path)
    yield from postgresql_problems(args, path=path)
