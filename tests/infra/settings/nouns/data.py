"""Storage and databases: nouns whose settings and component refuse the same values."""

from functools import partial
from typing import Any

from components.database.autonomous_database import (
    AutonomousDatabase,
    AutonomousDatabaseArgs,
    DatabaseMaintenanceArgs,
)
from components.database.autonomous_rules import AutonomousChoices
from components.database.cache_cluster import CacheCluster, CacheClusterArgs
from components.database.cache_rules import CacheChoices
from components.database.event_streams import EventStreams, EventStreamsArgs, StreamArgs, StreamChoices
from components.database.postgresql_database import (
    PostgresqlBackupArgs,
    PostgresqlDatabase,
    PostgresqlDatabaseArgs,
    PostgresqlMaintenanceArgs,
)
from components.database.postgresql_rules import PostgresqlChoices
from components.database.search_cluster import (
    SearchChoices,
    SearchCluster,
    SearchClusterArgs,
    SearchNodesArgs,
)
from components.storage.backup_policy import (
    BackupPolicy,
    BackupPolicyArgs,
    BackupScheduleArgs,
    ScheduleChoices,
)
from components.storage.bucket import Bucket, BucketArgs, BucketChoices
from components.storage.lifecycle import LifecycleRuleArgs
from components.storage.lustre_file_system import (
    LustreChoices,
    LustreFileSystem,
    LustreFileSystemArgs,
    ObjectStorageLinkArgs,
)
from components.storage.shared_file_system import FileChoices, SharedFileSystem, SharedFileSystemArgs
from components.storage.volume_group import BlockVolumeArgs, VolumeChoices, VolumeGroup, VolumeGroupArgs
from tests.infra.settings.nouns.noun import Noun, Values, entry, nested

PLACED: Values = {"compartment_id": "c", "subnet_id": "s", "nsg_ids": ["n"]}
DOMAIN: Values = {"compartment_id": "c", "availability_domain": "ad1"}


def _postgresql(**values: Any) -> PostgresqlDatabaseArgs:
    made = nested(values, backup=PostgresqlBackupArgs, maintenance=PostgresqlMaintenanceArgs)
    if made.get("availability_domain") is not None:
        # The settings have its number, the component its name.
        made["availability_domain"] = f"Uocm:US-ASHBURN-AD-{made['availability_domain']}"
    return PostgresqlDatabaseArgs(**PLACED, password_secret_id="p", **made)


def _bucket(**values: Any) -> BucketArgs:
    rules = {name: LifecycleRuleArgs(**rule) for name, rule in values.pop("lifecycle", {}).items()}
    return BucketArgs(compartment_id="c", namespace="n", bucket_name="bucket", lifecycle=rules, **values)


def _lustre(**values: Any) -> LustreFileSystemArgs:
    links = {
        name: ObjectStorageLinkArgs(source="b", **each) for name, each in values.pop("links", {}).items()
    }
    system = {**DOMAIN, "subnet_id": "s", "nsg_ids": ["n"], "file_system_name": "weights"}
    return LustreFileSystemArgs(**system, links=links, **values)


def _search(**values: Any) -> SearchClusterArgs:
    made = nested(values, data=SearchNodesArgs, leaders=SearchNodesArgs, dashboards=SearchNodesArgs)
    placed = {"compartment_id": "c", "vcn_id": "v", "subnet_id": "s", "nsg_id": "n"}
    return SearchClusterArgs(**placed, password_secret_id="p", **made)


DATA: tuple[Noun, ...] = (
    Noun(
        choices=BucketChoices,
        path="storage.buckets[0]",
        section=lambda values: {"buckets": [{"name": "bucket", **values}]},
        component=Bucket,
        args=_bucket,
    ),
    Noun(
        choices=VolumeChoices,
        path="storage.volumeGroups[0].volumes['one']",
        section=lambda values: {"volumeGroups": [{"name": "group", "volumes": {"one": values}}]},
        component=VolumeGroup,
        args=partial(entry("volumes", BlockVolumeArgs, **DOMAIN), VolumeGroupArgs),
        base={"size_gib": 50},
        at="the-noun.volumes['one']",
    ),
    Noun(
        choices=ScheduleChoices,
        path="storage.volumeGroups[0].backups['one']",
        section=lambda values: {
            "volumeGroups": [
                {"name": "group", "volumes": {"one": {"sizeGib": 50}}, "backups": {"one": values}}
            ]
        },
        component=BackupPolicy,
        args=partial(entry("schedules", BackupScheduleArgs, compartment_id="c"), BackupPolicyArgs),
        base={"period": "daily", "keep_days": 7},
        at="the-noun.schedules['one']",
    ),
    Noun(
        choices=LustreChoices,
        path="storage.lustre",
        section=lambda values: {
            "buckets": [{"name": "bucket"}],
            "lustre": {
                **values,
                "links": {
                    name: {**each, "bucket": "bucket"} for name, each in values.get("links", {}).items()
                },
            },
        },
        component=LustreFileSystem,
        args=_lustre,
    ),
    Noun(
        choices=FileChoices,
        path="storage.fileStorage",
        section=lambda values: {"fileStorage": values},
        component=SharedFileSystem,
        args=partial(SharedFileSystemArgs, **DOMAIN, subnet_id="s", nsg_ids=["n"], client_cidr="10.0.0.0/16"),
    ),
    Noun(
        choices=AutonomousChoices,
        path="database.oracle",
        section=lambda values: {"oracle": values},
        component=AutonomousDatabase,
        args=lambda **values: AutonomousDatabaseArgs(
            **PLACED, password_secret_id="p", **nested(values, maintenance=DatabaseMaintenanceArgs)
        ),
        base={"db_name": "genai"},
    ),
    Noun(
        choices=PostgresqlChoices,
        path="database.postgresql",
        section=lambda values: {"postgresql": values},
        component=PostgresqlDatabase,
        args=_postgresql,
    ),
    Noun(
        choices=CacheChoices,
        path="database.cache",
        section=lambda values: {"cache": values},
        component=CacheCluster,
        args=partial(CacheClusterArgs, **PLACED),
    ),
    Noun(
        choices=SearchChoices,
        path="database.opensearch",
        section=lambda values: {"opensearch": values},
        component=SearchCluster,
        args=_search,
    ),
    Noun(
        choices=StreamChoices,
        path="database.streaming.streams['one']",
        section=lambda values: {"streaming": {"streams": {"one": values}}},
        component=EventStreams,
        args=partial(entry("streams", StreamArgs, **PLACED), EventStreamsArgs),
        base={"partitions": 1},
        at="the-noun.streams['one']",
    ),
)
