"""Pods that keep whole nodes free for engines, and leave at once when an engine needs their node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps, core, meta

from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_RESOURCE, GPU_TAINT_KEY
from facts.problem import Problem, refuse
from serving.engine.server_rules import image_problems
from serving.options import child
from serving.unprivileged import NOBODY, unprivileged

NODES = (1, 100)
GPUS = (1, 8)


@dataclass(frozen=True, kw_only=True)
class WarmNodesArgs:
    """The nodes that stay free, and the class of the pods that hold them."""

    namespace: pulumi.Input[str]
    """Namespace of the pods. It must exist."""

    nodes: int
    """Nodes that stay free, 1 to 100."""

    gpus: int
    """GPUs of each node, 1 to 8. A pod requests all of them, so there is one on each node."""

    image: str
    """Image of a program that only waits, such as `registry.k8s.io/pause`, with its digest."""

    priority_class: pulumi.Input[str]
    """Existing PriorityClass with a value from -10 to -1: below engines, and still seen by the cluster autoscaler."""

    node_selector: Mapping[str, str]
    """Labels of the nodes."""

    labels: Mapping[str, str] | None = None
    """More labels. Default: none."""


class WarmNodes(CheckedArgs, pulumi.ComponentResource):
    """Pods of low priority on whole nodes of an autoscaled pool.

    An engine that needs a node preempts such a pod and starts at once. The pod then waits, and the cluster autoscaler
    adds a node for it. Each node costs as much as one that serves.
    """

    deployment: pulumi.Output[str]
    """Name of the Deployment."""

    def __init__(self, name: str, args: WarmNodesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(warm_nodes_problems(args.nodes, args.gpus, args.image, path=name), f"the warm nodes {name}")
        super().__init__("genai:index:WarmNodes", name, {}, opts)
        labels = {"app.kubernetes.io/name": "warm-node", "app.kubernetes.io/instance": name}
        made = apps.v1.Deployment(
            f"{name}-deployment",
            apps.v1.DeploymentInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=name,
                    namespace=args.namespace,
                    labels={**(args.labels or {}), **labels, "app.kubernetes.io/managed-by": "pulumi"},
                    # That a pod waits for its node is normal.
                    annotations={"pulumi.com/skipAwait": "true"},
                ),
                spec=apps.v1.DeploymentSpecArgs(
                    replicas=args.nodes,
                    selector=meta.v1.LabelSelectorArgs(match_labels=labels),
                    strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                    template=core.v1.PodTemplateSpecArgs(
                        metadata=meta.v1.ObjectMetaArgs(labels=labels), spec=_pod(args)
                    ),
                ),
            ),
            opts=child(self),
        )
        self.deployment = made.metadata.apply(lambda metadata: metadata.name or name)
        self.register_outputs({"deployment": self.deployment})


def _pod(args: WarmNodesArgs) -> "core.v1.PodSpecArgs":
    limits = {GPU_RESOURCE: str(args.gpus), "memory": "64Mi"}
    return core.v1.PodSpecArgs(
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=0,
        priority_class_name=args.priority_class,
        node_selector=args.node_selector,
        tolerations=[core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")],
        containers=[
            core.v1.ContainerArgs(
                name="wait",
                image=args.image,
                resources=core.v1.ResourceRequirementsArgs(limits=limits, requests={**limits, "cpu": "10m"}),
                security_context=unprivileged(read_only=True, user=NOBODY),
            )
        ],
    )


def warm_nodes_problems(nodes: int, gpus: int, image: str, *, path: str) -> Iterator[Problem]:
    """Numbers outside the limits, and an image that can change."""
    for key, value, (low, high) in (("nodes", nodes, NODES), ("gpus", gpus, GPUS)):
        if not low <= value <= high:
            yield Problem(f"{path}.{key}", value, f"must be {low} to {high}")
    yield from image_problems(image, f"{path}.image")
