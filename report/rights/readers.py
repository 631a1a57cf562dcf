"""Who can read each bucket and secret, and who can change each database, cache, search cluster and file system.

Sources of the types and permissions: the pages of Oracle's policy reference that `facts/policies/words.yaml` names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.policies import All, Condition, Statement, Test
from facts.policies.conditions import holds, tests
from facts.policies.words import VERBS
from report.resources import Resource
from report.wording import words

from .conditions import conditions_in_words
from .grants import Rights, written
from .principals import principals_of

_NAME = {"oci:Vault/secret:Secret": "secretName"}
"""The input with the name of a resource. Others have `name` or `displayName`."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a statement must allow for access to the data of a type."""

    types: Sequence[str]
    verb: str
    permissions: Sequence[str]
    """Permissions in braces that are enough. With an underscore at the end: every one with this beginning that changes
    something."""

    variable: str = ""
    """The variables of conditions that name the resource: this and `.name` or `.id`."""

    @property
    def reads(self) -> bool:
        """Whether the statement gives the content itself, and not the power over what has it."""
        return self.verb == "read"


ACCESS: Mapping[str, Access] = {
    "oci:ObjectStorage/bucket:Bucket": Access(
        types=("objects", "object-family"),
        verb="read",
        permissions=("OBJECT_READ",),
        variable="target.bucket",
    ),
    "oci:Vault/secret:Secret": Access(
        types=("secret-bundles", "secret-family"),
        verb="read",
        permissions=("SECRET_BUNDLE_READ",),
        variable="target.secret",
    ),
    "oci:Database/autonomousDatabase:AutonomousDatabase": Access(
        types=("autonomous-databases", "autonomous-database-family"),
        verb="use",
        permissions=("AUTONOMOUS_DATABASE_",),
    ),
    "oci:Psql/dbSystem:DbSystem": Access(
        types=("postgres-db-systems",), verb="use", permissions=("POSTGRES_DB_SYSTEM_",)
    ),
    "oci:Redis/redisCluster:RedisCluster": Access(
        types=("redis-clusters", "redis-family"), verb="use", permissions=("REDIS_CLUSTER_",)
    ),
    "oci:Opensearch/cluster:Cluster": Access(
        types=("opensearch-clusters", "opensearch-family"), verb="use", permissions=("OPENSEARCH_CLUSTER_",)
    ),
    "oci:FileStorage/fileSystem:FileSystem": Access(
        types=("file-systems", "file-family"), verb="use", permissions=("FILE_SYSTEM_",)
    ),
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": Access(
        types=("lustre-file-system", "lustre-file-family"), verb="use", permissions=("LUSTRE_FILE_SYSTEM_",)
    ),
}
"""By the type of the resource. A database's own users are not principals of OCI: no statement tells who they are."""

_HARMLESS = ("_INSPECT", "_READ")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A principal that a statement lets at the data."""

    who: str
    condition: str
    """What must be true besides, in words; empty if nothing."""

    statement: str
    certain: bool
    """False if the stack does not tell whether the statement's compartment contains the resource."""

    denied: bool


@dataclass(frozen=True, kw_only=True)
class Readable:
    """A resource with data, and who gets at it."""

    resource: Resource
    name: str
    reads: bool
    """True: they read its content. False: they can change it, for example its password, and so get at its data."""

    readers: Sequence[Reader]

    @property
    def kind(self) -> str:
        return words(self.resource.type)


def readers_of(resources: Sequence[Resource], rights: Rights) -> list[Readable]:
    """Each resource with data, with everyone whom a readable statement of these resources lets at it."""
    parsed = [(each.text, each.parsed) for each in written(resources)]
    statements = [(text, found) for text, found in parsed if isinstance(found, Statement)]
    return [
        Readable(
            resource=each,
            name=_name(each),
            reads=ACCESS[each.type].reads,
            readers=[reader for text, found in statements for reader in _readers(text, found, each, rights)],
        )
        for each in resources
        if each.type in ACCESS
    ]


def _readers(text: str, statement: Statement, resource: Resource, rights: Rights) -> Iterator[Reader]:
    access = ACCESS[resource.type]
    where = resource.inputs.get("compartmentId")
    covered = rights.places.covers(statement.place, where if isinstance(where, str) else None)
    permission = _permission(statement, access)
    if covered is False or permission is None:
        return
    known = _known(access, resource) | ({"request.permission": permission} if permission else {})
    if not holds(statement.where, known):
        return
    for who, rest in principals_of(statement, rights.groups, rights.places):
        yield Reader(
            who=who.name + (f": {who.members}" if who.members else ""),
            condition=conditions_in_words(_left(rest, known), rights.places),
            statement=text,
            certain=covered is True,
            denied=statement.kind.lower() == "deny",
        )


def _permission(statement: Statement, access: Access) -> str | None:
    """The permission that a statement gives, or an empty text if it is one of several. None: it gives none."""
    if statement.permissions:
        return next((each for each in statement.permissions if _is_enough(each.upper(), access)), None)
    if statement.resource.lower() not in (*access.types, "all-resources") or statement.verb not in VERBS:
        return None
    # A denied verb takes the stronger ones away, and not the weaker ones. An allowed verb includes the weaker ones.
    ranks = VERBS.index(statement.verb), VERBS.index(access.verb)
    enough = ranks[0] <= ranks[1] if statement.kind.lower() == "deny" else ranks[0] >= ranks[1]
    return (access.permissions[0] if access.reads else "") if enough else None


def _is_enough(permission: str, access: Access) -> bool:
    if access.reads:
        return permission in access.permissions
    return permission.startswith(tuple(access.permissions)) and not permission.endswith(_HARMLESS)


def _known(access: Access, resource: Resource) -> dict[str, str]:
    """The values of the variables that name the resource."""
    if not access.variable:
        return {}
    found = {f"{access.variable}.name": _name(resource)}
    return found | ({f"{access.variable}.id": resource.id} if resource.id else {})


def _left(where: Condition | None, known: Mapping[str, str]) -> list[Condition]:
    """The parts of a condition that the known values do not decide."""
    parts = where.conditions if isinstance(where, All) else (where,) if where else ()
    return [part for part in parts if any(_is_open(test, known) for test in tests(part))]


def _is_open(test: Test, known: Mapping[str, str]) -> bool:
    return test.variable.lower() not in known


def _name(resource: Resource) -> str:
    for key in (_NAME.get(resource.type, "name"), "displayName"):
        if isinstance(found := resource.inputs.get(key), str):
            return found
    return resource.name
