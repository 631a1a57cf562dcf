"""Cases of the policies for keys, protection and tags."""

from dataclasses import replace
from typing import Any

from policies.model import Resource
from tests.policies.cases import AUTONOMOUS, BUCKET, INSTANCE, POOL, PROD, UNKNOWN, Case, make, urn

REPLICATION = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"
POSTGRESQL = "oci:Psql/dbSystem:DbSystem"
CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"
VOLUME = "oci:Core/volume:Volume"
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
KEY = "oci:Kms/key:Key"
VERSION = "oci:Kms/keyVersion:KeyVersion"
BLOCK = "blockvolume.csi.oraclecloud.com"
SHARDED = "oci:oci/distributedDatabaseDistributedDatabase:DistributedDatabaseDistributedDatabase"
TWIN = make(REPLICATION, {"bucket": "twin", "destinationBucketName": "twin"}, name="replication")
COPY = make(REPLICATION, {"destinationBucketName": "copy"}, name="replication")


def case(about: str, policy: str, resources: list[Resource], says: str = "") -> Case:
    return Case(about=about, policy=policy, resources=resources, says=says)


def launched(**source: Any) -> dict[str, Any]:
    return {"instanceDetails": {"launchDetails": {"sourceDetails": source}}}


OWN = "own-keys"
OWN_KEYS = [
    case("a volume with a key", OWN, [make(VOLUME, {"kmsKeyId": "k"})]),
    case("a key that is not created yet", OWN, [make(VOLUME, {"kmsKeyId": UNKNOWN})]),
    case("a volume without a key", OWN, [make(VOLUME, {})], "kmsKeyId is missing"),
    case("a clone of a volume", OWN, [make(VOLUME, {"sourceDetails": {"type": "volume", "id": "v"}})]),
    case("a pool with a key", OWN, [make(POOL, {"nodeConfigDetails": {"kmsKeyId": "k"}})]),
    case(
        "a pool without a key",
        OWN,
        [make(POOL, {"nodeConfigDetails": {}})],
        "nodeConfigDetails.kmsKeyId is missing",
    ),
    case("a configuration with a key", OWN, [make(CONFIGURATION, launched(kmsKeyId="k"))]),
    case(
        "a configuration without a key",
        OWN,
        [make(CONFIGURATION, launched())],
        "instanceDetails.launchDetails.sourceDetails.kmsKeyId is missing",
    ),
    case(
        "a shard without a key",
        OWN,
        [make(SHARDED, {"shardDetails": [{"kmsKeyId": "k"}, {}, {"shardSpace": "s"}]})],
        "shardDetails.kmsKeyId is missing",
    ),
    case("a database without a key", OWN, [make(AUTONOMOUS, {})], "kmsKeyId is missing"),
    case("a refreshable clone", OWN, [make(AUTONOMOUS, {"sourceId": "d"})]),
    case(
        "a disk that an instance brings",
        OWN,
        [
            make(
                INSTANCE,
                {
                    "sourceDetails": {"kmsKeyId": "k"},
                    "launchVolumeAttachments": [{"launchCreateVolumeDetails": {"sizeInGbs": "50"}}],
                },
            )
        ],
        "launchVolumeAttachments.launchCreateVolumeDetails.kmsKeyId is missing",
    ),
    case(
        "a class of files",
        OWN,
        [make(CLASS, {"provisioner": "fss.csi.oraclecloud.com"})],
        "parameters.kmsKeyOcid is missing",
    ),
    case("a class with a key", OWN, [make(CLASS, {"provisioner": BLOCK, "parameters": {"kms-key-id": "k"}})]),
    case("a class of another driver", OWN, [make(CLASS, {"provisioner": "example.com"})]),
    case(
        "a class without a key",
        OWN,
        [make(CLASS, {"provisioner": BLOCK})],
        "parameters.kms-key-id is missing",
    ),
    case("a type that cannot have a key", OWN, [make("oci:Core/vcn:Vcn", {})]),
    case("a bucket with a key", "own-keys-of-buckets", [make(BUCKET, {"name": "b", "kmsKeyId": "k"})]),
    case(
        "a bucket without a key", "own-keys-of-buckets", [make(BUCKET, {"name": "b"})], "kmsKeyId is missing"
    ),
    case("a copy without a key", "own-keys-of-buckets", [make(BUCKET, {"name": "copy"}), COPY]),
    case(
        "a bucket whose copy has its name",
        "own-keys-of-buckets",
        [make(BUCKET, {"name": "twin"}), TWIN],
        "kmsKeyId is",
    ),
    case(
        "a copy with the name of its bucket",
        "own-keys-of-buckets",
        [
            make(BUCKET, {"name": "twin"}),
            replace(TWIN, dependencies={"destinationBucketName": [urn(BUCKET, "example", PROD)]}),
        ],
    ),
    case("a copy with a key", "own-keys-advised", [make(BUCKET, {"name": "copy", "kmsKeyId": "k"}), COPY]),
    case(
        "an advised copy", "own-keys-advised", [make(BUCKET, {"name": "copy"}), COPY], "kmsKeyId is missing"
    ),
    case(
        "PostgreSQL with a key", "own-keys-advised", [make(POSTGRESQL, {"storageDetails": {"kmsKeyId": "k"}})]
    ),
    case("PostgreSQL", "own-keys-advised", [make(POSTGRESQL, {})], "storageDetails.kmsKeyId is missing"),
    case("PostgreSQL is only advised", OWN, [make(POSTGRESQL, {})]),
]

