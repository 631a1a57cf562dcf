"""OCI Cache: sizes, counts and the two kinds of cluster; the logins of users and the clusters they are attached to.

Source for users: docs.oracle.com/en-us/iaas/Content/ocicache (cache-users.htm, cache-user-passwords.htm,
add-cache-user.htm), and the provider's documentation of `hashedPasswords`: SHA-256, and required for PASSWORD.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from facts.databases import (
    CACHE_MEMORY_GIB,
    CACHE_NODES,
    CACHE_NODES_IN_ALL,
    CACHE_SHARDS,
    CACHE_VERSIONS,
)
from sandbox.oci.api import work_requests
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import require_match
from sandbox.oci.api.generic import required
from sandbox.oci.api.listing import page
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import conflict, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import id_of_deleted
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.rules.references import refers

CLUSTER: Final = "oci:Redis/redisCluster:RedisCluster"
USER: Final = "oci:Redis/ociCacheUser:OciCacheUser"
ATTACHMENT: Final = "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser"
refers(CLUSTER, primaryClusterId=(CLUSTER,))
refers(ATTACHMENT, redisClusterId=(CLUSTER,))


@rule(CLUSTER, on="create update")
def cluster_size(call: Call) -> None:
    """400 unless a cluster has 2 to 500 GB, 1 to 5 nodes and an engine version that is offered."""
    for name, (low, high) in (("nodeMemoryInGbs", CACHE_MEMORY_GIB), ("nodeCount", CACHE_NODES)):
        value = number(call.inputs, name)
        if value is not None and not low <= value <= high:
            raise invalid_parameter(f"{name} {value:g} is invalid: it must be between {low} and {high}.")
    refusal = one_of("softwareVersion", call.inputs.get("softwareVersion"), CACHE_VERSIONS)
    refusal = refusal or one_of("clusterMode", call.inputs.get("clusterMode"), ("SHARDED", "NONSHARDED"))
    if refusal:
        raise refusal


@rule(CLUSTER, on="create update")
def shards(call: Call) -> None:
    """400 unless a sharded cluster has an odd number of 3 to 99 shards and at most 100 nodes."""
    sharded = str(call.inputs.get("clusterMode") or "NONSHARDED").upper() == "SHARDED"
    count, (low, high) = number(call.inputs, "shardCount"), CACHE_SHARDS
    if not sharded:
        if count:
            raise invalid_parameter("shardCount is applicable only when clusterMode is SHARDED.")
        return
    if count is None or not low <= count <= high or count % 2 == 0:
        shown = "null" if count is None else f"{count:g}"
        raise invalid_parameter(
            f"shardCount {shown} is invalid: it must be an odd number between {low} and {high}."
        )
    nodes = count * (number(call.inputs, "nodeCount") or 0)
    if nodes > CACHE_NODES_IN_ALL:
        raise invalid_parameter(
            f"The cluster has {nodes:g} nodes: shardCount times nodeCount cannot exceed {CACHE_NODES_IN_ALL}."
        )


MOST_PASSWORDS = 2

_SHA_256 = re.compile(r"[0-9a-fA-F]{64}")


@rule(USER, on="create update")
def login(call: Call) -> None:
    """400 unless PASSWORD has one or two hashed passwords and IAM has none."""
    for mode in blocks(call.inputs, "authenticationMode"):
        kind, given = str(mode.get("authenticationType")), texts(mode, "hashedPasswords")
        refusal = one_of("authenticationType", kind, ("IAM", "PASSWORD"))
        if refusal:
            raise refusal
        if kind == "IAM" and given:
            raise invalid_parameter("hashedPasswords must not be given when authenticationType is IAM.")
        if kind == "PASSWORD" and not 1 <= len(given) <= MOST_PASSWORDS:
            raise invalid_parameter(
                f"hashedPasswords size must be between 1 and {MOST_PASSWORDS} for PASSWORD."
            )
        if not all(_SHA_256.fullmatch(each) for each in given):
            raise invalid_parameter("hashedPasswords must be SHA-256 hashes in 64 hexadecimal digits.")
    refusal = one_of("status", call.inputs.get("status"), ("ON", "OFF"))
    if refusal:
        raise refusal


_CATEGORIES: Final = frozenset(
    {
        "all",
        "keyspace",
        "read",
        "write",
        "set",
        "sortedset",
        "list",
        "hash",
        "string",
        "bitmap",
        "hyperloglog",
    }
    | {
        "geo",
        "stream",
        "pubsub",
        "admin",
        "fast",
        "slow",
        "blocking",
        "dangerous",
        "connection",
        "transaction",
        "scripting",
    }
)
"""The categories that ACL CAT lists, from the pages of valkey.io and redis.io, and `all`."""

_ACL_RULE = re.compile(
    r"all(keys|channels|commands)|nocommands|reset(keys|channels)?|clearselectors|(skip-)?sanitize-payload"
    r"|on|off|nopass|resetpass|[><#!]\S+|(~|&|%(R|W|RW|WR)~)\S+|[+-]@\w+|[+-]\w[\w.-]*(\|\w[\w.-]*)?",
    re.IGNORECASE | re.ASCII,
)
_SELECTOR = re.compile(r"(?<!\S)\((.*?)\)(?!\S)")


@rule(USER, on="create update")
def acl(call: Call) -> None:
    """400 for an invalid rule of the server's ACL language or an unknown category. The message follows the server's."""
    text = str(call.inputs.get("aclString") or "")
    for rules in (_SELECTOR.sub(" ", text), *_SELECTOR.findall(text)):
        _judge_rules(rules.split())


def _judge_rules(words: list[str]) -> None:
    """Source: ACLSetSelector in Valkey's src/acl.c, and ACLSetUserStringError for the texts."""
    open_to_all = {"keys": False, "channels": False}
    for word in words:
        category = re.fullmatch(r"[+-]@(.*)", word)
        if not _ACL_RULE.fullmatch(word):
            raise invalid_parameter(f"aclString: Error in ACL SETUSER modifier '{word}': Syntax error")
        if category and category[1].lower() not in _CATEGORIES:
            raise invalid_parameter(
                f"aclString: Error in ACL SETUSER modifier '{word}': Unknown command or category name in ACL"
            )
        kind = "channels" if word[0] == "&" or word.lower() in ("allchannels", "resetchannels") else "keys"
        if word.lower() in ("allkeys", "~*", "allchannels", "&*"):
            open_to_all[kind] = True
        elif word.lower() in ("reset", "resetkeys", "resetchannels"):
            open_to_all |= {"keys": False, "channels": False} if word.lower() == "reset" else {kind: False}
        elif word[0] in "~%&" and open_to_all[kind]:
            raise invalid_parameter(
                f"aclString: Error in ACL SETUSER modifier '{word}': Adding a pattern after the * pattern (or the "
                f"'all{kind}' flag) is not valid and does not have any effect."
            )


