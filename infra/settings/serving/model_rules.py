"""Rules for the models and the GPU pools that they run on."""

from collections.abc import Iterator

from facts.ocids import is_placeholder
from facts.problem import Problem
from facts.pydantic_words import MISSING
from facts.shapes import Shape, find_shape
from infra.settings.gpu import Gpu, GpuPool
from infra.settings.network import Network
from infra.settings.serving import ModelSettings, Serving
from infra.settings.values.images import pinned_problems
from serving.catalogue.loader import find_model
from serving.engine.deadlines import Drain, engine_drain, idle_problems, node_problems
from serving.engine.memory.plan import Layout, plan_memory
from serving.engine.request import PlanRequest
from serving.engine.server_rules import model_server_problems

OWN_PRIORITIES = ("system-cluster-critical", "system-node-critical")
"""Priority classes that exist in every cluster."""


def engine_image(serving: Serving, model: ModelSettings) -> str:
    """The image of a model's engines, pinned by its digest."""
    return f"{model.image or serving.image}@{model.image_digest or serving.image_digest}"


def serving_problems(gpu: Gpu, serving: Serving) -> Iterator[Problem]:
    """Unknown models, models on unknown pools, and models that do not fit."""
    if serving.image_digest is not None:
        yield from pinned_problems(serving.image, serving.image_digest, "serving.image")
    elif serving.models:
        yield Problem(
            "serving.imageDigest", MISSING, "is required: every engine needs an image that cannot change"
        )
    pools = {pool.name: pool for pool in gpu.pools}
    for index, settings in enumerate(serving.models):
        path = f"serving.models[{index}]"
        pool = pools.get(settings.pool)
        if pool is None:
            allowed = f"must be a GPU pool: {', '.join(pools) or 'there are none'}"
            yield Problem.not_one_of(f"{path}.pool", settings.pool, pools, allowed)
        yield from _model_problems(settings, serving, pool, path)


def plan_request(settings: ModelSettings, shape: Shape) -> PlanRequest | None:
    """The plan request for the engine of a model; None for an unknown model."""
    model = find_model(settings.model)
    return PlanRequest(model, shape, settings.engine) if model else None


def needs_privileges(settings: ModelSettings) -> bool:
    """Whether the model's pods need capabilities that the pod security level `baseline` refuses."""
    return settings.numa_bind or (settings.nodes or 1) > 1


def spans_nodes(serving: Serving) -> bool:
    """Whether an engine or a job spans several nodes, so that its pods need virtual RDMA functions."""
    return serving.jobs.all_reduce is not None or any((model.nodes or 1) > 1 for model in serving.models)


def _model_problems(
    settings: ModelSettings, serving: Serving, pool: GpuPool | None, path: str
) -> Iterator[Problem]:
    """The problems of one model; without those that depend on the nodes, if its pool or their shape is unknown."""
    shape = find_shape(pool.shape) if pool else None
    model = find_model(settings.model)
    if model is not None and settings.revision is None and is_placeholder(model.revision):
        fix = f"Set the commit of {model.repository} that you have tested"
        yield Problem(
            f"{path}.revision", MISSING, f"is required: the catalogue has none for {model.name}", fix
        )
    if (settings.nodes or 1) > 1 and pool and not pool.rdma:
        allowed = f"several nodes need RDMA between them, and pool {pool.name} has rdma: false"
        yield Problem(f"{path}.nodes", settings.nodes, allowed, "Remove it, or give the pool RDMA")
    if (settings.nodes or 1) > 1 and serving.platform.leader_worker_set is None:
        allowed = "several nodes need the LeaderWorkerSet controller, which serving.platform does not have"
        yield Problem(f"{path}.nodes", settings.nodes, allowed, "Add serving.platform.leaderWorkerSet: {}")
    yield from _image_problems(settings, serving, path)
    yield from _priority_problems(settings.priority_class, serving, f"{path}.priorityClass")
    if pool:
        yield from _eviction_problems(settings, pool, path)
    yield from model_server_problems(
        settings.engine,
        model=settings.model,
        shape=shape.name if shape else None,
        service_name=settings.name,
        served_name=settings.served_name,
        replicas=settings.replicas,
        has_token=serving.has_hub_token,
        path=path,
    )


def _image_problems(settings: ModelSettings, serving: Serving, path: str) -> Iterator[Problem]:
    """A model's own image, which must be pinned. The digest of another repository is not its own."""
    if settings.image_digest is not None:
        yield from pinned_problems(settings.image or serving.image, settings.image_digest, f"{path}.image")
    elif settings.image is not None:
        yield Problem(
            f"{path}.imageDigest", MISSING, "is required with `image`: serving.imageDigest is another image's"
        )


def _priority_problems(name: str | None, serving: Serving, path: str) -> Iterator[Problem]:
    known = (*serving.priorities, *OWN_PRIORITIES)
    if name is not None and name not in known:
        yield Problem.not_one_of(
            path,
            name,
            known,
            "is neither in serving.priorities nor a class of Kubernetes",
            otherwise="Add it to serving.priorities",
        )


def _eviction_problems(settings: ModelSettings, pool: GpuPool, path: str) -> Iterator[Problem]:
    """An engine that needs more time to drain than its node waits. It would be killed with the node."""
    if pool.self_managed:  # OKE drains none of its nodes.
        return
    drain, given = drain_of(settings), settings.termination_grace_seconds
    yield from node_problems(drain, given, pool.drain_minutes * 60, pool.name, path)


def idle_time_problems(network: Network, serving: Serving) -> Iterator[Problem]:
    """A balancer that closes a connection while an engine still works on the answer.

    The gateways behind it use the same timeout."""
    slowest = max(serving.models, key=lambda model: drain_of(model).longest_stream_seconds, default=None)
    balancer, path = network.edge.load_balancer, "network.edge.loadBalancer.idleTimeoutSeconds"
    if balancer is not None and slowest is not None:
        idle_seconds = balancer.idle_timeout_seconds
        yield from idle_problems(idle_seconds, drain_of(slowest).longest_stream_seconds, slowest.name, path)


def drain_of(settings: ModelSettings) -> Drain:
    """The times in which the engines of a model stop."""
    return engine_drain(settings.engine, find_model(settings.model))


def engine_layout(settings: ModelSettings, shape: Shape) -> Layout | None:
    """GPUs and nodes of one engine of a model that fits; None for an unknown model."""
    request = plan_request(settings, shape)
    return plan_memory(request).layout if request else None


def gpus_of(settings: ModelSettings, shape: Shape) -> int:
    """GPUs of one engine; 0 for an unknown model."""
    layout = engine_layout(settings, shape)
    return layout.gpus if layout else 0
