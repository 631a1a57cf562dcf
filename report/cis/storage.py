"""Checks of keys, buckets, volumes, file systems and compartments."""

from collections.abc import Callable

from report.resources import Resource, as_mapping

from .finding import (
    BUCKET,
    CONFIGURATION,
    NODE_POOL,
    Finding,
    Findings,
    Resources,
    broken,
    is_root,
    launch_of,
    of_types,
)

LONGEST_ROTATION_DAYS = 365
KEY = "oci:Kms/key:Key"
_IN_ROOT = (
    "oci:Core/vcn:Vcn",
    "oci:Core/instance:Instance",
    "oci:Core/volume:Volume",
    "oci:FileStorage/fileSystem:FileSystem",
    BUCKET,
    "oci:Database/autonomousDatabase:AutonomousDatabase",
    "oci:Database/dbSystem:DbSystem",
)
"""The types that Oracle's checker looks for in the root compartment."""


def rotation(resources: Resources) -> Findings:
    """Keys that are not renewed within a year. A key of volumes can have one version only."""
    keys = of_types(resources, KEY)
    volumes = _volume_keys(resources)
    return (
        [
            Finding(each.name, "Block Volume supports keys with one version" if each.id in volumes else "")
            for each in keys
            if not 0 < _days(each) <= LONGEST_ROTATION_DAYS
        ]
        if keys
        else None
    )


def _days(key: Resource) -> float:
    days = as_mapping(key.inputs.get("autoKeyRotationDetails")).get("rotationIntervalInDays")
    on = key.inputs.get("isAutoRotationEnabled") is True
    return float(days) if on and isinstance(days, int | float) else 0


def _volume_keys(resources: Resources) -> set[object]:
    pools = (as_mapping(each.inputs.get("nodeConfigDetails")) for each in of_types(resources, NODE_POOL))
    sources = (
        as_mapping(launch_of(each).get("sourceDetails")) for each in of_types(resources, CONFIGURATION)
    )
    volumes = (each.inputs for each in of_types(resources, "oci:Core/volume:Volume"))
    return {each.get("kmsKeyId") for each in (*pools, *sources, *volumes)} - {None}


def private_buckets(resources: Resources) -> Findings:
    """Public buckets."""
    private = (None, "NoPublicAccess")
    return broken(of_types(resources, BUCKET), lambda each: each.inputs.get("accessType") not in private)


def _copies(resources: Resources) -> set[object]:
    policies = of_types(resources, "oci:ObjectStorage/replicationPolicy:ReplicationPolicy")
    return {each.inputs.get("destinationBucketName") for each in policies}


def bucket_keys(resources: Resources) -> Findings:
    """Buckets without a customer's key. The vault's keys are not in the region of copies."""
    copies, buckets = _copies(resources), of_types(resources, BUCKET)
    return (
        [
            Finding(each.name, "a copy in another region" if each.inputs.get("name") in copies else "")
            for each in buckets
            if not each.inputs.get("kmsKeyId")
        ]
        if buckets
        else None
    )


def versioning(resources: Resources) -> Findings:
    """Buckets without older versions. Retention rules and replication exclude them."""
    copies, buckets = _copies(resources), of_types(resources, BUCKET)

    def reason(each: Resource) -> str:
        if each.inputs.get("retentionRules"):
            return "a retention rule excludes versions"
        return "the destination of a replication" if each.inputs.get("name") in copies else ""

    return (
        [Finding(each.name, reason(each)) for each in buckets if each.inputs.get("versioning") != "Enabled"]
        if buckets
        else None
    )


def keys_of(token: str) -> Callable[[Resources], Findings]:
    """Resources of a type without a customer's key."""
    return lambda resources: broken(of_types(resources, token), lambda each: not each.inputs.get("kmsKeyId"))


def own_compartment(resources: Resources) -> Findings:
    """Nothing is outside the root compartment."""
    placed = [each for each in resources if each.inputs.get("compartmentId") and not is_root(each)]
    return [] if placed else [Finding("compartments")]


def root_compartment(resources: Resources) -> Findings:
    """Resources in the root compartment."""
    return [Finding(each.name) for each in of_types(resources, *_IN_ROOT) if is_root(each)]
