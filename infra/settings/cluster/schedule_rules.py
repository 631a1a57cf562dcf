"""Rules for the schedule that stops pools out of hours."""

from collections.abc import Iterator, Mapping

from components.cluster.pool_rules import program_sizes
from components.cluster.pool_schedule_rules import (
    image_place,
    owner_problems,
    pool_count_problems,
    schedule_choice_problems,
)
from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.regions import REGIONS
from infra.settings.cluster import Cluster, CpuPool, PoolHours
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.sections import autoscaled
from infra.settings.tenancy import Tenancy, protects

PATH = "cluster.schedule"


def schedule_problems(cluster: Cluster) -> Iterator[Problem]:
    """Wrong times and images, and a wrong number of pools."""
    if cluster.schedule is None:
        return
    yield from schedule_choice_problems(cluster.schedule, path=PATH)
    yield from pool_count_problems(len(cluster.schedule.pools), path=PATH)


def scheduled_pool_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """Pools of the schedule that do not exist or occur twice, and pools whose size has another owner."""
    if cluster.schedule is not None:
        yield from _pool_problems(
            cluster.schedule, {pool.name: pool for pool in (*cluster.pools, *gpu.pools)}
        )


def _pool_problems(schedule: PoolHours, known: Mapping[str, CpuPool | GpuPool]) -> Iterator[Problem]:
    for index, name in enumerate(schedule.pools):
        path = f"{PATH}.pools[{index}]"
        if name not in known:
            yield Problem.not_one_of(path, name, known, "must be the name of a pool")
        elif name in schedule.pools[:index]:
            yield Problem(path, name, "must not be repeated")
        elif isinstance(found := known[name], GpuPool) and found.self_managed:
            allowed = "must be a managed pool: the scheduled function sets the size of node pools of OKE"
            yield Problem(path, name, allowed, "Leave the pool out, or set its mode to managed")
        else:
            yield from owner_problems(known[name].size_owner, path=path)


def autoscaler_place_problems(cluster: Cluster, gpu: Gpu) -> Iterator[Problem]:
    """A schedule that stops every pool on which the cluster autoscaler can run."""
    fixed = [pool.name for pool in cluster.pools if program_sizes(pool.size_owner)]
    if autoscaled(cluster, gpu) and fixed and set(fixed) <= set(cluster.scheduled):
        allowed = "must leave out a CPU pool of fixed size: the cluster autoscaler runs there"
        yield Problem(f"{PATH}.pools", list(cluster.scheduled), allowed, "Add a small CPU pool that stays")


def schedule_image_problems(tenancy: Tenancy, cluster: Cluster) -> Iterator[Problem]:
    """An image in the registry of another region, from which Functions does not pull."""
    if cluster.schedule is not None:
        yield from image_place_problems(tenancy, cluster.schedule.image, path=PATH)


def image_place_problems(tenancy: Tenancy, image: str, *, path: str) -> Iterator[Problem]:
    """A function's image in the registry of another region."""
    region = REGIONS.get(tenancy.region)
    if region is None or is_placeholder(image):
        return
    place = image_place(image)
    if place is not None and place not in (region.key, region.name):
        allowed = f"must be in the registry of {region.name}: {region.key}.ocir.io"
        yield Problem(f"{path}.image", image, allowed, "Push the image there too")


def protected_schedule_problems(
    environment: str, tenancy: Tenancy | None, cluster: Cluster | None
) -> Iterator[Problem]:
    """A schedule in a protected environment: it serves around the clock, and its nodes are not to be deleted."""
    if tenancy and cluster and cluster.schedule and protects(tenancy, environment):
        yield Problem(
            PATH,
            list(cluster.schedule.pools),
            "must not be set where resources are protected: prod, or tenancy.protect: true",
            "A stopped pool loses its nodes and what is on their drives. Remove the schedule",
        )
