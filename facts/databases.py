"""Limits and allowed words of OCI's database services, and the form of their passwords.

Sources: the docstrings of the provider SDK (pulumi_oci 5.5) and of the OCI SDK; Oracle's pages on OCI Cache's sharded
clusters, on refreshable clones of Autonomous Database and on the concepts of Search with OpenSearch. A figure that
only third-party modules state is marked. A value without any source has no limit here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

# --- Autonomous Database -------------------------------------------------------------------------------------------

AUTONOMOUS_NAME = r"[A-Za-z][A-Za-z0-9]{0,29}"
"""A database's name: a letter, then letters and digits. Unique in the tenancy."""
AUTONOMOUS_ECPUS_LEAST = 2
"""Of a database outside an elastic pool."""
AUTONOMOUS_STORAGE_TB = (1, 384)
AUTONOMOUS_VERSIONS = ("19c", "23ai", "26ai")
"""From December 2026 on, Oracle does not accept 23ai for new databases."""
AUTONOMOUS_WORKLOADS = ("OLTP", "DW", "AJD", "APEX", "LH")
AUTONOMOUS_BACKUP_DAYS = (1, 60)
"""How long automatic backups are kept. UNVERIFIED: only the console shows the figure."""
AUTONOMOUS_LICENSES = ("LICENSE_INCLUDED", "BRING_YOUR_OWN_LICENSE")
REFRESH_SECONDS = (3_600, 604_800)
"""Seconds between two automatic refreshes of a refreshable clone: an hour to a week. Only ECPU databases support it."""
REFRESH_LAG_SECONDS = (0, 604_800)

# --- PostgreSQL ----------------------------------------------------------------------------------------------------

POSTGRESQL_IOPS = (75_000, 150_000, 225_000, 300_000)
"""Performance tiers of the storage."""
POSTGRESQL_VERSIONS = ("14", "15", "16", "17")
"""Major versions that occur in public sources. Only the service knows which versions it offers, and likewise which
shapes (`psql.getShapes`)."""
POSTGRESQL_BACKUP_KINDS = ("DAILY", "WEEKLY", "MONTHLY", "NONE")
POSTGRESQL_BACKUP_LAST_DAY = 28
"""The last day of a month on which a monthly backup can start: every month has this day."""
POSTGRESQL_STORAGE = "OCI_OPTIMIZED_STORAGE"
POSTGRESQL_PREFIX = "PostgreSQL."
"""The prefix of a shape's name in requests. Answers lack it (terraform-provider-oci 8.28.0, psql_db_system)."""


@dataclass(frozen=True, kw_only=True)
class PostgresqlShape:
    """A flexible shape of a PostgreSQL node, with its smallest size. The figures come from third-party modules."""

    name: str
    min_ocpus: int
    min_memory_gib: int


POSTGRESQL_SHAPES: Mapping[str, PostgresqlShape] = MappingProxyType(
    {
        shape.name: shape
        for shape in (
            PostgresqlShape(name="PostgreSQL.VM.Standard.E5.Flex", min_ocpus=1, min_memory_gib=16),
            PostgresqlShape(name="PostgreSQL.VM.Standard.E6.Flex", min_ocpus=1, min_memory_gib=16),
            PostgresqlShape(name="PostgreSQL.VM.Standard3.Flex", min_ocpus=2, min_memory_gib=32),
        )
    }
)
"""Fixed shapes (`PostgreSQL.VM.Standard.E5.Flex.4.64GB`) are not listed: each is one of these shapes with a fixed
size."""

# --- OCI Cache -----------------------------------------------------------------------------------------------------

CACHE_MEMORY_GIB = (2, 500)
"""Memory of one node."""
CACHE_NODES = (1, 5)
"""Nodes of a cluster without shards, or of each shard. Oracle recommends three."""
CACHE_SHARDS = (3, 99)
"""Odd numbers only."""
CACHE_NODES_IN_ALL = 100
CACHE_VERSIONS = ("V7_0_5", "REDIS_7_0", "VALKEY_7_2", "VALKEY_8_1")

# --- Search with OpenSearch ----------------------------------------------------------------------------------------

SEARCH_MEMORY_GIB_LEAST = 20
"""Smallest memory of a data or leader node."""
SEARCH_VERSION = r"[0-9]+\.[0-9]+\.[0-9]+"
"""Only the service knows which versions it offers (`opensearch.getOpensearchVersions`)."""
SEARCH_SECURITY_MODES = ("ENFORCING", "PERMISSIVE", "DISABLED")

# --- Streaming -----------------------------------------------------------------------------------------------------

STREAM_RETENTION_HOURS = (24, 168)

# --- Passwords -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PasswordForm:
    """The rules for an administrator's password of a service."""

    shortest: int
    longest: int
    upper: int = 0
    lower: int = 0
    digits: int = 0
    specials: int = 0
    """Fewest upper-case letters, lower-case letters, digits and other characters."""
    forbidden: tuple[str, ...] = ()
    """Texts that the password must not contain, in upper or lower case."""


AUTONOMOUS_PASSWORD = PasswordForm(
    shortest=12, longest=30, upper=1, lower=1, digits=1, forbidden=('"', "admin")
)
POSTGRESQL_PASSWORD = PasswordForm(shortest=8, longest=32, upper=1, lower=1, digits=1, specials=1)
"""UNVERIFIED: no primary source was found. A password of this form is valid for the other services too."""
SEARCH_PASSWORD = PasswordForm(shortest=8, longest=128, upper=1, lower=1, digits=1, specials=1)
"""OpenSearch's own rule for strong passwords. UNVERIFIED for the service."""


def password_faults(form: PasswordForm, password: str) -> Iterator[str]:
    """Why the service would refuse the password. The reasons never contain the password."""
    if not form.shortest <= len(password) <= form.longest:
        yield f"must be between {form.shortest} and {form.longest} characters long"
    counts = (
        (form.upper, sum(each.isupper() for each in password), "uppercase character"),
        (form.lower, sum(each.islower() for each in password), "lowercase character"),
        (form.digits, sum(each.isdecimal() for each in password), "numeric character"),
        (form.specials, sum(not each.isalnum() for each in password), "special character"),
    )
    for wanted, found, what in counts:
        if found < wanted:
            yield f"must contain at least {wanted} {what}"
    for text in form.forbidden:
        if text in password.lower():
            yield f"must not contain {text!r}"


def postgresql_shape(name: str) -> PostgresqlShape | None:
    """The shape of a name with or without the service's prefix; the service accepts both."""
    return POSTGRESQL_SHAPES.get(POSTGRESQL_PREFIX + name.removeprefix(POSTGRESQL_PREFIX))
