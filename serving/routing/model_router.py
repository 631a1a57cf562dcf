"""The router of one model and track: it sends each request to the engine that knows the most of its prompt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.engine.deadlines import RouterDeadlines, router_deadlines
from serving.engine.options.arguments import PORT
from serving.engine.pod.workload import disruption_budget
from serving.engine.server_rules import name_problems
from serving.options import child

from .programs import DEFAULT, PROGRAMS
from .router_access import create_account, create_wall
from .router_pod import HTTP, METRICS, RouterPod, router_template
from .router_program import HTTP_PORT, METRICS_PORT, RouterPlan
from .router_rules import (
    ATTEMPTS,
    BREAKER_FAILURES,
    BREAKER_SECONDS,
    CPUS,
    HEALTH_SECONDS,
    MEMORY_GIB,
    REPLICAS,
    default,
    router_image_problems,
    router_problems,
    trace_port,
)
from .target import STABLE, TRACKS, route_target, router_name, track_labels

WORKER_INDEX_LABEL = "leaderworkerset.sigs.k8s.io/worker-index"
"""The LeaderWorkerSet controller sets it on each pod. The leader, which alone has a server, has 0 (its
api/leaderworkerset/v1/leaderworkerset_types.go)."""


MOST_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class ModelRouterArgs:
    """The inputs of a router. Plain values decide which objects exist."""

    namespace: pulumi.Input[str]
    """Namespace of the engines and of all objects. It must exist. The restricted pod security level is enough."""

    model: str
    """Name of the model in the settings, which the engine pods have as a label."""

    track: str | None = None
    """`stable` or `candidate`. Default: stable."""

    image: str
    """Image with the router's program, pinned: `name@sha256:…`."""

    longest_answer_seconds: int
    """How long the longest request takes, 1 to 86,400. The router's time limit is above it."""

    longest_stream_seconds: int
    """How long running requests may continue when the router stops, 0 to 86,400."""

    spans_nodes: bool | None = None
    """Whether an engine spans several nodes, so that only the first of its pods has a server. Default: no."""

    has_engines: bool | None = None
    """Whether the model has engines now. Without, a router is never ready, and nobody waits for it. Default: yes."""

    implementation: str | None = None
    """`smg` or `vllm-router`. Default: smg."""

    replicas: int | None = None
    """Number of routers, 1 to 20. They share no memory: with more of them, fewer requests find their prompt's cache.
    Default: 2."""

    attempts: int | None = None
    """Attempts for a request, the first included, 2 to 10. A stream that has begun is never repeated. Default: 5."""

    breaker_failures: int | None = None
    """Failures after which an engine gets no requests, 1 to 10, below `attempts`. Default: 2."""

    breaker_seconds: int | None = None
    """Seconds until such an engine is tried again, 1 to 600. Default: 10."""

    health_seconds: int | None = None
    """Seconds between health checks of an engine, and their time limit, 1 to 10. Default: 2."""

    cpus: int | None = None
    """Processors to reserve for each router, 1 to 32. Default: 1."""

    memory_gib: int | None = None
    """Memory of each router in GiB, 1 to 256. Default: 2."""

    options: Mapping[str, str] | None = None
    """More options of the program by name without leading dashes, e.g. `policy`. The values `true` and `false` are
    switches. Default: none."""

    api_cidr: str | None = None
    """Network of the Kubernetes API, which the router watches. Default: the network policy has no such rule, so a
    policy engine would keep the router from finding engines."""

    priority_class: pulumi.Input[str] | None = None
    """Existing PriorityClass. Default: the cluster's."""

    image_pull_secret: pulumi.Input[str] | None = None
    """Existing Secret with credentials for the image's registry. Default: none."""

    labels: Mapping[str, str] | None = None
    """More labels for all objects. Default: none."""


