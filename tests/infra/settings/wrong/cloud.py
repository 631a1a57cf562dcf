"""Mistakes in identity, keys, buckets, PostgreSQL and Lustre that only the cloud can find, with the cloud's
messages."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

TENANCY = "ocid1.tenancy.oc1..aaaasandboxtenancy"
COMPARTMENT = "ocid1.compartment.oc1..aaaasandboxcompartment"
PLACE = {"compartmentId": COMPARTMENT}

BUCKET = "oci:ObjectStorage/bucket:Bucket"
KEY = "oci:Kms/key:Key"
POLICY = "oci:Identity/policy:Policy"
SECRET = "oci:Vault/secret:Secret"
VAULT = "oci:Kms/vault:Vault"
VOLUME = "oci:Core/volume:Volume"
REPLICATION = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"

Inputs = Callable[[Mapping[str, str]], dict[str, Any]]
"""Builds inputs from the ids of earlier resources."""


class Refused(NamedTuple):
    """A resource that the cloud refuses."""

    name: str
    path: str
    """The service and resource as the provider names them."""

    message: str
    """Part of status, code and message."""

    token: str
    inputs: Inputs
    before: tuple[tuple[str, str, Inputs], ...] = ()
    """What stands and is right: label, type, inputs."""

    tenancy: str = TENANCY


def fixed(**inputs: Any) -> Inputs:
    """Inputs without references to other resources."""
    return lambda _ids: {**PLACE, **inputs}


def policy(text: str) -> Inputs:
    """A policy with one statement, in the tenancy."""
    return fixed(compartmentId=TENANCY, name="ours", description="ours", statements=[text])


def of_bucket(name: str, **inputs: Any) -> Inputs:
    """A bucket."""
    return fixed(namespace="axgenai", name=name, **inputs)


def copied(source: str, destination: str) -> Inputs:
    """A replication within the region."""
    return fixed(
        bucket=source, namespace="axgenai", name="copy",
        destinationBucketName=destination, destinationRegionName="us-ashburn-1",
    )  # fmt: skip


def locked(days: float) -> list[dict[str, Any]]:
    """A retention rule of one year, which is locked in this number of days."""
    due = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        {"displayName": "keep", "duration": {"timeAmount": "1", "timeUnit": "YEARS"}, "timeRuleLocked": due}
    ]


A_VAULT = ("vault", VAULT, fixed(displayName="v", vaultType="DEFAULT"))
SHAPE = {"algorithm": "AES", "length": 32}
ENDPOINT = "https://one-management.kms.us-ashburn-1.oraclecloud.com"
A_KEY = ("key", KEY, fixed(displayName="k", keyShape=SHAPE, managementEndpoint=ENDPOINT))

CLOUD: list[Refused] = [
    Refused(
        "a policy for a missing group",
        "Identity Policy",
        "400-InvalidParameter",
        POLICY,
        policy("Allow group nobody to read buckets in tenancy"),
    ),
    Refused(
        "a policy for a missing dynamic group",
        "Identity Policy",
        "400-InvalidParameter",
        POLICY,
        policy("Allow dynamic-group nothing to read buckets in tenancy"),
    ),
    Refused(
        "an unreadable statement",
        "Identity Policy",
        "Unable to parse policy statement",
        POLICY,
        policy("Let everybody in"),
    ),
    Refused(
        "a bucket with a key that nobody granted",
        "Objectstorage Bucket",
        "service objectstorage-us-ashburn-1 is not allowed to use the key",
        BUCKET,
        lambda ids: of_bucket("models", kmsKeyId=ids["key"])(ids),
        (A_KEY,),
    ),
    Refused(
        "a volume with a key without a grant",
        "Core Volume",
        "service blockstorage is not allowed to use the key",
        VOLUME,
        lambda ids: fixed(
            availabilityDomain="Uocm:US-ASHBURN-AD-1", sizeInGbs="100", kmsKeyId=ids["key"]
        )(ids),
        (A_KEY,),
    ),
    Refused(
        "a key rotated monthly",
        "Kms Key",
        "rotationIntervalInDays 30 must be between 60 and 365",
        KEY,
        fixed(displayName="k", keyShape=SHAPE, managementEndpoint=ENDPOINT, isAutoRotationEnabled=True,
              autoKeyRotationDetails={"rotationIntervalInDays": 30}),
    ),
    Refused(
        "a copy to a bucket that comes later",
        "Objectstorage Replication Policy",
        "404-BucketNotFound",
        REPLICATION,
        copied("models", "models-copy"),
        (("source", BUCKET, of_bucket("models")),),
    ),
    Refused(
        "a copy to a bucket that keeps its objects",
        "Objectstorage Replication Policy",
        "must not have retention rules",
        REPLICATION,
        copied("models", "models-copy"),
        (
            ("source", BUCKET, of_bucket("models")),
            ("copy", BUCKET, of_bucket("models-copy", retentionRules=locked(20))),
        ),
    ),
    Refused(
        "a retention that is locked too soon",
        "Objectstorage Bucket",
        "at least 14 days",
        BUCKET,
        of_bucket("backups", retentionRules=locked(13)),
    ),
    Refused(
        "a generated secret without a generation context",
        "Vault Secret",
        "secretGenerationContext is required",
        SECRET,
        lambda ids: fixed(
            secretName="s", vaultId=ids["vault"], keyId=ids["key"], enableAutoGeneration=True
        )(ids),
        (A_VAULT, A_KEY),
    ),
    Refused(
        "a password that Oracle does not accept, with the cloud's message",
        "Database Autonomous Database",
        "must contain at least 1 uppercase character",
        "oci:Database/autonomousDatabase:AutonomousDatabase",
        fixed(dbName="genai", adminPassword="correct-horse-7", computeModel="ECPU", computeCount=4),
    ),
    Refused(
        "six cache nodes, with the cloud's message",
        "Redis Redis Cluster",
        "400-InvalidParameter",
        "oci:Redis/redisCluster:RedisCluster",
        fixed(displayName="c", nodeCount=6, nodeMemoryInGbs=32, softwareVersion="VALKEY_8_1",
              subnetId="ocid1.subnet.oc1.iad.aaaaexample"),
    ),
]  # fmt: skip
