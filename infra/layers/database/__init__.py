"""The databases in the settings. They are in the database subnet, with their security group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.database.autonomous_database import AutonomousDatabase
from components.database.cache_cluster import CacheCluster
from components.database.connection import address
from components.database.event_streams import EventStreams
from components.database.postgresql_database import PostgresqlDatabase
from components.database.search_cluster import SearchCluster
from infra.program.context import Context, Ids
from infra.program.outputs import Logged, NetworkLayer, VaultLayer
from infra.settings import Settings

from .database_args import DatabaseParts


@dataclass(frozen=True, kw_only=True)
class DatabaseLayer:
    """Outputs of the databases for users and other layers."""

    connections: Mapping[str, pulumi.Output[Any]]
    """Connection data of each database, by its name in the settings; `oracleReplicas` is a list. Secret."""

    addresses: Mapping[str, pulumi.Output[str]]
    """Address of each database, by its name in the settings: `host:port`, or a URL."""

    logged: Logged
    """PostgreSQL and the cache."""

    stream_ids: Ids | None
    """OCIDs of the streams by name. None without streaming."""


def create_database(
    settings: Settings, context: Context, network: NetworkLayer, vault: VaultLayer
) -> DatabaseLayer:
    """Creates each database in the settings, after the grants for its key."""
    wanted, parts = settings.database, DatabaseParts(context, network, vault)
    opts = pulumi.ResourceOptions.merge(context.in_region, pulumi.ResourceOptions(depends_on=vault.ready))
    found: dict[str, pulumi.Output[Any]] = {}
    logged: dict[str, pulumi.Output[str]] = {}
    stream_ids: Ids | None = None
    if wanted.oracle:
        oracle = AutonomousDatabase(context.name("oracle"), parts.oracle(wanted.oracle), opts)
        found |= {"oracle": oracle.connection, "oracleReplicas": oracle.replica_connections}
    if wanted.postgresql:
        args = parts.postgresql(wanted.postgresql)
        postgresql = PostgresqlDatabase(context.name("postgresql"), args, opts)
        found["postgresql"], logged["postgresql"] = postgresql.connection, postgresql.system_id
    if wanted.cache:
        cache = CacheCluster(context.name("cache"), parts.cache(wanted.cache), opts)
        found["cache"], logged["oci-cache"] = cache.connection, cache.cluster_id
    if wanted.opensearch:
        args = parts.opensearch(wanted.opensearch)
        found["opensearch"] = SearchCluster(context.name("opensearch"), args, opts).connection
    if wanted.streaming:
        args = parts.streaming(wanted.streaming)
        streaming = EventStreams(context.name("streaming"), args, opts)
        found["streaming"], stream_ids = streaming.connection, streaming.stream_ids
    addresses = {name: address(each) for name, each in found.items() if name != "oracleReplicas"}
    return DatabaseLayer(connections=found, addresses=addresses, logged=logged, stream_ids=stream_ids)