@rule(ATTACHMENT)
def attached_users(call: Call) -> None:
    """400 for two users with the same name on a cluster."""
    cluster = str(call.inputs.get("redisClusterId"))
    call.cloud.require(cluster, CLUSTER, path="redisClusterId", region=call.region)
    names = {name for each in _attachments(call, cluster) for name in _names(call, each)}
    for id_ in texts(call.inputs, "ociCacheUsers"):
        call.cloud.require(id_, USER, path="ociCacheUsers", region=call.region)
        user = call.cloud.find(id_)
        name = str(user.inputs.get("name")) if user else id_
        if name in names:
            raise invalid_parameter(f"The cluster {cluster} has a user named {name} already.")
        names.add(name)


@rule(USER, on="delete")
def detached_user(call: Call) -> None:
    """409 while the user is attached to a cluster that exists: the provider's attachment is not undone by its delete.

    Source: terraform-provider-oci 8.28.0, `deleteRedisRedisClusterAttachOciCacheUser` does nothing. So the attachments
    of a deleted cluster may still be there.
    """
    user = id_of_deleted(call)
    for each in call.cloud.referrers(user):
        cluster = call.cloud.find(str(each.inputs.get("redisClusterId")))
        if each.token == ATTACHMENT and cluster is not None and cluster.live:
            raise conflict(f"The user {user} is attached to the cluster {cluster.id}.", "IncorrectState")


def _attachments(call: Call, cluster: str) -> Iterator[Entry]:
    return (each for each in call.cloud.all(ATTACHMENT) if each.inputs.get("redisClusterId") == cluster)


def _names(call: Call, attachment: Entry) -> Iterator[str]:
    for id_ in texts(attachment.inputs, "ociCacheUsers"):
        user = call.cloud.find(id_)
        if user is not None:
            yield str(user.inputs.get("name"))


