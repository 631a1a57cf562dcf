"""OCI Cache: an in-memory Redis or Valkey cluster, and the users that may log in to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import redis

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .cache_rules import cache_problems
from .cache_users import DEFAULT_ACL, DEFAULT_USER, NOTHING, SYSTEM_USER, cache_user
from .connection import connection
from .rules import endpoint_problems

_SLOW = pulumi.CustomTimeouts(create="1h", update="2h", delete="1h")


@dataclass(frozen=True, kw_only=True)
class CacheClusterArgs:
    """Arguments of a CacheCluster."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the cluster."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the endpoints, without IPv6. A change replaces the cluster and loses its content."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the network security groups of the nodes, at least one."""

    nodes: int | None = None
    """Nodes, or nodes of each shard: one primary and its replicas, 1 to 5. Oracle's guarantees need three or more.
    Default: 3."""

    memory_gib: int | None = None
    """Memory of a node in GiB, 2 to 500. Default: 32."""

    shards: int | None = None
    """Shards over which the keys are distributed: an odd number from 3 to 99, with at most 100 nodes in total. Clients
    must support Redis' cluster mode. Shards cannot be turned on or off later. Default: no shards."""

    engine: str | None = None
    """`V7_0_5`, `REDIS_7_0`, `VALKEY_7_2` or `VALKEY_8_1`. Default: VALKEY_8_1."""

    user: str | None = None
    """User name of the clients: 1 to 64 letters, digits, - and _. A change creates another user. Default: app."""

    password: pulumi.Input[str] | None = None
    """The user's password, 16 to 128 characters without blanks. The service and the state get only its hash. Default:
    none: the user logs in with IAM tokens
    (`oci redis redis-identity create-identity-token-details create-identity-token`), and the caller needs the
    permissions `use redis-clusters` and `use oci-cache-users`."""

    acl: str | None = None
    """What the user may do: Redis ACL rules, without rules about the login. Default: all keys and channels, and all
    commands except those that administer the cluster or block it for everybody."""

    backups: Mapping[str, int] | None = None
    """Backups by a name that you choose, each with the days for which it is kept. Add an entry to create another
    backup. If you remove an entry, its backup is deleted. Default: none."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the cluster, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CacheCluster(CheckedArgs, pulumi.ComponentResource):
    """An OCI Cache cluster with private endpoints that accept only TLS.

    The security groups decide which hosts can connect. Only the cluster's own user can log in: the system's user
    `default`, which has no password, is replaced by a user that cannot log in. The service has no setting for a key or
    a maintenance window.
    """

    cluster_id: pulumi.Output[str]
    """OCID of the cluster."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `host`, `replicasHost`, `port` and `user`; with shards, `host` is the discovery endpoint and
    `replicasHost` is empty."""

    def __init__(self, name: str, args: CacheClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the cache {name}")
        super().__init__("genai:index:CacheCluster", name, {}, opts)
        cluster = self._cluster(name, args, self._users(name, args))
        self._back_up(name, args, cluster)

        self.cluster_id = cluster.id
        self.connection = connection(
            host=cluster.discovery_fqdn if args.shards else cluster.primary_fqdn,
            replicasHost="" if args.shards else cluster.replicas_fqdn,
            port="6379",
            user=args.user or DEFAULT_USER,
        )
        self.register_outputs({"clusterId": self.cluster_id, "connection": self.connection})

    def _cluster(
        self, name: str, args: CacheClusterArgs, users: "dict[str, redis.OciCacheUser]"
    ) -> "redis.RedisCluster":
        cluster = redis.RedisCluster(
            f"{name}-cluster",
            redis.RedisClusterArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                cluster_mode="SHARDED" if args.shards else "NONSHARDED",
                shard_count=args.shards,
                node_count=args.nodes or 3,
                node_memory_in_gbs=args.memory_gib or 32,
                software_version=args.engine or "VALKEY_8_1",
                subnet_id=args.subnet_id,
                nsg_ids=args.nsg_ids,
                freeform_tags=args.tags,
            ),
            # The cluster is deleted before the users, because attached users cannot be deleted.
            opts=stateful(
                self,
                args.protect,
                pulumi.ResourceOptions(custom_timeouts=_SLOW, depends_on=[*users.values()]),
            ),
        )
        for user, made in users.items():
            redis.RedisClusterAttachOciCacheUser(
                f"{name}-{user}-attachment",
                redis.RedisClusterAttachOciCacheUserArgs(
                    redis_cluster_id=cluster.id, oci_cache_users=[made.id]
                ),
                opts=child(self),
            )
        return cluster

    def _users(self, name: str, args: CacheClusterArgs) -> "dict[str, redis.OciCacheUser]":
        closed = cache_user(
            self,
            f"{name}-{SYSTEM_USER}-user",
            compartment_id=args.compartment_id,
            user=SYSTEM_USER,
            acl=NOTHING,
            description=f"Takes the place of the system's user of {name}, which has no password",
            password=None,
            closed=True,
            tags=args.tags,
        )
        wanted = args.user or DEFAULT_USER
        own = cache_user(
            self,
            f"{name}-{wanted}-user",
            compartment_id=args.compartment_id,
            user=wanted,
            acl=args.acl or DEFAULT_ACL,
            description=f"Clients of {name}",
            password=args.password,
            tags=args.tags,
        )
        return {SYSTEM_USER: closed, wanted: own}

    def _back_up(self, name: str, args: CacheClusterArgs, cluster: "redis.RedisCluster") -> None:
        for backup, days in (args.backups or {}).items():
            redis.OciCacheBackup(
                f"{name}-backup-{backup}",
                redis.OciCacheBackupArgs(
                    compartment_id=args.compartment_id,
                    display_name=f"{name}-{backup}",
                    source_cluster_id=cluster.id,
                    retention_period_in_days=days,
                    freeform_tags=args.tags,
                ),
                opts=stateful(self, args.protect, pulumi.ResourceOptions(custom_timeouts=_SLOW)),
            )


def _problems(args: CacheClusterArgs, path: str) -> Iterator[Problem]:
    yield from endpoint_problems(args.nsg_ids, path=path)
    plain = args.password if isinstance(args.password, str) else None
    yield from cache_problems(args, password=plain, path=path)
