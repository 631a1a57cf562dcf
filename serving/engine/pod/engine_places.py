"""Which nodes engines prefer: replicas of one model on different nodes, small engines of different models together.

An engine that uses all GPUs of a node needs a node without other engines. Both preferences are soft: if the scheduler
cannot follow them, it places the pods anyway. `report.placement` predicts the result.
"""

from pulumi_kubernetes import core, meta

from serving.engine.server_plan import ServerPlan

HOST_NAME = "kubernetes.io/hostname"
SHARE_LABEL = "genai-playground/gpu-share"
"""Label of engines that use only a part of their node's GPUs."""

PART = "part"
_INSTANCE = "app.kubernetes.io/instance"


def share_labels(plan: ServerPlan) -> dict[str, str]:
    """The label of an engine that uses only a part of its node's GPUs. Empty for one that uses all."""
    return {SHARE_LABEL: PART} if plan.gpus < plan.shape.gpus else {}


def spread_replicas(labels: dict[str, str]) -> "core.v1.TopologySpreadConstraintArgs":
    """Replicas on different nodes, so that the loss of one node stops only one replica."""
    return core.v1.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key=HOST_NAME,
        when_unsatisfiable="ScheduleAnyway",
        label_selector=meta.v1.LabelSelectorArgs(match_labels=labels),
    )


def prefer_shared_nodes(plan: ServerPlan, labels: dict[str, str]) -> "core.v1.AffinityArgs | None":
    """Small engines next to those of other models in any namespace. Replicas of the same model do not attract each
    other."""
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
