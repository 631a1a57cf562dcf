"""Intended differences between the sandbox and the real API server, each with its reason."""

import re

_POD = r"spec\.(jobTemplate\.spec\.)?template\.spec"
_WORKLOAD = r"^(apps/v1 (DaemonSet|Deployment)|batch/v1 (CronJob|Job)): "
_FAILURES = r"spec\.jobTemplate\.spec\.podFailurePolicy"
_WORKER_PODS = r"spec\.leaderWorkerTemplate\.(leader|worker)Template\b"
_WORKER_SET = r"^leaderworkerset\.x-k8s\.io/v1 LeaderWorkerSet: "
_ROLE = r"^rbac\.authorization\.k8s\.io/v1 Role: "
_TAKEN = r": the real server says '', the sandbox "
"""Only the sandbox refuses."""

REASONS: dict[str, str] = {
    rf"{_WORKLOAD}\S+ too large{_TAKEN}.*: Invalid value: 10000000000: must be a 32-bit integer'$": (
        "The server cuts off a number that is too large; the sandbox refuses it."
    ),
    rf"^Deployment spec\.replicas 10000000000{_TAKEN}.*: must be a 32-bit integer'$": "The same.",
    rf"{_WORKER_SET}{_WORKER_PODS}.*{_TAKEN}.+$": (
        "The server accepts any pods in a custom kind, and its controller then fails: the sandbox refuses early."
    ),
    rf"^LeaderWorkerSet {_WORKER_PODS}.*{_TAKEN}.+$": "The same.",
    rf"{_WORKER_SET}spec\.leaderWorkerTemplate\.size (negative|zero){_TAKEN}.+$": (
        "The project's webhook refuses it, in the cluster; the bare server runs no webhook."
    ),
    rf"^apps/v1 Deployment: {_POD}\.containers\[\]\.lifecycle\.preStop\.sleep( empty|\.seconds left out){_TAKEN}"
    rf"'{_POD}\.containers\[0\]\.lifecycle\.preStop\.sleep\.seconds: missing; it is required'$": (
        "The server reads missing seconds as 0; its own OpenAPI document says that they are required."
    ),
    rf"^batch/v1 CronJob: {_FAILURES}( empty|\.rules left out){_TAKEN}'{_FAILURES}\.rules: missing; it is required'$": (
        "The server reads missing rules as none; its own OpenAPI document says that they are required."
    ),
    rf"^batch/v1 CronJob: {_FAILURES}\.rules( empty|\[\] left out): {_FAILURES}\.rules: the real server has None, "
    r"the sandbox \[\]$": "No list means an empty list.",
    rf"^v1 LimitRange: spec( empty|\.limits left out){_TAKEN}'spec\.limits: missing; it is required'$": (
        "The server reads a missing list as an empty one; its own OpenAPI document says that it is required."
    ),
    rf"{_WORKLOAD}{_POD}\.(initC|c)ontainers\[\]\.image (a bad name|too long): "
    rf"{_POD}\.(initC|c)ontainers\[0\]\.imagePullPolicy: the real server has 'IfNotPresent', the sandbox 'Always'$": (
        "The pull policy of an image with an invalid name."
    ),
    r"^v1 PersistentVolumeClaim: spec\.storageClassName left out: spec\.storageClassName: only the sandbox has it, "
    r"'oci-bv'$": "OKE has a default class; the bare server has none.",
    rf"^cert-manager\.io/v1 Certificate: spec left out{_TAKEN}'spec: missing; it is required'$": (
        "The project's webhook refuses it, in the cluster; the bare server runs no webhook."
    ),
    rf"^keda\.sh/v1alpha1 ScaledObject: spec\.triggers twice{_TAKEN}'admission webhook .* must be unique'$": (
        "The project's webhook refuses it, in the cluster; the bare server runs no webhook."
    ),
    rf"^keda\.sh/v1alpha1 ScaledObject: spec\.triggers\[\]\.metricType (a bad name|too long){_TAKEN}"
    r"'spec\.triggers\[0\]\.metricType: must be one of .+'$": (
        "The server accepts any type, and then refuses KEDA's autoscaler: the sandbox refuses early."
    ),
    rf"^monitoring\.coreos\.com/v1 PrometheusRule: spec\.groups\[\]\.rules\[\]\.(alert|record) left out{_TAKEN}"
    r"'spec\.groups\[0\]\.rules\[0\]: must have exactly one of alert, record'$": (
        "The server accepts any rule, and the operator then skips its PrometheusRule: the sandbox refuses early."
    ),
    r"^(policy/v1 PodDisruptionBudget|v1 ResourceQuota): spec left out: spec: only the real server has it, \{\}$": (
        "An empty spec means no spec."
    ),
    r"^v1 LimitRange: spec left out: spec: only the real server has it, \{'limits': None\}$": "The same.",
    r"^v1 LimitRange: spec\.limits(\[\] left out| empty): spec\.limits: the real server has None, the sandbox \[\]$": (
        "No list means an empty list."
    ),
    rf"{_ROLE}rules empty: rules: the real server has None, the sandbox \[\]$": "The same.",
    rf"{_ROLE}rules left out: rules: only the real server has it, None$": "The same.",
}
"""Reasons by a pattern of the whole text of a difference: kind, field, change, and both verdicts."""

