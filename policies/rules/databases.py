"""Databases and other stores of data have no endpoint on the internet."""

from collections.abc import Iterator

from policies.model import Config, Policy, Resource, at, known, means_true

PRIVATE_ENDPOINTS = {
    "oci:Database/autonomousDatabase:AutonomousDatabase": ("subnetId", "autonomousContainerDatabaseId"),
    "oci:Streaming/streamPool:StreamPool": ("privateEndpointSettings.subnetId",),
}
"""Types that are on the internet unless one of these fields is set."""

NEVER_PUBLIC = {
    "oci:GoldenGate/deployment:Deployment": "isPublic",
    "oci:Artifacts/containerRepository:ContainerRepository": "isPublic",
}
BUCKET = "oci:ObjectStorage/bucket:Bucket"
CLOSED = "NoPublicAccess"


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Problems of one resource."""
    fields = PRIVATE_ENDPOINTS.get(resource.type, ())
    if fields and not any(at(resource.inputs, each) for each in fields):
        yield f"{fields[0]} is missing, so its endpoint is on the internet. Give it a private subnet"
    switch = NEVER_PUBLIC.get(resource.type)
    if switch and means_true(resource.inputs.get(switch)):
        yield f"{switch}: true; must be false, or anyone can reach it"
    access = resource.inputs.get("accessType") or CLOSED
    if resource.type == BUCKET and known(access) and access != CLOSED:
        yield f"accessType: {access}; must be {CLOSED}, or anyone can read its objects"


POLICY = Policy(
    name="no-public-database",
    description="Databases, streams, buckets and registries have no public access.",
    source="CIS OCI Foundations 3.0, controls 2.8 and 5.1.1; the provider's schema for the fields",
    judge=judge,
)
