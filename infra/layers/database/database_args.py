"""The args of the databases, from the settings and from the outputs of other layers."""

from dataclasses import dataclass
from typing import Any

import pulumi

from components.database.autonomous_database import AutonomousDatabaseArgs, DatabaseMaintenanceArgs
from components.database.cache_cluster import CacheClusterArgs
from components.database.event_streams import EventStreamsArgs
from components.database.postgresql_database import (
    PostgresqlBackupArgs,
    PostgresqlDatabaseArgs,
    PostgresqlMaintenanceArgs,
)
from components.database.search_cluster import SearchClusterArgs
from infra.program.context import Context
from infra.program.outputs import NetworkLayer, VaultLayer
from infra.settings.database import Cache, Opensearch, Oracle, Postgresql, Streaming
from infra.settings.database.rules import node_args, stream_args


@dataclass(frozen=True)
class DatabaseParts:
    """Builds the args of each database."""

    context: Context
    network: NetworkLayer
    vault: VaultLayer

    def oracle(self, wanted: Oracle) -> AutonomousDatabaseArgs:
        """Encrypted with the vault's key, unless the settings set another key."""
        window = wanted.maintenance
        return AutonomousDatabaseArgs(
            **self._guarded(),
            **wanted.component_args,
            password_secret_id=wanted.password_secret_id or self.vault.secret_ids["oracle-admin"],
            maintenance=DatabaseMaintenanceArgs(**window.model_dump()) if window else None,
            kms_key_id=wanted.key_id or self._key,
            vault_id=wanted.vault_id or self.vault.vault_id,
        )

    def postgresql(self, wanted: Postgresql) -> PostgresqlDatabaseArgs:
        """Encrypted with a vault key only if the settings set one. Oracle does not document which principal needs a
        grant."""
        window, domain = wanted.maintenance, wanted.availability_domain
        return PostgresqlDatabaseArgs(
            **self._guarded(),
            **wanted.component_args,
            password_secret_id=wanted.password_secret_id or self.vault.secret_ids["postgresql-admin"],
            password_secret_version=str(wanted.password_secret_version),
            availability_domain=self.context.availability_domains[domain - 1] if domain else None,
            backup=PostgresqlBackupArgs(**wanted.backup.model_dump()),
            maintenance=PostgresqlMaintenanceArgs(**window.model_dump()) if window else None,
            kms_key_id=wanted.key_id,
        )

    def cache(self, wanted: Cache) -> CacheClusterArgs:
        """The service does not use our keys. The password comes from the stack's secrets, because OCI gets its hash."""
        given = wanted.model_dump(exclude={"password"})
        password = pulumi.Output.secret(wanted.password.get_secret_value()) if wanted.password else None
        return CacheClusterArgs(**self._guarded(), **given, password=password)

    def opensearch(self, wanted: Opensearch) -> SearchClusterArgs:
        """The service has no encryption key and accepts one security group."""
        return SearchClusterArgs(
            **self._placed(),
            vcn_id=self.network.vcn_id,
            nsg_id=self.network.group_ids["database"],
            password_secret_id=wanted.password_secret_id or self.vault.secret_ids["opensearch-admin"],
            version=wanted.version,
            username=wanted.username,
            data=node_args(wanted.data),
            data_storage_gib=wanted.data_storage_gib,
            leaders=node_args(wanted.leaders),
            dashboards=node_args(wanted.dashboards),
            maintenance_emails=wanted.maintenance_emails,
        )

    def streaming(self, wanted: Streaming) -> EventStreamsArgs:
        """Encrypted with the vault's key, unless the settings set another key."""
        key = wanted.key_id or self._key
        return EventStreamsArgs(**self._guarded(), streams=stream_args(wanted), kms_key_id=key)

    @property
    def _key(self) -> pulumi.Output[str] | None:
        return self.vault.key_ids.get("databases")

    def _placed(self) -> dict[str, Any]:
        return {
            "compartment_id": self.context.compartment_id,
            "subnet_id": self.network.subnet_ids["database"],
            "protect": self.context.protect,
            "tags": self.context.tags,
        }

    def _guarded(self) -> dict[str, Any]:
        return {**self._placed(), "nsg_ids": self.network.groups("database")}