class ModelRouter(CheckedArgs, pulumi.ComponentResource):
    """Deployment, Service, service account, disruption budget and network policy of one model's router.

    The router finds engines by their labels in its own namespace. It tries a request again on another engine until the
    first byte of the answer, and gives a running stream the time of the longest answer when it stops.
    """

    url: pulumi.Output[str]
    """Address in the cluster. The OpenAI-compatible API is below /v1. Known when the router is ready."""

    service_name: pulumi.Output[str]
    """Name of the Service."""

    def __init__(self, name: str, args: ModelRouterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"model router {name}")
        super().__init__("genai:index:ModelRouter", name, {}, opts)
        target = route_target(args.model, args.track or STABLE, namespace=args.namespace, routed=True)
        called = target.name
        selector = {"app.kubernetes.io/name": "model-router", "app.kubernetes.io/instance": called}
        metadata = meta.v1.ObjectMetaArgs(
            name=called,
            namespace=args.namespace,
            labels={**(args.labels or {}), "app.kubernetes.io/managed-by": "pulumi", **selector},
        )
        before = [
            *create_account(name, metadata, called, child(self)),
            create_wall(
                name,
                metadata,
                routers=selector,
                engines=_engines(args),
                api_cidr=args.api_cidr,
                traces=trace_port(args.options or {}),
                opts=child(self),
            ),
        ]
        # A router that may not list pods ends at once.
        after = child(self, pulumi.ResourceOptions(depends_on=before))
        deployment = _deployment(name, args, metadata, selector, after)
        service = self._service(name, args, deployment, metadata, selector)
        disruption_budget(f"{name}-disruption-budget", metadata, selector, child(self))
        self.service_name = service.metadata.apply(lambda found: found.name or called)
        self.url = pulumi.Output.format(
            "http://{0}.{1}.svc.cluster.local:{2}", self.service_name, target.namespace, target.port
        )
        self.register_outputs({"url": self.url, "serviceName": self.service_name})

    def _service(
        self,
        name: str,
        args: ModelRouterArgs,
        deployment: pulumi.Resource,
        metadata: "meta.v1.ObjectMetaArgs",
        selector: dict[str, str],
    ) -> "core.v1.Service":
        return core.v1.Service(
            f"{name}-service",
            core.v1.ServiceInitArgs(
                metadata=_awaited(args, metadata),
                spec=core.v1.ServiceSpecArgs(
                    type="ClusterIP",
                    selector=selector,
                    ports=[
                        core.v1.ServicePortArgs(name=HTTP, port=HTTP_PORT, target_port=HTTP),
                        core.v1.ServicePortArgs(name=METRICS, port=METRICS_PORT, target_port=METRICS),
                    ],
                ),
            ),
            opts=child(self, pulumi.ResourceOptions(depends_on=[deployment])),
        )


def _deployment(
    name: str,
    args: ModelRouterArgs,
    metadata: "meta.v1.ObjectMetaArgs",
    selector: dict[str, str],
    opts: pulumi.ResourceOptions,
) -> "apps.v1.Deployment":
    deadlines = router_deadlines(args.longest_answer_seconds, args.longest_stream_seconds)
    pod = RouterPod(
        program=PROGRAMS[args.implementation or DEFAULT],
        plan=router_plan(args, deadlines),
        deadlines=deadlines,
        image=args.image,
        account=router_name(args.model, args.track or STABLE),
        cpus=default(args.cpus, CPUS),
        memory_gib=default(args.memory_gib, MEMORY_GIB),
        labels=selector,
        priority_class=args.priority_class,
        image_pull_secret=args.image_pull_secret,
    )
    spec = apps.v1.DeploymentSpecArgs(
        replicas=default(args.replicas, REPLICAS),
        selector=meta.v1.LabelSelectorArgs(match_labels=selector),
        strategy=apps.v1.DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
        ),
        revision_history_limit=3,
        template=router_template(pod, {**(args.labels or {}), **selector}),
    )
    made = apps.v1.DeploymentInitArgs(metadata=_awaited(args, metadata), spec=spec)
    return apps.v1.Deployment(f"{name}-deployment", made, opts=opts)


def router_plan(args: ModelRouterArgs, deadlines: RouterDeadlines) -> RouterPlan:
    """What the router must do, in no program's terms."""
    return RouterPlan(
        selector=_engines(args),
        engine_port=PORT,
        request_seconds=deadlines.request_seconds,
        drain_seconds=deadlines.drain_seconds,
        attempts=default(args.attempts, ATTEMPTS),
        breaker_failures=default(args.breaker_failures, BREAKER_FAILURES),
        breaker_seconds=default(args.breaker_seconds, BREAKER_SECONDS),
        health_seconds=default(args.health_seconds, HEALTH_SECONDS),
        options=args.options or {},
    )


def _engines(args: ModelRouterArgs) -> dict[str, str]:
    first = {WORKER_INDEX_LABEL: "0"} if args.spans_nodes else {}
    return {**track_labels(args.model, args.track or STABLE), **first}


def _awaited(args: ModelRouterArgs, metadata: "meta.v1.ObjectMetaArgs") -> "meta.v1.ObjectMetaArgs":
    if args.has_engines is not False:
        return metadata
    return meta.v1.ObjectMetaArgs(
        name=metadata.name,
        namespace=metadata.namespace,
        labels=metadata.labels,
        annotations={"pulumi.com/skipAwait": "true"},
    )


def _problems(args: ModelRouterArgs, path: str) -> Iterator[Problem]:
    yield from name_problems(args.model, f"{path}.model")
    if args.track not in (None, *TRACKS):
        yield Problem.not_one_of(f"{path}.track", args.track, TRACKS)
    yield from router_image_problems(args.image, f"{path}.image")
    limits = {
        "longestAnswerSeconds": (args.longest_answer_seconds, 1),
        "longestStreamSeconds": (args.longest_stream_seconds, 0),
    }
    for key, (value, least) in limits.items():
        if not least <= value <= MOST_SECONDS:
            yield Problem(f"{path}.{key}", value, f"must be {least} to {MOST_SECONDS:,} seconds")
    yield from router_problems(args, path=path)
