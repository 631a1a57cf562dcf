"""The resource types of the OCI provider that can use a customer's key, and the field for it.

Source: the schema of terraform-provider-oci 8.28.0 as pulumi-oci names it. A test compares both lists with the table of
fields in `facts/data/oci`: every type with an input for a key is in one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class KeyField:
    """Where a type has its key."""

    keys: Sequence[str]
    """Paths of the fields. One of them is enough."""
    block: str = ""
    """The block that contains them, if the resource may have several. Each of its blocks needs a key."""
    inherited: Sequence[str] = ()
    """If one of these fields is set, the resource has the key of another resource and accepts none."""

    @property
    def paths(self) -> list[str]:
        """The whole paths of the fields."""
        return [f"{self.block}.{each}" if self.block else each for each in self.keys]


def _at(*keys: str, block: str = "", inherited: Sequence[str] = ()) -> KeyField:
    return KeyField(keys=keys, block=block, inherited=inherited)


_KEY = _at("kmsKeyId")
_DATABASE = ("database.kmsKeyId", "kmsKeyId")

KEY_FIELDS: Mapping[str, KeyField] = {
    "oci:Analytics/analyticsInstance:AnalyticsInstance": _KEY,
    "oci:BigDataService/bdsInstance:BdsInstance": _KEY,
    "oci:ContainerEngine/cluster:Cluster": _KEY,
    "oci:ContainerEngine/nodePool:NodePool": _at("nodeConfigDetails.kmsKeyId"),
    # A volume that is restored or cloned has the key of its source.
    "oci:Core/bootVolume:BootVolume": _at("kmsKeyId", inherited=["sourceDetails.id"]),
    "oci:Core/volume:Volume": _at("kmsKeyId", inherited=["sourceDetails.id", "volumeBackupId"]),
    "oci:Core/instance:Instance": _at("sourceDetails.kmsKeyId", inherited=["instanceConfigurationId"]),
    "oci:Core/instanceConfiguration:InstanceConfiguration": _at(
        "sourceDetails.kmsKeyId", block="instanceDetails.launchDetails"
    ),
    # A database of a dedicated container and a refreshable clone have the key of what they belong to.
    "oci:Database/autonomousDatabase:AutonomousDatabase": _at(
        "kmsKeyId", "encryptionKey.kmsKeyId", inherited=["sourceId", "autonomousContainerDatabaseId"]
    ),
    "oci:Database/autonomousContainerDatabase:AutonomousContainerDatabase": _KEY,
    "oci:Database/database:Database": _at(*_DATABASE),
    "oci:Database/dbHome:DbHome": _at(*_DATABASE),
    "oci:Database/dbSystem:DbSystem": _at("kmsKeyId", "dbHome.database.kmsKeyId"),
    "oci:FileStorage/fileSystem:FileSystem": _at("kmsKeyId", inherited=["sourceSnapshotId"]),
    "oci:FusionApps/fusionEnvironment:FusionEnvironment": _KEY,
    "oci:Lustre/fileStorageLustreFileSystem:FileStorageLustreFileSystem": _KEY,
    "oci:MediaServices/streamPackagingConfig:StreamPackagingConfig": _at("encryption.kmsKeyId"),
    "oci:Nosql/configuration:Configuration": _at("kmsKey.id"),
    "oci:ObjectStorage/bucket:Bucket": _KEY,
    "oci:Mysql/mysqlDbSystem:MysqlDbSystem": _at("encryptData.keyId"),
    "oci:Psql/dbSystem:DbSystem": _at("storageDetails.kmsKeyId", inherited=["source.primaryDbSystemId"]),
    "oci:Queue/queue:Queue": _at("customEncryptionKeyId"),
    "oci:Streaming/streamPool:StreamPool": _at("customEncryptionKey.kmsKeyId"),
    "oci:Vault/secret:Secret": _at("keyId"),
    "oci:oci/distributedDatabaseDistributedAutonomousDatabase:DistributedDatabaseDistributedAutonomousDatabase": _at(
        "kmsKeyId", block="shardDetails"
    ),
    "oci:oci/distributedDatabaseDistributedDatabase:DistributedDatabaseDistributedDatabase": _at(
        "kmsKeyId", block="shardDetails"
    ),
}

FURTHER: Mapping[str, Sequence[KeyField]] = {
    "oci:Core/instance:Instance": [
        _at("kmsKeyId", block="launchVolumeAttachments.launchCreateVolumeDetails")
    ],
    "oci:Core/instanceConfiguration:InstanceConfiguration": [
        _at("kmsKeyId", block="instanceDetails.blockVolumes.createDetails"),
        _at("sourceDetails.kmsKeyId", block="instanceDetails.options.launchDetails"),
        _at("kmsKeyId", block="instanceDetails.options.blockVolumes.createDetails"),
    ],
    "oci:oci/distributedDatabaseDistributedAutonomousDatabase:DistributedDatabaseDistributedAutonomousDatabase": [
        _at("kmsKeyId", block="catalogDetails")
    ],
    "oci:oci/distributedDatabaseDistributedDatabase:DistributedDatabaseDistributedDatabase": [
        _at("kmsKeyId", block="catalogDetails")
    ],
}
"""Blocks in which a type of `KEY_FIELDS` creates something else with a key of its own."""

_CREDENTIALS = "the key encrypts credentials of another system, and the provider requires it"
_OPERATION = "an operation with a key, not a store of data"
_BACKUP = "a copy within the region has the key of its source"
_SIGNING = "the key signs or checks signatures"
_OTHER_REGION = "the key encrypts only a copy in another region"

NOT_AT_REST: Mapping[str, str] = {
    "oci:Artifacts/containerImageSignature:ContainerImageSignature": _SIGNING,
    "oci:BigDataService/bdsInstanceIdentityConfiguration:BdsInstanceIdentityConfiguration": _CREDENTIALS,
    "oci:CertificatesManagement/certificateAuthority:CertificateAuthority": _SIGNING,
    "oci:CloudMigrations/targetAsset:TargetAsset": "a plan of a migration: the instance that it creates is judged",
    "oci:Core/bootVolumeBackup:BootVolumeBackup": _BACKUP,
    "oci:Core/volumeBackup:VolumeBackup": _BACKUP,
    "oci:Core/volumeBackupPolicyAssignment:VolumeBackupPolicyAssignment": _OTHER_REGION,
    "oci:Core/volumeGroup:VolumeGroup": _OTHER_REGION,
    "oci:Core/volumeGroupBackup:VolumeGroupBackup": _BACKUP,
    "oci:DatabaseMigration/connection:Connection": _CREDENTIALS,
    "oci:DatabaseMigration/migration:Migration": _CREDENTIALS,
    "oci:DelegateAccessControl/delegationControl:DelegationControl": "the key encrypts the audit of support sessions",
    "oci:DisasterRecovery/drProtectionGroup:DrProtectionGroup": _OTHER_REGION,
    "oci:FleetAppsManagement/fleet:Fleet": _CREDENTIALS,
    "oci:FleetAppsManagement/fleetCredential:FleetCredential": _CREDENTIALS,
    "oci:Functions/application:Application": _SIGNING,
    "oci:GoldenGate/connection:Connection": _CREDENTIALS,
    "oci:GoldenGate/databaseRegistration:DatabaseRegistration": _CREDENTIALS,
    "oci:Kms/encryptedData:EncryptedData": _OPERATION,
    "oci:Kms/generatedKey:GeneratedKey": _OPERATION,
    "oci:Kms/keyVersion:KeyVersion": _OPERATION,
    "oci:Kms/sign:Sign": _OPERATION,
    "oci:Kms/verify:Verify": _OPERATION,
    "oci:Mysql/mysqlBackup:MysqlBackup": _BACKUP,
    "oci:ObjectStorage/storageObject:StorageObject": "an object has the key of its bucket",
    "oci:StackMonitoring/monitoredResource:MonitoredResource": _CREDENTIALS,
}
"""Types with an input for a key that need none, and why."""