OTHER_WORDS = frozenset(
    {
        "Deployment spec.strategy.type 'Blue'",
        "Deployment spec.strategy.rollingUpdate.maxSurge 'many'",
        "Deployment spec.strategy.rollingUpdate.maxSurge 10000000000",
        "Deployment spec.selector.matchExpressions.0.values []",
        "Deployment spec.template.spec.tolerations.0.effect 'Never'",
        "Deployment spec.template.spec.tolerations.0.operator 'Is'",
        "Deployment spec.template.spec.securityContext.seccompProfile {}",
        "Deployment spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable ''",
        "Deployment spec.template.spec.volumes.1.name 'shm'",
        "Deployment spec.template.spec.volumes.0.name 'Shm'",
        "Deployment spec.template.spec.volumes.1.configMap {}",
        "Deployment spec.template.spec.volumes.0.emptyDir.sizeLimit 'big'",
        "Deployment spec.template.spec.volumes.0.emptyDir.sizeLimit '-1'",
        "Deployment spec.template.spec.containers.0.resources.requests.cpu 'one'",
        "Deployment spec.template.spec.containers.0.resources.requests.amd|com/gpu 1",
        "Deployment spec.template.spec.containers.0.securityContext.privileged True",
        "Deployment spec.template.spec.containers.0.volumeMounts.1.mountPath '/dev/shm'",
        "DaemonSet spec.updateStrategy.rollingUpdate.maxSurge 1",
        "CronJob spec.jobTemplate.spec left out",
        "CronJob spec.jobTemplate.spec.template.spec.restartPolicy left out",
        "CronJob spec.jobTemplate.spec.template.spec.restartPolicy 'Always'",
        "CronJob spec.jobTemplate.spec.podFailurePolicy.rules.0.action ''",
        "CronJob spec.jobTemplate.spec.podFailurePolicy.rules.0.onExitCodes.values [3, 3]",
        "NetworkPolicy spec.policyTypes.0 'Both'",
        "NetworkPolicy spec.egress.0.ports.0.endPort 80",
        "NetworkPolicy spec.egress.0.ports.0.protocol ''",
        "ResourceQuota spec.hard.limits|memory 'much'",
        "PriorityClass preemptionPolicy 'Always'",
        "StorageClass volumeBindingMode ''",
        "PersistentVolume spec left out",
        "PersistentVolume spec.capacity {}",
        "PersistentVolume spec.accessModes.0 'Everybody'",
        "PersistentVolume spec.hostPath {'path': '/x'}",
        "PersistentVolume spec.nodeAffinity.required.nodeSelectorTerms.0.matchExpressions.0.operator 'Is'",
        "a path's name",
        "two budgets",
        "a port too high",
        "a port twice",
        "changed: a job's pods",
        "changed: a role",
        "changed: a claim",
    }
)
"""Refusals, by kind, field and value, or by name, that are the same and said otherwise: the order of problems or of
choices, a value written as Go writes it, a second problem that follows from the first, or the converter's word where
the sandbox names the field."""


def excused(difference: str) -> bool:
    """Whether a difference is intended."""
    return any(re.search(pattern, difference) for pattern in REASONS)
