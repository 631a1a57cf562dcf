"""Identity, notifications, and other platform services."""

from typing import Any

from sandbox.oci.computed import Making, special


@special("oci:Ons/notificationTopic:NotificationTopic")
def topic(making: Making) -> dict[str, Any]:
    return {
        "topicId": making.id,
        "apiEndpoint": f"https://notification.{making.region}.oci.oraclecloud.com",
        "shortTopicId": making.unique,
    }


@special("oci:Identity/compartment:Compartment")
def compartment(making: Making) -> dict[str, Any]:
    return {"isAccessible": True, "compartmentId": making.inputs.get("compartmentId") or making.tenancy}


@special("oci:Identity/domain:Domain")
def domain(making: Making) -> dict[str, Any]:
    return {"url": f"https://idcs-{making.unique}.identity.oraclecloud.com:443"}


@special("oci:Streaming/streamPool:StreamPool")
def stream_pool(making: Making) -> dict[str, Any]:
    return {"endpointFqdn": f"cell-1.streaming.{making.region}.oci.oraclecloud.com"}


@special("oci:Functions/function:Function")
def function(making: Making) -> dict[str, Any]:
    return {"invokeEndpoint": f"https://{making.unique}.{making.region}.functions.oci.oraclecloud.com"}


@special("oci:Redis/redisCluster:RedisCluster")
def cache(making: Making) -> dict[str, Any]:
    host = f"{making.unique}-p.redis.{making.region}.oci.oraclecloud.com"
    if str(making.inputs.get("clusterMode")).upper() == "SHARDED":
        return {"discoveryFqdn": host.replace("-p.", "-d.")}
    return {"primaryFqdn": host, "replicasFqdn": host.replace("-p.", "-r.")}


@special("oci:Opensearch/cluster:Cluster")
def search(making: Making) -> dict[str, Any]:
    host = f"{making.unique}.opensearch.{making.region}.oci.oraclecloud.com"
    return {"fqdn": host, "opensearchFqdn": host, "opendashboardFqdn": f"dash-{host}"}
