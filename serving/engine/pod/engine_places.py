"""Which nodes engines prefer: replicas of one model apart, small engines of different models together.

An engine that takes all GPUs of a node needs one that no other engine is on. Both wishes are soft: a scheduler that
cannot follow them places the pods all the same. `report.placement` foresees what comes of them.
"""

from pulumi_kubernetes import core, meta

from serving.engine.server_plan import ServerPlan

HOST_NAME = "kubernetes.io/hostname"
SHARE_LABEL = "genai-playground/gpu-share"
"""Label of engines that leave GPUs of their node to others."""

PART = "part"
_INSTANCE = "app.kubernetes.io/instance"


def share_labels(plan: ServerPlan) -> dict[str, str]:
    """The label of an engine that takes a part of its node's GPUs; none for one that takes all."""
    return {SHARE_LABEL: PART} if plan.gpus < plan.shape.gpus else {}


def apart(labels: dict[str, str]) -> "core.v1.TopologySpreadConstraintArgs":
    """Replicas on different nodes, so that the loss of one leaves the others."""
    return core.v1.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=HOST_NAME,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=meta.v1.LabelSelectorArgs(match_labels=labels),
    )


def together(plan: ServerPlan, labels: dict[str, str]) -> "core.v1.AffinityArgs | None":
    """Small engines beside those of other models, in whatever namespace. Their own replicas do not attract them."""
    if plan.gpus >= plan.shape.gpus:
        return None
    others = [
        meta.v1.LabelSelectorRequirementArgs(key=SHARE_LABEL, operator="In", values=[PART]),
        meta.v1.LabelSelectorRequirementArgs(key=_INSTANCE, operator="NotIn", values=[labels[_INSTANCE]]),
    ]
    term = core.v1.PodAffinityTermArgs(
        topology_key=HOST_NAME,
        namespace_selector=meta.v1.LabelSelectorArgs(),
        label_selector=meta.v1.LabelSelectorArgs(match_expressions=others),
    )
    return core.v1.AffinityArgs(
        pod_affinity=core.v1.PodAffinityArgs(
            preferred_during_scheduling_ignored_during_execution=[
                core.v1.WeightedPodAffinityTermArgs(weight=100, pod_affinity_term=term)
            ]
        )
    )