@computed(CLUSTER)
def cluster_outputs(context: CreateContext) -> dict[str, Any]:
    host = f"{context.unique}-p.redis.{context.region}.oci.oraclecloud.com"
    if str(context.inputs.get("clusterMode")).upper() == "SHARDED":
        return {"discoveryFqdn": host.replace("-p.", "-d.")}
    return {"primaryFqdn": host, "replicasFqdn": host.replace("-p.", "-r.")}


_CLUSTERS = "redis.RedisClusterClient"
_USERS = "redis.OciCacheUserClient"
_IMPORTED = {"bucketName": "bucket", "namespaceName": "namespace", "objects.objectName": "object"}
_NAMES = {f"importFromObjectStorageDetails.{name}": own for name, own in _IMPORTED.items()}
endpoint(CLUSTER, _CLUSTERS, "redis_cluster", names=_NAMES)
endpoint(USER, _USERS, "oci_cache_user")


@answers(_CLUSTERS, "attach_oci_cache_users")
def attach_users(request: Request) -> Response:
    """Let users log in to a cluster."""
    cluster = required(endpoint_of(CLUSTER), request)
    require_match(request.headers, cluster)
    inputs = {"redisClusterId": cluster.id, "ociCacheUsers": request.body["ociCacheUsers"]}
    request.operations.create(request.account, ATTACHMENT, "", inputs)
    return _begun(request, cluster)


@answers(_CLUSTERS, "detach_oci_cache_users")
def detach_users(request: Request) -> Response:
    """Keep users out of a cluster again. 404 for one that is not attached (unverified)."""
    wanted, act, account = set(request.body["ociCacheUsers"]), request.operations, request.account
    with act.call(account, "update", CLUSTER, request.operation.name):
        cluster = required(endpoint_of(CLUSTER), request)
        require_match(request.headers, cluster)
        found = _attached_to(request, cluster.id)
        missing = wanted - {user for each in found for user in texts(each.inputs, "ociCacheUsers")}
        if missing:
            raise not_found(f"ociCacheUsers: {', '.join(sorted(missing))}")
        for each in found:
            left = [user for user in texts(each.inputs, "ociCacheUsers") if user not in wanted]
            if not left:
                act.delete(account, ATTACHMENT, each.urn, each.id)
            elif len(left) < len(texts(each.inputs, "ociCacheUsers")):
                act.update(account, ATTACHMENT, each.urn, each.id, {**each.inputs, "ociCacheUsers": left})
    return _begun(request, cluster)


@answers(_CLUSTERS, "list_attached_oci_cache_users", reads=("compartmentId", "displayName"), lists=True)
def list_attached_users(request: Request) -> Response:
    """The users of a cluster."""
    cluster = required(endpoint_of(CLUSTER), request)
    users = [
        user for each in _attached_to(request, cluster.id) for user in texts(each.inputs, "ociCacheUsers")
    ]
    return _chosen(request, "ociCacheUserId", users, "name")


@answers(_USERS, "list_attached_redis_clusters", reads=("compartmentId", "displayName"), lists=True)
def list_clusters_of_a_user(request: Request) -> Response:
    """The clusters to which a user is attached."""
    user = required(endpoint_of(USER), request)
    found = (each for each in request.cloud.all(ATTACHMENT) if user.id in texts(each.inputs, "ociCacheUsers"))
    return _chosen(
        request, "ociCacheClusterId", [str(each.inputs["redisClusterId"]) for each in found], "displayName"
    )


def _attached_to(request: Request, cluster: str) -> list[Entry]:
    return [each for each in request.cloud.all(ATTACHMENT) if each.inputs.get("redisClusterId") == cluster]


def _chosen(request: Request, shown_as: str, ids: list[str], name: str) -> Response:
    """Rows that contain only an id. The filters look at the resource behind it."""
    wanted = {"compartmentId": request.argument("compartmentId"), name: request.argument("displayName")}
    found = {each: request.cloud.find(each) for each in ids}
    rows = [
        {shown_as: id_}
        for id_, entry in found.items()
        if all(value is None or (entry and entry.outputs.get(key) == value) for key, value in wanted.items())
    ]
    return page(request, rows, ignored=("compartmentId", "displayName"))


def _begun(request: Request, cluster: Entry) -> Response:
    """The provider waits for a work request that updates the cluster."""
    headers = work_requests.begin(request, "update", "redis_cluster", cluster.id, cluster.compartment_id)
    return Response(status=202, headers=headers)