PROTECTED = "protected-in-production"


def gpu_instances(*, protect: bool) -> list[Resource]:
    launched = {"instanceDetails": {"launchDetails": {"shape": "BM.GPU.MI300X.8"}}}
    used = {"instanceConfigurationId": "id-of-configuration"}
    return [
        make("oci:Core/instancePool:InstancePool", used, protect=protect),
        make(CONFIGURATION, launched, name="configuration"),
    ]


PROTECTION = [
    case("a protected bucket", PROTECTED, [make(BUCKET, {})]),
    case("a bucket of a test stack", PROTECTED, [make(BUCKET, {}, protect=False, stack="dev")]),
    case(
        "a bucket",
        PROTECTED,
        [make(BUCKET, {}, protect=False)],
        "is not protected; a deletion would be final",
    ),
    case("a pool of CPUs", PROTECTED, [make(POOL, {"nodeShape": "VM.Standard.E5.Flex"}, protect=False)]),
    case(
        "a pool of GPUs",
        PROTECTED,
        [make(POOL, {"nodeShape": "BM.GPU.MI300X.8"}, protect=False)],
        "its GPUs may not be available again",
    ),
    case(
        "a pool of older GPUs",
        PROTECTED,
        [make(POOL, {"nodeShape": "BM.GPU4.8"}, protect=False)],
        "its GPUs may not be available again",
    ),
    case(
        "an instance with GPUs",
        PROTECTED,
        [make(INSTANCE, {"shape": "BM.GPU.MI300X.8"}, protect=False)],
        "its GPUs may not be available again",
    ),
    case(
        "a pool of instances", PROTECTED, gpu_instances(protect=False), "its GPUs may not be available again"
    ),
    case("a protected pool of instances", PROTECTED, gpu_instances(protect=True)),
    case(
        "a reservation of GPUs",
        PROTECTED,
        [
            make(
                "oci:Core/computeCapacityReservation:ComputeCapacityReservation",
                {"instanceReservationConfigs": [{"instanceShape": "BM.GPU.MI300X.8"}]},
                protect=False,
            )
        ],
        "its GPUs may not be available again",
    ),
    case(
        "a cluster network",
        PROTECTED,
        [make("oci:Core/clusterNetwork:ClusterNetwork", {}, protect=False)],
        "its GPUs may not be available again",
    ),
]

