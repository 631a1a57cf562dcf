"""The resource types with content that is lost when the resource is created again.

Sources: the components' own protection (a test compares this table with what prod protects); the provider's resource
pages for where content is stored; Oracle's pages on deleting vaults, keys, versions of keys and secrets for pending
deletion; Kubernetes' pages on namespaces, whose deletion deletes every object in them, also claims that the engine does
not know, and on volume snapshots. A claim that a StatefulSet made stays when its chart is removed.
"""

from collections.abc import Mapping
from types import MappingProxyType

HOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "oci:ObjectStorage/bucket:Bucket": "its objects",
        "oci:Core/volume:Volume": "its blocks",
        "oci:Core/bootVolume:BootVolume": "its blocks",
        "oci:FileStorage/fileSystem:FileSystem": "its files",
        "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": "its files",
        "oci:Database/autonomousDatabase:AutonomousDatabase": "its data and its own backups",
        "oci:Database/dbSystem:DbSystem": "its data",
        "oci:Psql/dbSystem:DbSystem": "its data",
        "oci:Psql/backup:Backup": "the backup",
        "oci:Redis/redisCluster:RedisCluster": "its cached values",
        "oci:Redis/ociCacheBackup:OciCacheBackup": "the backup",
        "oci:Opensearch/cluster:Cluster": "its indexes",
        "oci:Streaming/stream:Stream": "its messages",
        "oci:Streaming/streamPool:StreamPool": "the messages of its streams",
        "oci:Kms/vault:Vault": "its keys and secrets, and everything that they encrypt",
        "oci:Kms/key:Key": "everything that it still encrypts, including backups and volumes of nodes and claims",
        "oci:Kms/keyVersion:KeyVersion": "everything that this version encrypts and no newer one has encrypted again",
        "oci:Vault/secret:Secret": "its versions",
        "oci:Logging/logGroup:LogGroup": "its logs",
        "oci:Logging/log:Log": "its entries",
        "oci:Dns/zone:Zone": "its records, and the name servers that the registrar points to",
        "oci:Core/publicIp:PublicIp": "the address that clients know",
        "oci:ContainerEngine/cluster:Cluster": "everything that runs in it, and the volumes of its claims",
        "oci:Identity/compartment:Compartment": "everything in it",
        "kubernetes:core/v1:PersistentVolumeClaim": "its files",
        "kubernetes:core/v1:Namespace": "everything in it, and the files of its claims, also of those that charts made",
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshot": "the snapshot",
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotContent": "the snapshot",
    }
)

NO_DATA: Mapping[str, str] = MappingProxyType(
    {
        "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": "its rules, which are in the program",
        "oci:ContainerEngine/nodePool:NodePool": "its GPU nodes, whose capacity may go to someone else",
        "oci:Core/clusterNetwork:ClusterNetwork": "its GPU nodes, whose capacity may go to someone else",
        "oci:Core/computeCluster:ComputeCluster": "the RDMA network of its nodes",
    }
)
"""Types that are protected although the loss of their content is no loss of data."""

_OPEN_CACHE = (
    "it can no longer log in to the cache. Without another user named `default`, anybody in the network can use "
    "the cache without a password"
)
"""Source: Oracle's page on the users of OCI Cache (docs.oracle.com/en-us/iaas/Content/ocicache/cache-users.htm)."""

SAFEGUARDS: Mapping[str, str] = MappingProxyType(
    {
        "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment": "no more backups are created",
        "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": "nothing more is copied to the other region",
        "oci:FileStorage/replication:Replication": "nothing more is copied to the other file system",
        "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy": "no more snapshots are created",
        "oci:Redis/redisClusterAttachOciCacheUser:RedisClusterAttachOciCacheUser": _OPEN_CACHE,
        "oci:Redis/ociCacheUser:OciCacheUser": _OPEN_CACHE,
        "oci:Waf/appFirewall:AppFirewall": "requests reach its load balancer without the firewall's rules and limits",
    }
)
"""Types that protect another resource, with the effect of their deletion."""

VOLUME_KEYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "oci:ContainerEngine/nodePool:NodePool": ("nodeConfigDetails.kmsKeyId", "existing nodes keep"),
        "kubernetes:storage.k8s.io/v1:StorageClass": ('parameters["kms-key-id"]', "existing claims keep"),
    }
)
"""Types that create volumes: the path of the volumes' key, and the resources that keep the old key after a change.
Sources: Oracle's page on updating node pools (changes apply to new nodes), and Kubernetes' page on storage classes
(they are read when a volume is created)."""
