"""One model on vLLM-ROCm engines in one GPU pool. Each engine runs on one node or spans several."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_kubernetes import core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from facts.shapes import SHAPES
from serving.catalogue import catalogue
from serving.catalogue.own_models import add_models_from
from serving.engine.choices import EngineChoices
from serving.engine.options.arguments import PORT
from serving.engine.options.demands import given_options
from serving.engine.request import PlanRequest
from serving.options import child
from serving.routing.target import STABLE, TRACKS, track_labels
from serving.teams.network_isolation import internet_labels, no_internet
from serving.weights.hub_token import TOKEN_KEY
from serving.weights.weights_mount import MountedWeightsArgs

from .pod.engine_pod import LEADER, ROLE_LABEL, PodChoices
from .pod.rdma_places import nearby_problems
from .pod.workload import Workload, create_workload, disruption_budget
from .server_plan import ServerPlan, ServerRequest, plan_server
from .server_rules import image_problems, label_problems, model_server_problems, security_problems

MOST_NODE_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class ModelServerArgs:
    """The inputs of a model server. Plain values decide which objects exist. The model's figures come from the
    catalogue."""

    namespace: pulumi.Input[str]
    """Namespace of all objects. It must exist. The baseline pod security level is enough."""

    model: str
    """Key of the model in the catalogue, e.g. `qwen3-32b`."""

    catalogue: str | None = None
    """Absolute path of a folder with more models, in the format of serving/catalogue. Default: none."""

    image: str
    """Image of the engine, pinned: `name@sha256:…`. A placeholder digest works only in the sandbox."""

    shape: str
    """Compute shape of the nodes, e.g. `BM.GPU.MI300X.8`. It decides the memory, and the nodes for pods."""

    service_name: str | None = None
    """Name of Deployment and Service. Default: the component's. Up to 63 of a-z, 0-9 and -. Not `vllm…`."""

    served_name: str | None = None
    """Name of the model in requests. Default: the service's name."""

    routed_model: str | None = None
    """Name of the model by which a router finds the engines, as a label of the pods. Default: the service's name."""

    track: str | None = None
    """Label of the pods for a router: `stable` or `candidate`. Default: stable."""

    engine: EngineChoices | None = None
    """The choices for the engine: GPUs, context, cache, options and so on. Default: the catalogue and the planner
    decide."""

    replicas: int | None = None
    """Number of engines. Default: 1. With `autoscaled`, only the initial number."""

    autoscaled: bool | None = None
    """Whether another tool, such as KEDA, manages the number of replicas. Later changes of it are then ignored."""

    hugging_face_secret: pulumi.Input[str] | None = None
    """Name of an existing Secret in the namespace with a token for gated models. Default: none."""

    hugging_face_secret_key: str | None = None
    """Key of the token in that Secret. Default: `token`."""

    spare_gpus: bool | None = None
    """Whether a rollout may start a new engine before it stops an old one. Default: no, because all GPUs are in use."""

    cache_claim: pulumi.Input[str] | None = None
    """Volume claim for weights and compile caches. Default: the node's disk, until the pod is deleted."""

    compile_claim: pulumi.Input[str] | None = None
    """Volume claim for compile caches only, such as `NodeCache`'s. Default: the same place as the weights."""

    weights: MountedWeightsArgs | None = None
    """Weights that the node stages. Default: the engine downloads them from the hub."""

    node_selector: Mapping[str, str] | None = None
    """More labels that nodes must have, in addition to the shape's. Default: none."""

    priority_class: pulumi.Input[str] | None = None
    """Existing PriorityClass. Default: the cluster's."""

    node_minutes: int | None = None
    """Minutes that an engine may wait for a new node of an autoscaled pool, 0 to 1,440. The deadlines of rollouts
    include them. Default: 0."""

    nearby: str | None = None
    """Part of the RDMA network that the pods of an engine over nodes prefer to share: `network-block`, `local-block` or
    `anywhere`. Default: anywhere."""

    movable: bool | None = None
    """Whether the cluster autoscaler may move the engine to remove its node. The engine then loads its weights again
    elsewhere. Default: no, the engine keeps its node, because it has files on the node's disk."""

    image_pull_secret: pulumi.Input[str] | None = None
    """Existing Secret with credentials for the image's registry. Default: none."""

    run_as_user: int | None = None
    """User id of the engine. Default: the image's, which is root without privileges. Other users need
    `render_group`."""

    render_group: int | None = None
    """Id of the node's render group, which owns the GPU devices. It differs between node images."""

    seccomp_profile: str | None = None
    """`RuntimeDefault`. Default: the node's default. Whether `RuntimeDefault` works on MI300X is unverified."""

    labels: Mapping[str, str] | None = None
    """More labels for all objects. Default: none."""


