"""Which pods keep their node, as the cluster autoscaler decides.

Source: the FAQ of kubernetes/autoscaler, "What types of pods can prevent CA from removing a node?" and "How does
scale-down work?". Not modelled: disruption budgets.
"""

from collections.abc import Mapping

from facts.autoscaler import LOCAL_VOLUMES, SAFE_TO_EVICT
from facts.kubernetes import GPU_RESOURCE
from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.api.values import Json, at
from sandbox.kubernetes.scheduling.pods import template_of
from sandbox.kubernetes.scheduling.scheduler import NodeCapacity


def keeps_node(live: Live, *, local_storage: bool = True, system_pods: bool = True) -> str:
    """Why a workload's pod keeps its node; empty if the node may go. The two flags are those of the add-on."""
    if live.key[1] == "DaemonSet":
        return ""
    if live.key[1] == "Pod":
        return f"pod {live.name} has no controller"
    if system_pods and live.namespace == "kube-system":
        return f"pod of {live.name} is in kube-system"
    template = template_of(live.body) or {}
    annotations = at(template, "metadata", "annotations") or {}
    if annotations.get(SAFE_TO_EVICT) == "false":
        return f"pod of {live.name} has {SAFE_TO_EVICT}: false"
    if annotations.get(SAFE_TO_EVICT) == "true" or not local_storage:
        return ""
    safe = {each.strip() for each in str(annotations.get(LOCAL_VOLUMES, "")).split(",")}
    local = [name for name in local_volumes(template.get("spec") or {}) if name not in safe]
    return f"pod of {live.name} has local volumes: {', '.join(local)}" if local else ""


def local_volumes(spec: Json) -> list[str]:
    """The volumes of a pod that are lost with its node. A volume in memory does not count."""
    return [
        str(each.get("name"))
        for each in spec.get("volumes") or ()
        if "hostPath" in each or ("emptyDir" in each and (each["emptyDir"] or {}).get("medium") != "Memory")
    ]


def utilization(capacity: NodeCapacity) -> float:
    """The requested share of a node: of its GPUs if it has any, else of CPU or memory, whichever is larger."""
    total = capacity.node.allocatable
    names = [GPU_RESOURCE] if total.get(GPU_RESOURCE) else ["cpu", "memory"]
    return max(_share(total, capacity.free, name) for name in names)


def _share(total: Mapping[str, float], free: Mapping[str, float], name: str) -> float:
    return 1 - free.get(name, 0.0) / total[name] if total.get(name) else 0.0
