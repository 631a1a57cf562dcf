"""Numbers of availability domains that the region does not have, in any section."""

from collections.abc import Iterator

from facts.problem import Problem
from facts.regions import REGIONS, domain_problems
from infra.settings.cluster import Cluster
from infra.settings.database import Database
from infra.settings.gpu import Gpu
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy


def availability_domain_problems(
    tenancy: Tenancy,
    cluster: Cluster | None,
    gpu: Gpu | None,
    storage: Storage | None,
    database: Database | None,
) -> Iterator[Problem]:
    """Numbers that are higher than the region's number of domains. Another rule refuses an unknown region."""
    region = REGIONS.get(tenancy.region)
    if region is None:
        return
    for path, number in [*_of_pools(cluster, gpu), *_of_storage(storage), *_of_databases(database)]:
        yield from domain_problems(number, region.availability_domains, region.name, path=path)


def _of_pools(cluster: Cluster | None, gpu: Gpu | None) -> Iterator[tuple[str, int | None]]:
    for i, each in enumerate(cluster.pools if cluster else ()):
        yield f"cluster.pools[{i}].availabilityDomain", each.availability_domain
    for i, pool in enumerate(gpu.pools if gpu else ()):
        yield f"gpu.pools[{i}].availabilityDomain", pool.availability_domain


def _of_storage(storage: Storage | None) -> Iterator[tuple[str, int]]:
    for i, group in enumerate(storage.volume_groups if storage else ()):
        yield f"storage.volumeGroups[{i}].availabilityDomain", group.availability_domain
    if storage and storage.lustre:
        yield "storage.lustre.availabilityDomain", storage.lustre.availability_domain
    if storage and storage.file_storage:
        yield "storage.fileStorage.availabilityDomain", storage.file_storage.availability_domain


def _of_databases(database: Database | None) -> Iterator[tuple[str, int | None]]:
    if database and database.postgresql:
        yield "database.postgresql.availabilityDomain", database.postgresql.availability_domain
