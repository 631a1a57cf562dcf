"""The databases. A database is created if its key is set."""

from typing import Any, Literal

from pydantic import Field

from infra.settings.base import Name, Secret, Section

Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


class OracleMaintenance(Section):
    """The time in which Oracle may patch the database."""

    day: Day
    """Day of the week."""

    start: str
    """Time of day in UTC, `HH:MM`."""

    end: str
    """Time of day in UTC, `HH:MM`."""


class Oracle(Section):
    """An Autonomous Database with read-only refreshable clones."""

    db_name: str
    """Name of the database, unique in the tenancy: a letter, then letters and digits, 30 at most."""

    password_secret_id: str | None = None
    """OCID of the vault secret with ADMIN's password. Default: the vault generates the secret `oracle-admin`."""

    password_secret_version: int | None = None
    """Version of the secret, 1 or more. Another version changes the password. Default: the version that is current when
    the database is created."""

    ecpus: int = 2
    """ECPUs of the database and of each replica, 2 or more."""

    storage_tb: int = 1
    """Storage in TB, 1 to 384."""

    autoscaling: bool = False
    """Whether the database may use up to three times its ECPUs, billed as used."""

    replicas: int = 0
    """Number of read-only refreshable clones. They are up to an hour behind."""

    refresh_seconds: int | None = None
    """Seconds between refreshes of the replicas, 3,600 to 604,800. Default: hourly."""

    db_version: str = "26ai"
    """`19c`, `23ai` or `26ai`."""

    workload: str = "OLTP"
    """`OLTP`, `DW`, `AJD`, `APEX` or `LH`."""

    license_model: str = "LICENSE_INCLUDED"
    """`LICENSE_INCLUDED` or `BRING_YOUR_OWN_LICENSE`."""

    backup_days: int = 60
    """Days that automatic backups are kept, 1 to 60."""

    maintenance: OracleMaintenance | None = None
    """Maintenance window. It cannot be changed later. Default: Oracle chooses it."""

    require_mtls: bool = False
    """Whether clients need a wallet."""

    key_id: str | None = None
    """OCID of the key that encrypts the database. It needs `vaultId`. Default: the vault's key for databases."""

    vault_id: str | None = None
    """OCID of the key's vault."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names."""
        return self.model_dump(exclude={"password_secret_id", "maintenance", "key_id", "vault_id"})


class PostgresqlBackup(Section):
    """Automatic backups."""

    kind: str = "DAILY"
    """`DAILY`, `WEEKLY`, `MONTHLY` or `NONE`."""

    start: str = "02:00"
    """Time of day in UTC, `HH:MM`."""

    retention_days: int = 30
    """Days that backups are kept."""

    days_of_week: tuple[str, ...] = ()
    """With `WEEKLY`: `MONDAY` … `SUNDAY`."""

    days_of_month: tuple[int, ...] = ()
    """With `MONTHLY`: days from 1 to 28."""

    copy_region: str | None = None
    """Another region, for a copy of every backup."""


class PostgresqlMaintenance(Section):
    """The time in which the service may patch the nodes."""

    day: Day
    """Day of the week."""

    start: str
    """Time of day in UTC, `HH:MM`."""


class Postgresql(Section):
    """A PostgreSQL database system."""

    password_secret_id: str | None = None
    """OCID of the vault secret with the administrator's password. Default: the vault generates the secret
    `postgresql-admin`."""

    password_secret_version: int = 1
    """Version of the secret, 1 or more. Another version changes the password."""

    username: str = "playground"
    """Name of the administrator. A change replaces the system."""

    db_version: str = "17"
    """Major version, 14 to 17. A change replaces the system."""

    shape: str = "PostgreSQL.VM.Standard.E5.Flex"
    """Shape of a node."""

    nodes: int = 1
    """Number of nodes: one primary, the others replicas."""

    ocpus: int = 2
    """OCPUs per node."""

    memory_gib: int = 32
    """Memory per node in GiB."""

    iops: int = 75_000
    """Performance tier of the storage: 75000, 150000, 225000 or 300000 operations per second."""

    regionally_durable: bool = True
    """Whether the storage spans the region's availability domains. A change replaces the system."""

    availability_domain: int | None = Field(default=None, ge=1, le=3)
    """Number of the availability domain, for storage that is not regionally durable."""

    backup: PostgresqlBackup = Field(default_factory=PostgresqlBackup)
    """Automatic backups."""

    maintenance: PostgresqlMaintenance | None = None
    """Maintenance window. Default: the service chooses it."""

    key_id: str | None = None
    """OCID of the key that encrypts the storage. Oracle does not document which principal must be allowed to use it.
    Default: Oracle's key."""

    @property
    def component_args(self) -> dict[str, Any]:
        """The fields that the component's args have under the same names."""
        others = {
            "password_secret_id",
            "password_secret_version",
            "availability_domain",
            "backup",
            "maintenance",
            "key_id",
        }
        return self.model_dump(exclude=others)


