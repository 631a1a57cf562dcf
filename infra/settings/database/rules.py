"""Rules for the databases: the components' rules, with the paths of the settings."""

from collections.abc import Iterator, Mapping

from components.database.autonomous_rules import autonomous_database_problems
from components.database.cache_rules import cache_problems
from components.database.event_streams import StreamArgs, event_streams_problems
from components.database.postgresql_rules import postgresql_problems
from components.database.search_cluster import SearchNodesArgs, search_cluster_problems
from facts.problem import Problem
from facts.pydantic_words import MISSING
from infra.settings.database import Database, SearchNodes, Streaming
from infra.settings.tenancy import Tenancy, region_of, same_realm_problems
from infra.settings.values.ocid import ocid_problems
from infra.settings.values.secrets import ENCRYPTED
from infra.settings.vault import Vault, VaultSecret

PASSWORD_FORMS: Mapping[str, str] = {
    "oracle-admin": "database-password",
    "postgresql-admin": "password",
    "opensearch-admin": "password",
}
"""Generated secrets for the databases' administrators, with their required forms."""


def database_secrets(database: Database) -> Mapping[str, VaultSecret]:
    """The passwords that the vault generates, for databases whose settings name none."""
    return {
        name: VaultSecret(form=PASSWORD_FORMS[name], description=f"Administrator of the database ({name})")
        for name, (_, given) in _passwords(database).items()
        if given is None
    }


def _passwords(database: Database) -> Mapping[str, tuple[str, str | None]]:
    """Path and OCID of each password that is needed, by the name of its generated secret."""
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
    """What is wrong with each database, including the region of its OCIDs and copies."""
    if database.oracle:
        has_key = database.oracle.key_id is not None
        yield from autonomous_database_problems(database.oracle, has_key=has_key, path="database.oracle")
    if database.postgresql:
        yield from postgresql_problems(database.postgresql, path="database.postgresql")
        yield from _copy_problems(database.postgresql.backup.copy_region, region_of(tenancy))
    if database.cache:
        secret = database.cache.password
        # An empty text is not the same as none.
        given = None if secret is None else secret.get_secret_value()
        password = None if given == ENCRYPTED else given
        yield from cache_problems(database.cache, password=password, path="database.cache")
    if database.opensearch:
        yield from search_cluster_problems(database.opensearch, path="database.opensearch")
    if database.streaming:
        yield from event_streams_problems(database.streaming.streams, path="database.streaming")
    yield from _ocid_problems(database, region_of(tenancy))


def password_problems(database: Database, vault: Vault) -> Iterator[Problem]:
    """A database without a password when there is no vault to generate one, or whose secret has the wrong form."""
    for name, (path, given) in _passwords(database).items():
        if given is None and vault.kind == "none":
            fix = "Set the OCID of a secret, or set vault.kind to `shared` or `private`"
            yield Problem(path, MISSING, "must be set when there is no vault", fix)
        own, form = vault.secrets.get(name), PASSWORD_FORMS[name]
        if given is None and own and own.form != form:
            allowed = f"must be {form}: it is the password of {path.removesuffix('.passwordSecretId')}"
            yield Problem(f"vault.secrets[{name!r}].form", own.form, allowed)


def _copy_problems(copy_region: str | None, region: str | None) -> Iterator[Problem]:
    """Copies of backups to the same region or to another realm."""
    path = "database.postgresql.backup.copyRegion"
    if region is None:
        return
    if copy_region == region:
        yield Problem(path, region, "must be another region than the environment's own")
    yield from same_realm_problems(copy_region, region, path)


def node_args(nodes: SearchNodes | None) -> SearchNodesArgs | None:
    """Nodes of a search cluster as args of the component."""
    return SearchNodesArgs(**nodes.model_dump()) if nodes else None


def stream_args(streaming: Streaming) -> Mapping[str, StreamArgs]:
    """Streams as args of the component."""
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
