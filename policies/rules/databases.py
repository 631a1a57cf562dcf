"""Databases and other stores of data have no endpoint on the internet."""

from collections.abc import Iterator, Sequence

from policies.model import Config, Policy, Resource, at, known, means_true, referred
from policies.rules.subnets import SUBNET, gives_addresses

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
ANALYTICS = "oci:Analytics/analyticsInstance:AnalyticsInstance"
ENDPOINT = "networkEndpointDetails.networkEndpointType"
"""PUBLIC or PRIVATE. Source: the provider's page on oci_analytics_analytics_instance."""

REQUEST = "oci:ObjectStorage/preauthrequest:Preauthrequest"
ANY_OBJECT = "anyobject"
"""How an access type of a pre-authenticated request begins that is for a whole bucket. Source: the provider's page on
oci_objectstorage_preauthrequest."""

IN_SUBNETS = {
    "oci:Database/cloudVmCluster:CloudVmCluster": "subnetId",
    "oci:Database/dbSystem:DbSystem": "subnetId",
    "oci:Database/exadbVmCluster:ExadbVmCluster": "subnetId",
}
"""Databases whose hosts get a public address if their subnet allows it. Source: Oracle's page on the network of DB
systems."""


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Problems of one resource."""
    fields = PRIVATE_ENDPOINTS.get(resource.type, ())
    if fields and not any(at(resource.inputs, each) for each in fields):
        yield f"{fields[0]} is missing, so its endpoint is on the internet. Give it a private subnet"
    switch = NEVER_PUBLIC.get(resource.type)
    if switch and means_true(resource.inputs.get(switch)):
        yield f"{switch}: true; must be false, or anyone can reach it"
    access = resource.inputs.get("accessType") or CLOSED
    if resource.type == BUCKET and known(access) and str(access).lower() != CLOSED.lower():
        yield f"accessType: {access}; must be {CLOSED}, or anyone can read its objects"
    if resource.type == ANALYTICS and "public" in [
        str(each).lower() for each in at(resource.inputs, ENDPOINT)
    ]:
        yield f"{ENDPOINT}: PUBLIC; must be PRIVATE, or its endpoint is on the internet"
    shared = resource.inputs.get("accessType")
    if resource.type == REQUEST and isinstance(shared, str) and shared.lower().startswith(ANY_OBJECT):
        yield f"accessType: {shared}; must be for one object, or anyone with the link reads the whole bucket"


def judge_stack(resources: Sequence[Resource], _config: Config) -> Iterator[tuple[Resource, str]]:
    """Databases in a subnet that gives their hosts public addresses."""
    subnets = [each for each in resources if each.type == SUBNET]
    for each in resources:
        path = IN_SUBNETS.get(each.type)
        found, certain = referred(each, path, subnets) if path else ((), False)
        for subnet in found:
            if certain and gives_addresses(subnet):
                yield each, f"{path}: {subnet.name}; must be a subnet with prohibitPublicIpOnVnic: true"


POLICY = Policy(
    name="no-public-database",
    description="Databases, streams, buckets and registries have no public access.",
    source="CIS OCI Foundations 3.0, controls 2.8 and 5.1.1; the provider's schema for the fields",
    judge=judge,
    judge_stack=judge_stack,
)