class Cache(Section):
    """An OCI Cache cluster."""

    nodes: int = 3
    """Number of nodes, or of nodes in each shard, 1 to 5."""

    memory_gib: int = 32
    """Memory per node in GiB, 2 to 500."""

    shards: int | None = None
    """Number of shards, an odd number from 3 to 99. A cluster with shards cannot change to one
    without, nor the other way round. Default: none."""

    engine: str = "VALKEY_8_1"
    """`V7_0_5`, `REDIS_7_0`, `VALKEY_7_2` or `VALKEY_8_1`."""

    user: str | None = None
    """User that clients log in with. The built-in user `default`, which has no password, is disabled. Default: app."""

    password: Secret | None = None
    """Password of the user, 16 to 128 characters without spaces. It must be encrypted; OCI gets only its hash. Default:
    none, clients log in with IAM tokens."""

    acl: str | None = None
    """Permissions of the user, as Redis ACL rules, without the rules about logging in. Default: all keys and channels,
    and all commands except those that administer the cluster or stop it for everyone."""

    backups: dict[Name, int] = Field(default_factory=dict[str, int])
    """Days that each backup is kept, by a name that you choose. Add a name to create another backup."""


class SearchNodes(Section):
    """Nodes of one kind."""

    count: int
    """Number of nodes."""

    ocpus: int
    """OCPUs per node."""

    memory_gib: int
    """Memory per node in GiB."""


class Opensearch(Section):
    """An OpenSearch cluster with dashboards."""

    password_secret_id: str | None = None
    """OCID of the vault secret with the master user's password. Default: the vault generates the secret
    `opensearch-admin`."""

    version: str = "2.15.0"
    """Version of OpenSearch."""

    username: str = "playground"
    """Name of the master user."""

    data: SearchNodes | None = None
    """Data nodes, each with 20 GiB or more. Default: 3 nodes with 4 OCPUs and 32 GiB."""

    data_storage_gib: int = 200
    """Storage per data node in GiB."""

    leaders: SearchNodes | None = None
    """Leader nodes, an odd number, each with 20 GiB or more. Default: 3 nodes with 1 OCPU and 20 GiB."""

    dashboards: SearchNodes | None = None
    """Dashboard nodes. Default: 1 node with 1 OCPU and 16 GiB."""

    maintenance_emails: tuple[str, ...] = ()
    """E-mail addresses for notices of maintenance."""


class Stream(Section):
    """A stream of the pool. A change of either value replaces the stream, and its messages are lost."""

    partitions: int
    """Number of partitions, 1 or more."""

    retention_hours: int = 24
    """Hours that messages are kept, 24 to 168."""


class Streaming(Section):
    """A private stream pool."""

    streams: dict[str, Stream]
    """Streams by name."""

    key_id: str | None = None
    """OCID of the key that encrypts the messages. Default: the vault's key for databases."""


class Database(Section):
    """The databases of one environment. All have only private endpoints."""

    oracle: Oracle | None = None
    """An Autonomous Database. Default: none."""

    postgresql: Postgresql | None = None
    """A PostgreSQL database system. Default: none."""

    cache: Cache | None = None
    """An OCI Cache cluster. Default: none."""

    opensearch: Opensearch | None = None
    """An OpenSearch cluster. Default: none."""

    streaming: Streaming | None = None
    """A stream pool. Default: none."""

    @property
    def called(self) -> tuple[str, ...]:
        """The names, in the port table, of the databases that are set."""
        names = {
            "Oracle Database": self.oracle,
            "PostgreSQL": self.postgresql,
            "Redis": self.cache,
            "OpenSearch": self.opensearch,
            "OpenSearch Dashboards": self.opensearch,
            "Streaming": self.streaming,
        }
        return tuple(name for name, wanted in names.items() if wanted is not None)
