"""The status of workloads."""

from sandbox.kubernetes.api.values import Json
from sandbox.kubernetes.scheduling.controllers import Running
from sandbox.kubernetes.scheduling.gateways import gateway_status


def workload_status(body: Json, running: Running) -> Json:
    """The status that the controllers write for a workload."""
    wanted, ready = running.wanted, running.ready
    generation = body["metadata"].get("generation", 1)
    match body["kind"]:
        case "Deployment":
            return _deployment_status(body, running)
        case "StatefulSet":
            return {
                "observedGeneration": generation,
                "replicas": wanted,
                "readyReplicas": ready,
                "currentReplicas": wanted,
                "updatedReplicas": wanted,
                "availableReplicas": ready,
            }
        case "DaemonSet":
            return {
                "observedGeneration": generation,
                "desiredNumberScheduled": wanted,
                "currentNumberScheduled": ready,
                "updatedNumberScheduled": ready,
                "numberReady": ready,
                "numberAvailable": ready,
                "numberMisscheduled": 0,
            }
        case "Job":
            done = running.complete
            state = {"type": "Complete", "status": "True"}
            return {"succeeded": ready, "conditions": [state]} if done else {"active": ready}
        case "Pod" | "Gateway" as kind:
            return _pod_status(running) if kind == "Pod" else gateway_status(running.problems)
        case _:
            return {"replicas": wanted, "readyReplicas": ready}


def _deployment_status(body: Json, running: Running) -> Json:
    available = running.ready >= running.wanted or running.rolling
    progress = {
        "type": "Progressing",
        "status": "True" if running.complete else "False",
        "reason": "NewReplicaSetAvailable" if running.complete else "ProgressDeadlineExceeded",
    }
    minimum = {
        "type": "Available",
        "status": "True" if available else "False",
        "reason": "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable",
        "message": f"Deployment {'has' if available else 'does not have'} minimum availability.",
    }
    return {
        "observedGeneration": body["metadata"].get("generation", 1),
        "replicas": running.wanted,
        "updatedReplicas": 0 if running.rolling else running.wanted,
        "readyReplicas": running.ready,
        "availableReplicas": running.ready,
        "unavailableReplicas": running.wanted - running.ready,
        "conditions": [minimum, progress],
    }


def _pod_status(running: Running) -> Json:
    if running.complete:
        return {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    message = running.problems[0] if running.problems else ""
    scheduled = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return {"phase": "Pending", "conditions": [scheduled]}
