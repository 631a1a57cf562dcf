"""On which GPU pools the engines of a stack run: one line for each pool."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from facts.kubernetes import GPU_RESOURCE
from facts.shapes import Shape, find_shape
from facts.wording import plural
from report.cluster_networks import NODE_POOL, as_node_pools
from report.placement import Amount, Engines, Placement, place
from report.placement_questions import free_gpus
from report.resources import Resource, as_mapping, as_number, as_sequence, type_chain

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
LEADER_WORKER_SET = "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"
POOL_LABEL = "genai-playground/pool"
WARM_NODES = "genai:index:WarmNodes"


@dataclass(frozen=True, kw_only=True)
class GpuPoolUse:
    """A GPU pool and its engines."""

    name: str
    urn: str
    shape: str
    gpus: int
    """GPUs of one node."""

    nodes: int
    known: bool
    """Whether the number of nodes is known. False: `nodes` is 0."""

    engines: tuple[Engines, ...]
    placement: Placement
    warm_gpus: int = 0
    """GPUs that deployments keep warm. An engine takes their place, so they never keep one out and count as free."""

    @property
    def node(self) -> Amount:
        """What a node has."""
        return Amount(gpus=self.gpus, cpus=_UNCOUNTED, memory_gib=_UNCOUNTED)

    @property
    def requested(self) -> int:
        """GPUs that the engines request, also those that do not fit."""
        return _requested(self.engines)

    @property
    def free(self) -> list[int]:
        """Free GPUs of each node, the most first."""
        return free_gpus(self.engines, self.node, self.nodes)

    @property
    def free_nodes(self) -> int:
        return sum(not names for names in self.placement.nodes)

    def __str__(self) -> str:
        size = f"{self.name}: {self.requested} of {self.nodes * self.gpus} GPUs requested"
        if self.placement.fits:
            return f"{size}, {self.free_nodes} of {plural('node', self.nodes)} free"
        lost = "; ".join(
            f"{plural('engine', each.missing)} of {each.name} would wait forever, because {each.reason}"
            for each in self.placement.misfits
        )
        return f"{size} on {plural('node', self.nodes)}: {lost}"


def gpu_pools(resources: Iterable[Resource]) -> list[GpuPoolUse]:
    """The GPU pools among the resources, in their order. Engines that name none of these pools are left out."""
    listed = as_node_pools(resources)
    pools = [(resource, shape) for resource in listed if (shape := _gpu_shape(resource))]
    return [
        _use(
            resource,
            shape,
            [each for pool, each in _engines(listed, warm=False) if pool == pool_name(resource)],
            [each for pool, each in _engines(listed, warm=True) if pool == pool_name(resource)],
        )
        for resource, shape in pools
    ]


def engines_elsewhere(resources: Iterable[Resource]) -> list[tuple[str, Engines]]:
    """The engines that name a pool which is not among the resources, with that name."""
    listed = as_node_pools(resources)
    pools = {pool_name(each) for each in listed if _gpu_shape(each)}
    return [(pool, each) for pool, each in _engines(listed, warm=False) if pool not in pools]


def _engines(resources: Sequence[Resource], *, warm: bool) -> Iterator[tuple[str, Engines]]:
    """The engines that run, each with the name of its pool; or, with `warm`, what keeps nodes warm."""
    for each in resources:
        found = engines_of(each)
        if found and found[1].replicas and (WARM_NODES in type_chain(each.urn)) == warm:
            yield found


def _use(pool: Resource, shape: Shape, engines: Sequence[Engines], warm: Sequence[Engines]) -> GpuPoolUse:
    node = Amount(gpus=shape.gpus, cpus=_UNCOUNTED, memory_gib=_UNCOUNTED)
    size = as_mapping(pool.inputs.get("nodeConfigDetails")).get("size")
    nodes = _integer(size)
    return GpuPoolUse(
        name=pool_name(pool),
        urn=pool.urn,
        shape=str(pool.inputs.get("nodeShape")),
        gpus=shape.gpus,
        nodes=nodes,
        known=as_number(size) is not None,
        engines=tuple(engines),
        placement=place(engines, node, nodes),
        warm_gpus=_requested(warm),
    )


def _requested(engines: Sequence[Engines]) -> int:
    return sum(each.pod.gpus * each.pods * each.replicas for each in engines)


_UNCOUNTED = 1_000_000_000
"""Engines request threads and memory in proportion to their GPUs, so it is enough to count GPUs."""


def _gpu_shape(resource: Resource) -> Shape | None:
    shape = find_shape(str(resource.inputs.get("nodeShape"))) if resource.type == NODE_POOL else None
    return shape if shape and shape.gpus else None


def pool_name(pool: Resource) -> str:
    """The name of a node pool by which engines choose it."""
    labels = (as_mapping(each) for each in as_sequence(pool.inputs.get("initialNodeLabels")))
    return next((str(each.get("value")) for each in labels if each.get("key") == POOL_LABEL), pool.name)


def engines_of(resource: Resource) -> tuple[str, Engines] | None:
    """The pool that a Deployment or LeaderWorkerSet with GPUs chooses, and its engines. None for anything else."""
    spec = as_mapping(resource.inputs.get("spec"))
    if resource.type == DEPLOYMENT:
        template, pods = as_mapping(spec.get("template")), 1
    elif resource.type == LEADER_WORKER_SET:
        group = as_mapping(spec.get("leaderWorkerTemplate"))
        template, pods = as_mapping(group.get("workerTemplate")), _integer(group.get("size"))
    else:
        return None
    pod = as_mapping(template.get("spec"))
    gpus = sum(_gpus(as_mapping(each)) for each in as_sequence(pod.get("containers")))
    pool = as_mapping(pod.get("nodeSelector")).get(POOL_LABEL)
    if not gpus or not pool:
        return None
    name = str(as_mapping(resource.inputs.get("metadata")).get("name") or resource.name)
    replicas = _integer(spec.get("replicas"))
    return str(pool), Engines(name=name, pod=Amount(gpus=gpus), replicas=replicas, pods=pods)


def _gpus(container: Mapping[str, object]) -> int:
    return _integer(as_mapping(as_mapping(container.get("resources")).get("limits")).get(GPU_RESOURCE))


def _integer(value: object) -> int:
    return int(as_number(value) or 0)
