"""Checks, before anything is created, that the account supports the environment: shapes, limits, capacity, images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.regions import domain_problems
from infra.settings import Settings
from infra.settings.gpu import GpuPool
from infra.settings.network.addresses import gpu_most_nodes

from .image_checks import Check, ImageAccount, check, join_checks, rdma_checks
from .limit_checks import LimitAccount, limit_checks

AVAILABLE = "AVAILABLE"


@dataclass(frozen=True)
class Reservation:
    """The instances of a shape in a capacity reservation: reserved, and in use."""

    reserved: int
    used: int


class Account(ImageAccount, LimitAccount, Protocol):
    """What preflight needs to know about an account. Availability domains have their full names, e.g.
    `abcd:US-ASHBURN-AD-1`."""

    def subscribed_regions(self) -> Sequence[str]: ...
    def home_region(self) -> str: ...
    def availability_domains(self) -> Sequence[str]: ...
    def shapes(self, availability_domain: str) -> Sequence[str]: ...
    def capacity(self, shape: str, availability_domain: str) -> tuple[str, int | None]: ...
    def kubernetes_versions(self) -> Sequence[str]: ...
    def image_shapes(self, image_id: str) -> Sequence[str] | None: ...
    def reservation(self, reservation_id: str, shape: str) -> Reservation | None: ...
    def agent_plugins(self, system: str, release: str) -> Sequence[str]: ...


def preflight(settings: Settings, account: Account) -> Iterator[Check]:
    """All checks, in the order in which a failure would stop `pulumi up`."""
    yield from _region_checks(settings, account)
    versions, wanted = account.kubernetes_versions(), settings.cluster.kubernetes_version
    problem = Problem.not_one_of("cluster.kubernetesVersion", wanted, versions)
    yield check(f"OKE offers Kubernetes {wanted}", ", ".join(versions), wanted in versions, problem)
    for index, pool in enumerate(settings.cluster.pools):
        path = f"cluster.pools[{index}]"
        yield from _image_checks(pool.image_id, pool.shape, path, account)
        yield from join_checks(pool.image_id, wanted, path, account)
    domains = account.availability_domains()
    for index, pool in enumerate(settings.gpu.pools):
        path = f"gpu.pools[{index}]"
        yield from _pool_checks(pool, path, domains, account)
        yield from join_checks(pool.image_id, wanted, path, account, packages_url=pool.node_packages_url)
    yield from limit_checks(settings, domains, account)


def _region_checks(settings: Settings, account: Account) -> Iterator[Check]:
    tenancy = settings.tenancy
    regions, home = account.subscribed_regions(), account.home_region()
    problem = Problem("tenancy.region", tenancy.region, f"must be subscribed: {', '.join(regions)}")
    question = "the tenancy is subscribed to the region"
    yield check(question, ", ".join(regions), tenancy.region in regions, problem)
    problem = Problem(
        "tenancy.homeRegion", tenancy.identity_region, f"must be the tenancy's home region, {home}"
    )
    yield check("homeRegion is the tenancy's", home, tenancy.identity_region == home, problem)


def _pool_checks(pool: GpuPool, path: str, domains: Sequence[str], account: Account) -> Iterator[Check]:
    number = pool.availability_domain
    where, place = "the region", f"{path}.availabilityDomain"
    wrong = next(domain_problems(number, len(domains), where, path=place), None)
    yield Check(f"{path}: the domain exists", f"{len(domains)} in {where}", wrong)
    if wrong:
        return
    domain = domains[number - 1]
    offered = pool.shape in account.shapes(domain)
    problem = Problem(
        f"{path}.shape", pool.shape, f"is not offered in {domain}", "Try another domain or region"
    )
    yield check(f"{path}: {domain} offers {pool.shape}", "yes" if offered else "no", offered, problem)
    if pool.capacity_reservation_id is None:
        yield _capacity_check(pool, path, domain, account)
    elif not is_placeholder(pool.capacity_reservation_id):
        yield _reservation_check(pool, pool.capacity_reservation_id, path, account)
    yield from _image_checks(pool.image_id, pool.shape, path, account)
    if pool.rdma:
        yield from rdma_checks(pool.image_id, path, account)


def _capacity_check(pool: GpuPool, path: str, domain: str, account: Account) -> Check:
    status, count = account.capacity(pool.shape, domain)
    enough = status == AVAILABLE and (count is None or count >= pool.nodes)
    answer = status if count is None else f"{status}, {count} nodes"
    allowed = f"has no capacity in {domain} now: {answer}"
    problem = Problem(f"{path}.nodes", pool.nodes, allowed, "A capacity reservation guarantees capacity")
    return check(f"{path}: there is capacity", answer, enough, problem)


def _reservation_check(pool: GpuPool, reservation_id: str, path: str, account: Account) -> Check:
    found = account.reservation(reservation_id, pool.shape)
    key, wanted = f"{path}.capacityReservationId", gpu_most_nodes(pool)
    question = f"{path}: the capacity reservation is large enough"
    if found is None:
        allowed = f"must be a reservation of {pool.shape} that this account can read"
        return Check(question, "no", Problem(key, reservation_id, allowed))
    answer = f"{wanted} nodes needed, {found.reserved} reserved, {found.used} in use (including this environment's)"
    allowed = f"has {found.reserved} instances of {pool.shape}; the pool needs {wanted}"
    problem = Problem(
        key, reservation_id, allowed, "A reservation may be created with fewer instances than requested"
    )
    return check(question, answer, wanted <= found.reserved, problem)


def _image_checks(image_id: str | None, shape: str, path: str, account: Account) -> Iterator[Check]:
    if image_id is None or is_placeholder(image_id):
        yield Check(f"{path}: the image exists", "not checked: it is imported, or a placeholder")
        return
    shapes = account.image_shapes(image_id)
    problem = Problem(f"{path}.imageId", image_id, "must be an image that this account can read")
    yield check(f"{path}: the image exists", "no" if shapes is None else "yes", shapes is not None, problem)
    if shapes is not None:
        allowed = f"must be compatible with {shape}"
        problem = Problem(f"{path}.imageId", image_id, allowed, "Add the shape to the image")
        yield check(f"{path}: the image fits the shape", ", ".join(shapes), shape in shapes, problem)
