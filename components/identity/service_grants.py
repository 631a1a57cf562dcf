"""The grants that OCI's services need. A stack requests them by name, so that it grants no more than necessary.

Sources: Oracle's pages on each service, and the provider's documentation.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.policies import All, Any, Anyone, Place, Service, Statement, Test
from facts.problem import Problem

from .group_grants import in_buckets
from .principal_grants import of_compartment

Statements = Mapping[str, Statement]

LIFECYCLE_PERMISSIONS = (
    "BUCKET_INSPECT",
    "BUCKET_READ",
    "OBJECT_INSPECT",
    "OBJECT_UPDATE_TIER",
    "OBJECT_DELETE",
    "OBJECT_VERSION_DELETE",
)


@dataclass(frozen=True, kw_only=True)
class ServiceNeeds:
    """The place in which services work."""

    compartment_id: str
    region: str
    lifecycle_buckets: Sequence[str] = ()
    replicated_buckets: Sequence[str] = ()
    """Buckets that replication reads or writes."""

    second_region: str | None = None
    linked_buckets: Sequence[str] = ()
    """Buckets from which Lustre's links import."""


def _object_storage(needs: ServiceNeeds) -> Statements:
    """The service of each region works on its own in the buckets that need it."""
    return {**(_lifecycle(needs) if needs.lifecycle_buckets else {}), **_replication(needs)}


def _replication(needs: ServiceNeeds) -> Statements:
    """The services of both regions copy objects."""
    regions = [each for each in (needs.region, needs.second_region) if each and needs.replicated_buckets]
    return {
        f"object storage of {region} copies buckets": Statement(
            subject=Service(f"objectstorage-{region}"),
            verb="manage",
            resource="object-family",
            place=Place.of(needs.compartment_id),
            where=in_buckets(needs.replicated_buckets),
        )
        for region in regions
    }


def _lifecycle(needs: ServiceNeeds) -> Statements:
    permissions = Any(tuple(Test("request.permission", each) for each in LIFECYCLE_PERMISSIONS))
    buckets = in_buckets(needs.lifecycle_buckets)
    return {
        "object storage applies lifecycle rules": Statement(
            subject=Service(f"objectstorage-{needs.region}"),
            verb="manage",
            resource="object-family",
            place=Place.of(needs.compartment_id),
            where=All((buckets, permissions)),
        )
    }


def _lustre(needs: ServiceNeeds) -> Statements:
    """Oracle's page grants it in the tenancy. The compartment is enough if it contains the file system's network."""
    network = _of("lustrefs", needs, {"use": ("virtual-network-family",)})
    return {**network, **(_lustre_links(needs) if needs.linked_buckets else {})}


def _lustre_links(needs: ServiceNeeds) -> Statements:
    """Read the linked buckets. UNVERIFIED: no page of Oracle was found that names the principal that reads them."""
    return {
        "lustrefs imports from buckets": Statement(
            subject=Service("lustrefs"),
            verb="read",
            resource="object-family",
            place=Place.of(needs.compartment_id),
            where=in_buckets(needs.linked_buckets),
        )
    }


def _opensearch(needs: ServiceNeeds) -> Statements:
    return _of(
        "opensearch", needs, {"manage": ("vnics", "vcns"), "use": ("subnets", "network-security-groups")}
    )


def _file_storage(needs: ServiceNeeds) -> Statements:
    """The cluster itself creates persistent volumes of File Storage."""
    clusters = of_compartment("cluster", needs.compartment_id)
    return {
        key: Statement(
            subject=Anyone(),
            verb=verb,
            resource=resource,
            place=Place.of(needs.compartment_id),
            where=clusters,
        )
        for key, verb, resource in (
            ("clusters make file systems", "manage", "file-family"),
            ("clusters mount file systems", "use", "virtual-network-family"),
        )
    }


def _cluster_balancers(needs: ServiceNeeds) -> Statements:
    """Load balancers of Services that use reserved addresses and security groups that the cluster did not create.

    Source: OCI's landing zones grant these to clusters whose network is in another compartment. UNVERIFIED: whether
    they are needed in the same compartment.
    """
    clusters = of_compartment("cluster", needs.compartment_id)
    return {
        f"clusters use {resource}": Statement(
            subject=Anyone(),
            verb="use",
            resource=resource,
            place=Place.of(needs.compartment_id),
            where=clusters,
        )
        for resource in ("private-ips", "network-security-groups", "subnets")
    }


SERVICES: Mapping[str, Callable[[ServiceNeeds], Statements]] = {
    "object-storage": _object_storage,
    "lustre": _lustre,
    "opensearch": _opensearch,
    "file-storage": _file_storage,
    "cluster-balancers": _cluster_balancers,
}
"""Services by their name in the settings."""


def service_grants(services: Sequence[str], needs: ServiceNeeds) -> Statements:
    """The statements of all of `services`."""
    return {key: grant for name in services for key, grant in SERVICES[name](needs).items()}


def service_problems(services: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Services without known grants."""
    for index, name in enumerate(services):
        if name not in SERVICES:
            yield Problem.not_one_of(
                f"{path}[{index}]", name, SERVICES, otherwise="Write other grants as statements"
            )


def _of(service: str, needs: ServiceNeeds, wanted: Mapping[str, Sequence[str]]) -> Statements:
    return {
        f"{service} may {verb} {resource}": Statement(
            subject=Service(service), verb=verb, resource=resource, place=Place.of(needs.compartment_id)
        )
        for verb, resources in wanted.items()
        for resource in resources
    }
