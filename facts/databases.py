"""Bounds and words of OCI's database services, and the form of their passwords.

Sources: the docstrings of the provider SDK (pulumi_oci 5.5) and of the OCI SDK; Oracle's pages on OCI Cache's sharded
clusters, on refreshable clones of Autonomous Database and on the concepts of Search with OpenSearch. What only
third-party modules say is marked so; what nobody says is not bounded here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

# --- Autonomous Database -------------------------------------------------------------------------------------------

AUTONOMOUS_NAME = r"[A-Za-z][A-Za-z0-9]{0,29}"
"""A database's name: a letter, then letters and digits. Unique in the tenancy."""
AUTONOMOUS_ECPUS_LEAST = 2
"""Outside an elastic pool."""
AUTONOMOUS_STORAGE_TB = (1, 384)
AUTONOMOUS_VERSIONS = ("19c", "23ai", "26ai")
"""Oracle takes 23ai no longer for new databases from December 2026."""
AUTONOMOUS_WORKLOADS = ("OLTP", "DW", "AJD", "APEX", "LH")
AUTONOMOUS_BACKUP_DAYS = (1, 60)
"""How long automatic backups are kept. UNVERIFIED: the figure is known from the console only."""
AUTONOMOUS_LICENSES = ("LICENSE_INCLUDED", "BRING_YOUR_OWN_LICENSE")
REFRESH_SECONDS = (3_600, 604_800)
"""How often a refreshable clone refreshes by itself: hourly at most, weekly at least. Only ECPU databases can."""
REFRESH_LAG_SECONDS = (0, 604_800)

# --- PostgreSQL ----------------------------------------------------------------------------------------------------

POSTGRESQL_IOPS = (75_000, 150_000, 225_000, 300_000)
"""Performance tiers of the storage."""
POSTGRESQL_VERSIONS = ("14", "15", "16", "17")
"""Major versions that occur in public sources; the service itself says which it offers (`psql.getShapes` likewise)."""
POSTGRESQL_BACKUP_KINDS = ("DAILY", "WEEKLY", "MONTHLY", "NONE")
POSTGRESQL_BACKUP_LAST_DAY = 28
"""The latest day of a month on which a monthly backup can start, so that every month has one."""
POSTGRESQL_STORAGE = "OCI_OPTIMIZED_STORAGE"
POSTGRESQL_PREFIX = "PostgreSQL."
"""What the service puts before a shape's name when it is read back."""


@dataclass(frozen=True, kw_only=True)
class PostgresqlShape:
    """A flexible shape of a PostgreSQL node, with its least size; the figures come from third-party modules."""

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
"""Fixed shapes (`PostgreSQL.VM.Standard.E5.Flex.4.64GB`) are left out: they are these at one size."""

# --- OCI Cache -----------------------------------------------------------------------------------------------------

CACHE_MEMORY_GIB = (2, 500)
"""Memory of one node."""
CACHE_NODES = (1, 5)
"""Nodes of a cluster without shards, or of each shard. Oracle advises three."""
CACHE_SHARDS = (3, 99)
"""Odd numbers only."""
CACHE_NODES_IN_ALL = 100
CACHE_VERSIONS = ("V7_0_5", "REDIS_7_0", "VALKEY_7_2", "VALKEY_8_1")

# --- Search with OpenSearch ----------------------------------------------------------------------------------------

SEARCH_MEMORY_GIB_LEAST = 20
"""Least memory of a data or leader node."""
SEARCH_VERSION = r"\d+\.\d+\.\d+"
"""Which versions are offered only the service says (`opensearch.getOpensearchVersions`)."""
SEARCH_SECURITY_MODES = ("ENFORCING", "PERMISSIVE", "DISABLED")

# --- Streaming -----------------------------------------------------------------------------------------------------

STREAM_RETENTION_HOURS = (24, 168)

# --- Passwords -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PasswordForm:
    """What a service takes for an administrator's password."""

    shortest: int
    longest: int
    upper: int = 0
    lower: int = 0
    digits: int = 0
    specials: int = 0
    """At least so many capitals, small letters, digits, and other characters."""
    forbidden: tuple[str, ...] = ()
    """Texts that it must not hold, in any case of letters."""


AUTONOMOUS_PASSWORD = PasswordForm(
    shortest=12, longest=30, upper=1, lower=1, digits=1, forbidden=('"', "admin")
)
POSTGRESQL_PASSWORD = PasswordForm(shortest=8, longest=32, upper=1, lower=1, digits=1, specials=1)
"""UNVERIFIED: no primary text was found; a password of this form suits the others too."""
SEARCH_PASSWORD = PasswordForm(shortest=8, longest=128, upper=1, lower=1, digits=1, specials=1)
"""OpenSearch's own rule for strong passwords. UNVERIFIED for the service."""


def password_faults(form: PasswordForm, password: str) -> Iterator[str]:
    """Why the service would refuse the password, without ever showing it."""
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
    """A shape by its name with or without the service's prefix, as the service takes it."""
    return POSTGRESQL_SHAPES.get(POSTGRESQL_PREFIX + name.removeprefix(POSTGRESQL_PREFIX))