FULL = {"CostCentre": "c", "Environment": "prod", "Owner": "o", "DataClassification": "internal"}
DEFINED = {f"Governance.{key}": value for key, value in FULL.items()}
DASHED = {"cost-center": "c", "environment": "prod", "owner": "o", "data_classification": "d"}
TAGS = [
    case("all tags", "tags-present", [make(BUCKET, {"freeformTags": FULL})]),
    case("tags of a namespace", "tags-present", [make(BUCKET, {"definedTags": DEFINED})]),
    case("another spelling", "tags-present", [make(BUCKET, {"freeformTags": DASHED})]),
    case("tags that are not known yet", "tags-present", [make(BUCKET, {"definedTags": UNKNOWN})]),
    case(
        "one tag outside of production",
        "tags-present",
        [make(BUCKET, {"freeformTags": {"Environment": "x"}}, stack="dev")],
    ),
    case("a type without tags", "tags-present", [make("oci:Identity/compartmentImaginary:C", {})]),
    case(
        "no tags",
        "tags-present",
        [make(BUCKET, {})],
        "has no tag Environment, CostCentre, Owner, DataClassification",
    ),
    case(
        "no tags outside of production",
        "tags-present",
        [make(BUCKET, {}, stack="dev")],
        "has no tag Environment.",
    ),
    case(
        "an empty tag",
        "tags-present",
        [make(BUCKET, {"freeformTags": {**FULL, "Owner": ""}})],
        "has no tag Owner.",
    ),
    case(
        "a blank tag",
        "tags-present",
        [make(BUCKET, {"definedTags": {**DEFINED, "Governance.Owner": " "}})],
        "has no tag Owner.",
    ),
    case(
        "a key that only ends in the name",
        "tags-present",
        [make(BUCKET, {"freeformTags": {"x.Environment": "x"}}, stack="dev")],
        "has no tag Environment.",
    ),
]

KEY_OF_VOLUMES = make(KEY, {}, name="key")
USER = make(VOLUME, {"kmsKeyId": "id-of-key"}, name="volume")
UNCREATED = make(VOLUME, {"kmsKeyId": UNKNOWN}, name="volume", uses={"kmsKeyId": [f"{KEY}::key"]})
ONE_VERSION = "no-version-of-volume-key"
VOLUME_KEYS = [
    case("a key of a bucket", ONE_VERSION, [make(VERSION, {"keyId": "id-of-key"}), KEY_OF_VOLUMES]),
    case(
        "a key of a volume with a new version",
        ONE_VERSION,
        [make(VERSION, {"keyId": "id-of-key"}), KEY_OF_VOLUMES, USER],
        "is a new version of key, which volumes use (volume)",
    ),
    case(
        "before anything is created",
        ONE_VERSION,
        [
            make(VERSION, {"keyId": UNKNOWN}, uses={"keyId": [f"{KEY}::key"]}),
            make(KEY, {}, name="key", known_id=False),
            UNCREATED,
        ],
        "is a new version of key, which volumes use (volume)",
    ),
    case(
        "a key of volumes without a schedule",
        ONE_VERSION,
        [make(KEY, {"isAutoRotationEnabled": False}, name="key"), USER],
    ),
    case(
        "a key of volumes with a schedule",
        ONE_VERSION,
        [make(KEY, {"isAutoRotationEnabled": True}, name="key"), USER],
        "isAutoRotationEnabled: true; must be false, because volumes use this key (volume)",
    ),
    case(
        "a key of claims with a schedule",
        ONE_VERSION,
        [
            make(KEY, {"isAutoRotationEnabled": True}, name="key"),
            make(CLASS, {"parameters": {"kms-key-id": "id-of-key"}}, name="class"),
        ],
        "because volumes use this key (class)",
    ),
    case(
        "a key of a disk that an instance brings",
        ONE_VERSION,
        [
            make(VERSION, {"keyId": "id-of-key"}),
            KEY_OF_VOLUMES,
            make(
                INSTANCE,
                {"launchVolumeAttachments": [{"launchCreateVolumeDetails": {"kmsKeyId": "id-of-key"}}]},
                name="instance",
            ),
        ],
        "is a new version of key, which volumes use (instance)",
    ),
]

CASES = [*OWN_KEYS, *PROTECTION, *TAGS, *VOLUME_KEYS]
