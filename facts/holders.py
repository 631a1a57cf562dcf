"""What holds something that creating it again does not bring back, by the provider's type.

Sources: the components' own protection (a test holds this table to what prod protects), the provider's resource pages
for what is stored where, and Oracle's pages on deleting vaults, keys and secrets for what waits.
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
        "oci:Redis/redisCluster:RedisCluster": "what it caches",
        "oci:Redis/ociCacheBackup:OciCacheBackup": "the backup",
        "oci:Opensearch/cluster:Cluster": "its indexes",
        "oci:Streaming/stream:Stream": "its messages",
        "oci:Streaming/streamPool:StreamPool": "the messages of its streams",
        "oci:Kms/vault:Vault": "its keys and secrets, and all that they encrypt",
        "oci:Kms/key:Key": "all that it still encrypts, among it backups and volumes of nodes and claims",
        "oci:Vault/secret:Secret": "its versions",
        "oci:Logging/logGroup:LogGroup": "its logs",
        "oci:Logging/log:Log": "what it logged",
        "oci:Dns/zone:Zone": "its records, and the name servers that the registrar points to",
        "oci:Core/publicIp:PublicIp": "the address that clients know",
        "oci:ContainerEngine/cluster:Cluster": "all that runs in it, and the volumes of its claims",
        "oci:Identity/compartment:Compartment": "all that it holds",
        "kubernetes:core/v1:PersistentVolumeClaim": "its files",
    }
)

NO_DATA: Mapping[str, str] = MappingProxyType(
    {"oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": "rules, which the program has"}
)
"""Protected beside the holder of the data."""

SAFEGUARDS: Mapping[str, str] = MappingProxyType(
    {
        "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment": "no more backups are made",
        "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": "nothing more is copied to the other region",
        "oci:FileStorage/replication:Replication": "nothing more is copied to the other file system",
        "oci:FileStorage/filesystemSnapshotPolicy:FilesystemSnapshotPolicy": "no more snapshots are taken",
    }
)
"""What guards data that something else holds."""

VOLUME_KEYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "oci:ContainerEngine/nodePool:NodePool": ("nodeConfigDetails.kmsKeyId", "nodes that stand keep"),
        "kubernetes:storage.k8s.io/v1:StorageClass": ('parameters["kms-key-id"]', "claims that stand keep"),
    }
)
"""Where what makes volumes names their key, and who keeps the old one. Source: Oracle's page on updating node pools,
whose changes hold for new nodes, and Kubernetes' on storage classes, which are read when a volume is made."""