class ModelServer(CheckedArgs, pulumi.ComponentResource):
    """Deployment (or LeaderWorkerSet), Service and disruption budget of one model on vLLM-ROCm.

    The first start may take an hour. Probes, rollout deadline and Pulumi's timeouts follow from the size of the
    weights.
    """

    url: pulumi.Output[str]
    """Address in the cluster. The OpenAI-compatible API is below /v1."""

    model_name: pulumi.Output[str]
    """Name of the model in requests."""

    service_name: pulumi.Output[str]
    """Name of the Service."""

    def __init__(self, name: str, args: ModelServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        further = add_models_from(Path(args.catalogue), f"{name}.catalogue") if args.catalogue else []
        service_name = args.service_name or name
        refuse([*further, *_problems(args, service_name, name)], f"model server {name}")
        super().__init__("genai:index:ModelServer", name, {}, opts)
        plan = _plan(args, service_name)
        selector = {"app.kubernetes.io/name": "model-server", "app.kubernetes.io/instance": service_name}
        metadata = meta.v1.ObjectMetaArgs(
            name=service_name,
            namespace=args.namespace,
            labels={**(args.labels or {}), "app.kubernetes.io/managed-by": "pulumi", **selector},
        )
        workload = Workload(
            plan=plan,
            choices=_pod_choices(args, selector),
            metadata=metadata,
            labels=_pod_labels(args, service_name, selector, offline=plan.offline),
            selector=selector,
            replicas=_replicas(args),
            surge=bool(args.spare_gpus),
            autoscaled=bool(args.autoscaled),
        )
        engine = create_workload(f"{name}-engine", workload, child(self))
        # Only the leader of an engine has a server, so requests go to it.
        serving = {**selector, ROLE_LABEL: LEADER} if plan.nodes > 1 else selector
        service = self._service(name, args, engine, metadata, serving)
        disruption_budget(f"{name}-disruption-budget", metadata, selector, child(self))
        if plan.offline:
            traces = "otlp-traces-endpoint" in given_options(plan.model, args.engine or EngineChoices())
            no_internet(f"{name}-egress", metadata, selector, child(self), whole_cluster=traces)
        self.service_name = service.metadata.apply(lambda metadata: metadata.name or service_name)
        self.url = pulumi.Output.format(
            "http://{0}.{1}.svc.cluster.local:{2}", service_name, args.namespace, PORT
        )
        self.model_name = pulumi.Output.from_input(plan.served_name)
        self.register_outputs(
            {"url": self.url, "modelName": self.model_name, "serviceName": self.service_name}
        )

    def _service(
        self,
        name: str,
        args: ModelServerArgs,
        engine: pulumi.Resource,
        metadata: "meta.v1.ObjectMetaArgs",
        selector: dict[str, str],
    ) -> "core.v1.Service":
        # Pulumi waits until a Service has endpoints. After the engines that takes no time. Without replicas it would
        # never end.
        annotations = None if _replicas(args) else {"pulumi.com/skipAwait": "true"}
        return core.v1.Service(
            f"{name}-service",
            core.v1.ServiceInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=metadata.name,
                    namespace=metadata.namespace,
                    labels=metadata.labels,
                    annotations=annotations,
                ),
                spec=core.v1.ServiceSpecArgs(
                    type="ClusterIP",
                    selector=selector,
                    ports=[core.v1.ServicePortArgs(name="http", port=PORT, target_port="http")],
                ),
            ),
            opts=child(self, pulumi.ResourceOptions(depends_on=[engine])),
        )


def _problems(args: ModelServerArgs, service_name: str, path: str) -> Iterator[Problem]:
    yield from image_problems(args.image, f"{path}.image")
    yield from nearby_problems(args.nearby, f"{path}.nearby")
    if not 0 <= (args.node_minutes or 0) <= MOST_NODE_MINUTES:
        allowed = f"must be 0 to {MOST_NODE_MINUTES:,} minutes"
        yield Problem(f"{path}.nodeMinutes", args.node_minutes, allowed)
    if args.track not in (None, *TRACKS):
        yield Problem.not_one_of(f"{path}.track", args.track, TRACKS)
    if args.routed_model is not None:
        yield from label_problems(args.routed_model, f"{path}.routedModel")
    yield from security_problems(
        args.engine or EngineChoices(),
        user=args.run_as_user,
        render_group=args.render_group,
        seccomp_profile=args.seccomp_profile,
        path=path,
    )
    yield from model_server_problems(
        args.engine or EngineChoices(),
        model=args.model,
        shape=args.shape,
        service_name=service_name,
        served_name=args.served_name,
        replicas=_replicas(args),
        has_token=args.hugging_face_secret is not None,
        path=path,
        engine=f"{path}.engine",
    )


def _pod_labels(
    args: ModelServerArgs, service_name: str, selector: dict[str, str], *, offline: bool
) -> dict[str, str]:
    found = track_labels(args.routed_model or service_name, args.track or STABLE)
    return {**(args.labels or {}), **selector, **found, **internet_labels(offline=offline)}


def _replicas(args: ModelServerArgs) -> int:
    return 1 if args.replicas is None else args.replicas


def _plan(args: ModelServerArgs, service_name: str) -> ServerPlan:
    engine = PlanRequest(catalogue()[args.model], SHAPES[args.shape], args.engine or EngineChoices())
    return plan_server(
        ServerRequest(
            engine=engine,
            served_name=args.served_name or service_name,
            staged_gb=args.weights.staged_gb if args.weights else None,
            node_minutes=args.node_minutes or 0,
            run_as_user=args.run_as_user,
        )
    )


def _pod_choices(args: ModelServerArgs, selector: dict[str, str]) -> PodChoices:
    return PodChoices(
        image=args.image,
        labels=selector,
        node_selector=dict(args.node_selector or {}),
        cache_claim=args.cache_claim,
        compile_claim=args.compile_claim,
        weights=args.weights,
        token_secret=args.hugging_face_secret,
        token_key=args.hugging_face_secret_key or TOKEN_KEY,
        priority_class=args.priority_class,
        movable=bool(args.movable),
        nearby=args.nearby,
        image_pull_secret=args.image_pull_secret,
        run_as_user=args.run_as_user,
        render_group=args.render_group,
        seccomp_profile=args.seccomp_profile,
    )
