"""Where the sandbox differs from the real API server on purpose, each with the reason."""

import re

REASONS: dict[str, str] = {
    r"must be a 32-bit integer": "The server cuts off a number that is too large; the sandbox says that it is.",
    r"LeaderWorkerSet:? spec\.leaderWorkerTemplate\.(leader|worker)Template\b": (
        "The server takes the pods of a custom kind as they are and its controller fails on them: refused early."
    ),
    r"LeaderWorkerSet: spec\.leaderWorkerTemplate\.size (negative|zero)": (
        "The project's webhook refuses it, in the cluster; the bare server runs no webhook."
    ),
    r"missing; it is required": "The server fills in what its own OpenAPI document says is required.",
    r"imagePullPolicy: the real server has 'IfNotPresent'": "The policy of an image whose name is none.",
    r"PersistentVolumeClaim: spec\.storageClassName left out": "OKE has a default class; the bare server has none.",
    r"Gateway: spec\.listeners twice": "Keys of lists in custom kinds are left to their schemas.",
    r"spec left out: spec: only the real server has it": "An empty spec stands for none.",
    r"has None, the sandbox \[\]|rules: only the real server has it, None": "No list stands for an empty one.",
}
"""By a pattern of what a comparison says."""

OTHER_WORDS = frozenset(
    {
        "CronJob spec.jobTemplate.spec",
        "CronJob spec.jobTemplate.spec.template.spec.restartPolicy",
        "DaemonSet spec.updateStrategy.rollingUpdate.maxSurge",
        "Deployment spec.selector.matchExpressions.0.values",
        "Deployment spec.strategy.rollingUpdate.maxSurge",
        "Deployment spec.strategy.type",
        "Deployment spec.template.spec.containers.0.resources.requests.amd|com/gpu",
        "Deployment spec.template.spec.containers.0.resources.requests.cpu",
        "Deployment spec.template.spec.containers.0.securityContext.privileged",
        "Deployment spec.template.spec.containers.0.volumeMounts.1.mountPath",
        "Deployment spec.template.spec.securityContext.seccompProfile",
        "Deployment spec.template.spec.tolerations.0.effect",
        "Deployment spec.template.spec.tolerations.0.operator",
        "Deployment spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable",
        "Deployment spec.template.spec.volumes.0.emptyDir.sizeLimit",
        "Deployment spec.template.spec.volumes.0.name",
        "Deployment spec.template.spec.volumes.1.configMap",
        "Deployment spec.template.spec.volumes.1.name",
        "NetworkPolicy spec.egress.0.ports.0.endPort",
        "NetworkPolicy spec.egress.0.ports.0.protocol",
        "NetworkPolicy spec.policyTypes.0",
        "PersistentVolume spec",
        "PersistentVolume spec.accessModes.0",
        "PersistentVolume spec.capacity",
        "PersistentVolume spec.hostPath",
        "PersistentVolume spec.nodeAffinity.required.nodeSelectorTerms.0.matchExpressions.0.operator",
        "PriorityClass preemptionPolicy",
        "ResourceQuota spec.hard.limits|memory",
        "StorageClass volumeBindingMode",
        "a path's name",
        "two budgets",
        "a port too high",
        "a port twice",
        "changed: a job's pods",
        "changed: a role",
        "changed: a claim",
    }
)
"""Refusals that are the same and said otherwise: the order of problems or of choices, a value written as Go writes it,
a second problem that follows from the first, or the converter's word where the sandbox names the field."""


def excused(difference: str) -> bool:
    """Whether a difference is meant."""
    return any(re.search(pattern, difference) for pattern in REASONS)
