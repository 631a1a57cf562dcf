"""What is public without a network of the stack: buckets, links to objects, databases, bastions, images, and load
balancers that OKE's cloud controller opens itself.

Sources: the API references of Object Storage (publicAccessType, preauthenticated requests), of the Autonomous Database
(whitelistedIps and subnetId: a database in no subnet has a public endpoint), of the Bastion service
(clientCidrBlockAllowList) and of the Container Registry (isPublic); oracle/oci-cloud-controller-manager v1.35,
docs/load-balancer-annotations.md, for load balancers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.cidrs import parse_network
from facts.gateways import BALANCER_INTERNAL, BALANCER_RULES
from report.from_internet import ANYONE, is_anyone
from report.reach_endpoints import BASTION, SERVICE
from report.reach_reading import texts, value
from report.resources import Resource, as_mapping, as_sequence

BUCKET = "oci:ObjectStorage/bucket:Bucket"
LINK = "oci:ObjectStorage/preauthrequest:Preauthrequest"
DATABASE = "oci:Database/autonomousDatabase:AutonomousDatabase"
REPOSITORY = "oci:Artifacts/containerRepository:ContainerRepository"
DOOR_TYPES = (BUCKET, LINK, DATABASE, BASTION, REPOSITORY, SERVICE)
"""Every type that can be a door."""

_BALANCER_INTERNAL = (BALANCER_INTERNAL, "oci-network-load-balancer.oraclecloud.com/internal")
_BALANCER_RULES = (BALANCER_RULES, "oci-network-load-balancer.oraclecloud.com/security-rule-management-mode")
_ACCESS = {"ObjectRead": "read and list its objects", "ObjectReadWithoutList": "read its objects"}


@dataclass(frozen=True, kw_only=True)
class Door:
    """A way in from the internet that no rule of a network guards."""

    resource: Resource
    what: str
    """What one can do there."""

    sources: tuple[str, ...]
    by: str
    """The input that opens it."""

    secret: bool = False
    """Whether one must know a secret link. Such a door is listed, and no alarm."""

    @property
    def anyone(self) -> bool:
        return not self.secret and (ANYONE in self.sources or is_anyone(self.sources))


def public_doors(resources: Sequence[Resource]) -> list[Door]:
    """Every door of the resources."""
    return [door for each in resources for door in _doors(each)]


def is_public_service(resource: Resource) -> bool:
    """Whether a Service of Kubernetes asks for a load balancer with a public address."""
    spec, notes = as_mapping(resource.inputs.get("spec")), _notes(resource)
    asks = resource.type == SERVICE and spec.get("type") == "LoadBalancer"
    return asks and not any(str(notes.get(each)).lower() == "true" for each in _BALANCER_INTERNAL)


def _doors(resource: Resource) -> Iterator[Door]:
    if resource.type == BUCKET:
        access = str(value(resource, "accessType") or "NoPublicAccess")
        if access in _ACCESS:
            yield Door(resource=resource, what=_ACCESS[access], sources=(ANYONE,), by=f"accessType: {access}")
    elif resource.type == LINK:
        access = str(value(resource, "accessType"))
        yield Door(
            resource=resource,
            what="use objects with a link",
            sources=(ANYONE,),
            by=f"accessType: {access}",
            secret=True,
        )
    elif resource.type == DATABASE:
        yield from _database(resource)
    elif resource.type == BASTION:
        allowed = tuple(texts(value(resource, "clientCidrBlockAllowLists")))
        if allowed:
            yield Door(
                resource=resource, what="open sessions", sources=allowed, by="clientCidrBlockAllowLists"
            )
    elif resource.type == REPOSITORY and value(resource, "isPublic") in (True, "true"):
        yield Door(resource=resource, what="pull its images", sources=(ANYONE,), by="isPublic")
    elif is_public_service(resource) and not _rules_are_ours(resource):
        spec = as_mapping(resource.inputs.get("spec"))
        ports = [str(as_mapping(each).get("port")) for each in as_sequence(spec.get("ports"))]
        allowed = tuple(texts(spec.get("loadBalancerSourceRanges"))) or (ANYONE,)
        what = f"call ports {', '.join(ports)}" if len(ports) > 1 else f"call port {', '.join(ports)}"
        yield Door(resource=resource, what=what, sources=allowed, by="type: LoadBalancer")


def _database(resource: Resource) -> Iterator[Door]:
    """A clone has the subnet of its source."""
    if value(resource, "subnetId") or value(resource, "sourceId"):
        return
    # An entry can name a VCN, with addresses of that VCN: those are not on the internet.
    listed = [each.partition(";")[0] for each in texts(value(resource, "whitelistedIps"))]
    allowed = tuple(each for each in listed if not each.startswith("ocid1."))
    ranges = tuple(each for each in allowed if parse_network(each if "/" in each else f"{each}/32"))
    if allowed or not listed:
        yield Door(
            resource=resource, what="connect to it", sources=ranges if listed else (ANYONE,), by="no subnetId"
        )


def _rules_are_ours(resource: Resource) -> bool:
    return any(_notes(resource).get(each) == "None" for each in _BALANCER_RULES)


def _notes(resource: Resource) -> Mapping[str, object]:
    return as_mapping(as_mapping(resource.inputs.get("metadata")).get("annotations"))
