"""Rules for the all-reduce over two nodes, and for how it fits its pool."""

from collections.abc import Iterator

from facts.problem import Problem
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network.addresses import gpu_most_nodes
from infra.settings.serving import Serving
from infra.settings.values.images import pinned_problems
from serving.engine.all_reduce_rules import NODES, all_reduce_problems, measured_shape_problems

PATH = "serving.jobs.allReduce"


def own_all_reduce_problems(serving: Serving) -> Iterator[Problem]:
    """What is wrong with the job itself: its images, floors, messages, folder and schedule."""
    test = serving.jobs.all_reduce
    if test is not None:
        yield from pinned_problems(test.image, test.image_digest, f"{PATH}.image")
        yield from pinned_problems(test.rclone_image, test.rclone_image_digest, f"{PATH}.rcloneImage")
        yield from all_reduce_problems(test, path=PATH)


def all_reduce_pool_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """A pool that does not exist, that has no RDMA network, or that never has two nodes."""
    test = serving.jobs.all_reduce
    if test is None:
        return
    pools = {pool.name: index for index, pool in enumerate(gpu.pools)}
    index = pools.get(test.pool)
    if index is None:
        allowed = f"must be a GPU pool: {', '.join(pools) or 'there are none'}"
        yield Problem.not_one_of(f"{PATH}.pool", test.pool, pools, allowed)
        return
    yield from _pool_problems(gpu.pools[index], test.bus_gbs, f"gpu.pools[{index}]")


def _pool_problems(pool: GpuPool, bus_gbs: int | None, place: str) -> Iterator[Problem]:
    path = f"{PATH}.pool"
    if not pool.rdma:
        yield Problem(path, pool.name, f"must be a pool with RDMA, but {place}.rdma is false")
    elif gpu_most_nodes(pool) < NODES:
        allowed = f"must be a pool of at least {NODES} nodes; {place} has {gpu_most_nodes(pool)}"
        yield Problem(path, pool.name, allowed, "Add a node, or remove the job")
    yield from measured_shape_problems(pool.shape, bus_gbs, shape_path=path, path=PATH)
