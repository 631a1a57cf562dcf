"""What must hold for the databases: the components' own rules, at the settings' paths."""

from collections.abc import Iterator, Mapping

from components.database.autonomous_rules import autonomous_database_problems
from components.database.cache_cluster import cache_cluster_problems
from components.database.cache_users import backup_problems, cache_user_problems
from components.database.event_streams import StreamArgs, event_streams_problems
from components.database.postgresql_rules import (
    postgresql_backup_problems,
    postgresql_problems,
    postgresql_window_problems,
)
from components.database.search_cluster import SearchNodesArgs, search_cluster_problems
from facts.problem import Problem

from .database import Cache, Database, Opensearch, Oracle, Postgresql, SearchNodes, Streaming
from .ocid import ocid_problems
from .secrets import ENCRYPTED
from .tenancy import Tenancy, region_of, same_realm_problems
from .vault import Vault, VaultSecret
from .wording import MISSING

PASSWORD_FORMS: Mapping[str, str] = {
    "oracle-admin": "database-password",
    "postgresql-admin": "password",
    "opensearch-admin": "password",
}
"""Secrets that the databases open with, and the forms that they must have."""


def database_secrets(database: Database) -> Mapping[str, VaultSecret]:
    """The passwords that the vault makes up for databases to which none is given."""
    return {
        name: VaultSecret(form=PASSWORD_FORMS[name], description=f"Administrator of the database ({name})")
        for name, (_, given) in _passwords(database).items()
        if given is None
    }


def _passwords(database: Database) -> Mapping[str, tuple[str, str | None]]:
    """Path and OCID of each password that is needed, by the name of the secret that would be made up."""
    needed = {
        "oracle-admin": ("database.oracle", database.oracle),
        "postgresql-admin": ("database.postgresql", database.postgresql),
        "opensearch-admin": ("database.opensearch", database.opensearch),
    }
    return {
        name: (f"{path}.passwordSecretId", wanted.password_secret_id)
        for name, (path, wanted) in needed.items()
        if wanted is not None
    }


def database_problems(database: Database, tenancy: Tenancy | None) -> Iterator[Problem]:
    """What is wrong with each database by itself."""
    region = region_of(tenancy)
    if database.oracle:
        yield from _oracle_problems(database.oracle)
    if database.postgresql:
        yield from _postgresql_problems(database.postgresql, region)
    if database.cache:
        yield from _cache_problems(database.cache, "database.cache")
    if database.opensearch:
        yield from _opensearch_problems(database.opensearch)
    if database.streaming:
        yield from event_streams_problems(stream_args(database.streaming), path="database.streaming")
    yield from _ocid_problems(database, region)


def password_problems(database: Database, vault: Vault) -> Iterator[Problem]:
    """A database without a password while there is no vault to make one up, or with one of another form."""
    for name, (path, given) in _passwords(database).items():
        if given is None and vault.kind == "none":
            fix = "Give the OCID of a secret, or let vault.kind be `shared` or `private`"
            yield Problem(path, MISSING, "must be given where there is no vault", fix)
        own, form = vault.secrets.get(name), PASSWORD_FORMS[name]
        if given is None and own and own.form != form:
            allowed = f"must be {form}: {path.removesuffix('.passwordSecretId')} takes its password from here"
            yield Problem(f"vault.secrets[{name!r}].form", own.form, allowed)


def _cache_problems(cache: Cache, path: str) -> Iterator[Problem]:
    sizes = cache.model_dump(include={"nodes", "memory_gib", "shards", "engine"})
    yield from cache_cluster_problems(**sizes, path=path)
    given = cache.password.get_secret_value() if cache.password else None
    password = None if given == ENCRYPTED else given
    yield from cache_user_problems(cache.user, acl=cache.acl, password=password, path=path)
    yield from backup_problems(cache.backups, path=path)


def _oracle_problems(oracle: Oracle) -> Iterator[Problem]:
    window = oracle.maintenance
    yield from autonomous_database_problems(
        oracle.db_name,
        ecpus=oracle.ecpus,
        storage_tb=oracle.storage_tb,
        replicas=oracle.replicas,
        refresh_seconds=oracle.refresh_seconds,
        db_version=oracle.db_version,
        workload=oracle.workload,
        license_model=oracle.license_model,
        backup_days=oracle.backup_days,
        maintenance=(window.day, window.start, window.end) if window else None,
        has_key=oracle.key_id is not None,
        has_vault=oracle.vault_id is not None,
        password_secret_version=oracle.password_secret_version,
        path="database.oracle",
    )


def _postgresql_problems(postgresql: Postgresql, region: str | None) -> Iterator[Problem]:
    path, window, domain = "database.postgresql", postgresql.maintenance, postgresql.availability_domain
    yield from postgresql_problems(
        db_version=postgresql.db_version,
        shape=postgresql.shape,
        nodes=postgresql.nodes,
        ocpus=postgresql.ocpus,
        memory_gib=postgresql.memory_gib,
        iops=postgresql.iops,
        username=postgresql.username,
        regionally_durable=postgresql.regionally_durable,
        password_secret_version=postgresql.password_secret_version,
        has_domain=domain is not None,
        path=path,
    )
    yield from postgresql_backup_problems(**postgresql.backup.model_dump(), path=f"{path}.backup")
    if postgresql.backup.copy_region is not None and postgresql.backup.copy_region == region:
        where = f"{path}.backup.copyRegion"
        yield Problem(where, region, "must be another region than the environment's own")
    if region:
        yield from same_realm_problems(postgresql.backup.copy_region, region, f"{path}.backup.copyRegion")
    if window:
        yield from postgresql_window_problems(window.day, window.start, path=f"{path}.maintenance")


def _opensearch_problems(search: Opensearch) -> Iterator[Problem]:
    yield from search_cluster_problems(
        data=node_args(search.data),
        data_storage_gib=search.data_storage_gib,
        leaders=node_args(search.leaders),
        dashboards=node_args(search.dashboards),
        version=search.version,
        maintenance_emails=search.maintenance_emails,
        path="database.opensearch",
    )


def node_args(nodes: SearchNodes | None) -> SearchNodesArgs | None:
    """Nodes of a search cluster as the component takes them."""
    return SearchNodesArgs(**nodes.model_dump()) if nodes else None


def stream_args(streaming: Streaming) -> Mapping[str, StreamArgs]:
    """Streams as the component takes them."""
    return {name: StreamArgs(**stream.model_dump()) for name, stream in streaming.streams.items()}


def _ocid_problems(database: Database, region: str | None) -> Iterator[Problem]:
    for path, secret in _passwords(database).values():
        yield from ocid_problems(secret, "vaultsecret", path=path, region=region)
    keys = {
        "oracle": database.oracle and database.oracle.key_id,
        "postgresql": database.postgresql and database.postgresql.key_id,
        "streaming": database.streaming and database.streaming.key_id,
    }
    for name, key in keys.items():
        yield from ocid_problems(key, "key", path=f"database.{name}.keyId", region=region)
    if database.oracle:
        yield from ocid_problems(
            database.oracle.vault_id, "vault", path="database.oracle.vaultId", region=region
        )
