"""The databases, each of which is there if its key is."""

from typing import Any, Literal

from pydantic import Field

from infra.settings.base import Name, Secret, Section

Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


class OracleMaintenance(Section):
    """When Oracle may patch the database."""

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
    """OCID of the vault secret with ADMIN's password. Default: the vault makes one up, `oracle-admin`."""

    password_secret_version: int | None = None
    """Version of the secret, 1 or more; another one changes the password. Default: the one that is current when the
    database is made."""

    ecpus: int = 2
    """ECPUs of the database and of each replica, 2 or more."""

    storage_tb: int = 1
    """Storage in TB, 1 to 384."""

    autoscaling: bool = False
    """Whether the database may take up to three times its ECPUs, billed as used."""

    replicas: int = 0
    """Read-only refreshable clones, up to an hour behind."""

    refresh_seconds: int | None = None
    """How often replicas refresh, 3,600 to 604,800 seconds. Default: hourly."""

    db_version: str = "26ai"
    """`19c`, `23ai` or `26ai`."""

    workload: str = "OLTP"
    """`OLTP`, `DW`, `AJD`, `APEX` or `LH`."""

    license_model: str = "LICENSE_INCLUDED"
    """`LICENSE_INCLUDED` or `BRING_YOUR_OWN_LICENSE`."""

    backup_days: int = 60
    """Days that automatic backups are kept, 1 to 60."""

    maintenance: OracleMaintenance | None = None
    """When patches may be applied; it cannot be changed later. Default: Oracle chooses."""

    require_mtls: bool = False
    """Whether clients need a wallet."""

    key_id: str | None = None
    """OCID of the key that encrypts the database; needs `vaultId`. Default: the vault's key for databases."""

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
    """Another region that every backup is copied to."""


class PostgresqlMaintenance(Section):
    """When the service may patch the nodes."""

    day: Day
    """Day of the week."""

    start: str
    """Time of day in UTC, `HH:MM`."""


class Postgresql(Section):
    """A PostgreSQL database system."""

    password_secret_id: str | None = None
    """OCID of the vault secret with the administrator's password. Default: the vault makes one up,
    `postgresql-admin`."""

    password_secret_version: int = 1
    """Version of the secret, 1 or more; another one changes the password."""

    username: str = "playground"
    """Name of the administrator. A change replaces the system."""

    db_version: str = "17"
    """Major version, 14 to 17. A change replaces the system."""

    shape: str = "PostgreSQL.VM.Standard.E5.Flex"
    """Shape of a node."""

    nodes: int = 1
    """Nodes: one primary, the others replicas."""

    ocpus: int = 2
    """OCPUs a node."""

    memory_gib: int = 32
    """Memory a node in GiB."""

    iops: int = 75_000
    """Performance tier of the storage: 75000, 150000, 225000 or 300000 operations a second."""

    regionally_durable: bool = True
    """Whether the storage spans the region's availability domains. A change replaces the system."""

    availability_domain: int | None = Field(default=None, ge=1, le=3)
    """Number of the availability domain of storage that is not regionally durable."""

    backup: PostgresqlBackup = Field(default_factory=PostgresqlBackup)
    """Automatic backups."""

    maintenance: PostgresqlMaintenance | None = None
    """When nodes may be patched. Default: the service chooses."""

    key_id: str | None = None
    """OCID of the key that encrypts the storage; who must be allowed to use it is not documented. Default: Oracle's
    key."""

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
    """Nodes, or nodes of each shard, 1 to 5."""

    memory_gib: int = 32
    """Memory of a node in GiB, 2 to 500."""

    shards: int | None = None
    """Shards, an odd number from 3 to 99. It cannot be changed between some and none. Default: none."""

    engine: str = "VALKEY_8_1"
    """`V7_0_5`, `REDIS_7_0`, `VALKEY_7_2` or `VALKEY_8_1`."""

    user: str | None = None
    """Name that clients log in with; the system's `default`, which has no password, is closed. Default: app."""

    password: Secret | None = None
    """Its password, 16 to 128 characters without blanks; it must stand encrypted, and OCI gets its hash. Default: none,
    and clients log in with tokens of IAM."""

    acl: str | None = None
    """What the user may do, as Redis' ACL rules say it, without those about logging in. Default: all keys and
    channels, and all commands but those that administer the cluster or stop it for everybody."""

    backups: dict[Name, int] = Field(default_factory=dict[str, int])
    """Backups to make by a name of your own, each with the days that it is kept: add one to back up once more."""


class SearchNodes(Section):
    """Nodes of one kind."""

    count: int
    """How many."""

    ocpus: int
    """OCPUs a node."""

    memory_gib: int
    """Memory a node in GiB."""


class Opensearch(Section):
    """An OpenSearch cluster with dashboards."""

    password_secret_id: str | None = None
    """OCID of the vault secret with the master user's password. Default: the vault makes one up,
    `opensearch-admin`."""

    version: str = "2.15.0"
    """Version of OpenSearch."""

    username: str = "playground"
    """Name of the master user."""

    data: SearchNodes | None = None
    """Data nodes, 20 GiB or more each. Default: 3 of 4 OCPUs and 32 GiB."""

    data_storage_gib: int = 200
    """Storage of a data node in GiB."""

    leaders: SearchNodes | None = None
    """Leader nodes, an odd number, 20 GiB or more each. Default: 3 of 1 OCPU and 20 GiB."""

    dashboards: SearchNodes | None = None
    """Dashboard nodes. Default: 1 of 1 OCPU and 16 GiB."""

    maintenance_emails: tuple[str, ...] = ()
    """Who is notified of maintenance."""


class Stream(Section):
    """A stream of the pool. A change of either replaces it, with what is in it."""

    partitions: int
    """Partitions, 1 or more."""

    retention_hours: int = 24
    """Hours that messages are kept, 24 to 168."""


class Streaming(Section):
    """A private stream pool."""

    streams: dict[str, Stream]
    """Streams by name."""

    key_id: str | None = None
    """OCID of the key that encrypts the messages. Default: the vault's key for databases."""


class Database(Section):
    """The databases of one environment, all with private endpoints only."""

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
        """The databases there are, by the names of the port table."""
        names = {
            "Oracle Database": self.oracle,
            "PostgreSQL": self.postgresql,
            "Redis": self.cache,
            "OpenSearch": self.opensearch,
            "OpenSearch Dashboards": self.opensearch,
            "Streaming": self.streaming,
        }
        return tuple(name for name, wanted in names.items() if wanted is not None)
