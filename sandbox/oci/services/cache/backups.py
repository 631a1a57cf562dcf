"""OCI Cache: backups of clusters. They stay when the cluster is deleted."""

from typing import Any, Final

from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.cache.clusters import CLUSTER

BACKUP: Final = "oci:Redis/ociCacheBackup:OciCacheBackup"

endpoint(BACKUP, "redis.OciCacheBackupClient", "oci_cache_backup")


@rule(BACKUP)
def backed_up_cluster(call: Call) -> None:
    """404 for a cluster that does not exist."""
    source = str(call.inputs.get("sourceClusterId"))
    call.cloud.require(source, CLUSTER, path="sourceClusterId", region=call.region)


@computed(BACKUP)
def backup_outputs(context: CreateContext) -> dict[str, Any]:
    """What a backup keeps of its cluster. Its size is none, because caches have no content here."""
    if context.old is not None:
        return {}
    source = context.cloud.find(str(context.inputs.get("sourceClusterId")))
    cluster = source.outputs if source else {}
    return {
        "backupType": "MANUAL",
        "backupSource": context.inputs.get("backupSource") or "PRIMARY",
        "clusterMode": cluster.get("clusterMode") or "NONSHARDED",
        "clusterMemoryInGbs": cluster.get("nodeMemoryInGbs"),
        "shardCount": cluster.get("shardCount"),
        "softwareVersion": cluster.get("softwareVersion"),
    }
