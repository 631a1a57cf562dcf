"""OCI Cache: a Redis or Valkey cluster in memory, and who may log in to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_oci import redis

from components.options import child, stateful
from facts.problem import Problem, refuse

from .cache_rules import cache_problems
from .cache_users import DEFAULT_ACL, DEFAULT_USER, NOTHING, SYSTEM_USER, cache_user
from .connection import connection
from .rules import endpoint_problems

_SLOW = pulumi.CustomTimeouts(create="1h", update="2h", delete="1h")


@dataclass(frozen=True, kw_only=True)
class CacheClusterArgs:
    """What a CacheCluster is made of."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment that holds the cluster."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the endpoints, without IPv6. A change replaces the cluster, and empties the cache."""

    nsg_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the network security groups of the nodes; at least one."""

    nodes: int | None = None
    """Nodes, or nodes of each shard: one primary and its replicas, 1 to 5. Oracle vouches for three and more.
    Default: 3."""

    memory_gib: int | None = None
    """Memory of a node in GiB, 2 to 500. Default: 32."""

    shards: int | None = None
    """Shards that the keys are spread over: an odd number from 3 to 99, 100 nodes in all at most; clients must
    know Redis' cluster mode. Cannot be added or taken away later. Default: no shards."""

    engine: str | None = None
    """`V7_0_5`, `REDIS_7_0`, `VALKEY_7_2` or `VALKEY_8_1`. Default: VALKEY_8_1."""

    user: str | None = None
    """Name that clients log in with: 1 to 64 letters, digits, - and _. A change makes another user. Default: app."""

    password: pulumi.Input[str] | None = None
    """The user's password, 16 to 128 characters without blanks; the service is given its hash, and the state keeps no
    other. Default: none, and the user logs in with tokens of IAM (`oci redis identity-token create`), for which a
    caller needs `use redis-clusters` and `use oci-cache-users`."""

    acl: str | None = None
    """What the user may do, as Redis' ACL rules say it, without those about logging in. Default: all keys and
    channels, and all commands but those that administer the cluster or stop it for everybody."""

    backups: Mapping[str, int] | None = None
    """Backups to make, by a name of your own, each with the days that it is kept. Add one to back up once more;
    taking one out deletes it. Default: none."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the cluster, and leaves it when the stack goes. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class CacheCluster(pulumi.ComponentResource):
    """An OCI Cache cluster on private endpoints, which speak TLS only.

    The security groups decide who reaches it, and its users who comes in: an own user, and nobody else, for the
    system's user `default`, which has no password, is replaced by one that cannot log in. The service has neither key
    nor maintenance window to set.
    """

    cluster_id: pulumi.Output[str]
    """OCID of the cluster."""

    connection: pulumi.Output[Mapping[str, str]]
    """Secret: `host`, `replicasHost`, `port` and `user`; with shards `host` is the discovery endpoint and
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
            # Users go after the cluster: those that are attached cannot be deleted.
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
