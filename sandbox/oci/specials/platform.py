"""Identity, notifications, and other platform services."""

from typing import Any

from sandbox.oci.computed import CreateContext, special


@special("oci:Ons/notificationTopic:NotificationTopic")
def topic(context: CreateContext) -> dict[str, Any]:
    return {
        "topicId": context.id,
        "apiEndpoint": f"https://notification.{context.region}.oci.oraclecloud.com",
        "shortTopicId": context.unique,
    }


@special("oci:Identity/compartment:Compartment")
def compartment(context: CreateContext) -> dict[str, Any]:
    return {"isAccessible": True, "compartmentId": context.inputs.get("compartmentId") or context.tenancy}


@special("oci:Identity/domain:Domain")
def domain(context: CreateContext) -> dict[str, Any]:
    return {"url": f"https://idcs-{context.unique}.identity.oraclecloud.com:443"}


@special("oci:Streaming/streamPool:StreamPool")
def stream_pool(context: CreateContext) -> dict[str, Any]:
    return {"endpointFqdn": f"cell-1.streaming.{context.region}.oci.oraclecloud.com"}


@special("oci:Functions/function:Function")
def function(context: CreateContext) -> dict[str, Any]:
    return {"invokeEndpoint": f"https://{context.unique}.{context.region}.functions.oci.oraclecloud.com"}


@special("oci:Redis/redisCluster:RedisCluster")
def cache(context: CreateContext) -> dict[str, Any]:
    host = f"{context.unique}-p.redis.{context.region}.oci.oraclecloud.com"
    if str(context.inputs.get("clusterMode")).upper() == "SHARDED":
        return {"discoveryFqdn": host.replace("-p.", "-d.")}
    return {"primaryFqdn": host, "replicasFqdn": host.replace("-p.", "-r.")}


@special("oci:Opensearch/cluster:Cluster")
def search(context: CreateContext) -> dict[str, Any]:
    host = f"{context.unique}.opensearch.{context.region}.oci.oraclecloud.com"
    return {"fqdn": host, "opensearchFqdn": host, "opendashboardFqdn": f"dash-{host}"}
