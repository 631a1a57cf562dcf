"""Values that a Kubernetes 1.36.1 API server refuses: kind, field, value, and a part of the message."""

from typing import Any

from tests.sandbox.kubernetes.field_objects import objects

GONE = object()
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers.0"
PEER = "spec.egress.0.to.0"
TERM = "spec.nodeAffinity.required.nodeSelectorTerms"


def spoiled(kind: str, path: str, value: object) -> dict[str, Any]:
    body: Any = objects()[kind]
    inner: Any = body
    *above, last = (int(part) if part.isdecimal() else part.replace("|", ".") for part in path.split("."))
    for part in above:
        inner = inner[part]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return body


REFUSED: tuple[tuple[str, str, object, str], ...] = (
    (
        "Deployment",
        "spec.replicas",
        -1,
        "replicas: Invalid value: -1: must be greater than or equal to 0",
    ),
    (
        "Deployment",
        "spec.replicas",
        10**10,
        "replicas: Invalid value: 10000000000: must be a 32-bit integer",
    ),
    ("Deployment", "spec.strategy.type", "Blue", 'supported values: "Recreate", "RollingUpdate"'),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", "many", "a valid percent string"),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", -1, "must be greater than or equal to 0"),
    ("Deployment", "spec.strategy.rollingUpdate.maxSurge", 10**10, "must be a 32-bit integer"),
    ("Deployment", "spec.selector.matchLabels.a", "not good", "selector.matchLabels: Invalid value"),
    (
        "Deployment",
        "spec.selector.matchExpressions.0.operator",
        "Is",
        "not a valid selector operator",
    ),
    (
        "Deployment",
        "spec.selector.matchExpressions.0.values",
        [],
        "must be specified when `operator` is 'In'",
    ),
    ("Deployment", "spec.selector.matchExpressions.0.operator", "Exists", "may not be specified when"),
    ("Deployment", "spec.template.spec", GONE, "spec.template.spec.containers: Required value"),
    ("Deployment", f"{POD}.containers", [], "containers: Required value"),
    ("Deployment", f"{POD}.terminationGracePeriodSeconds", 10, "terminationGracePeriodSeconds (10)"),
    ("Deployment", f"{POD}.serviceAccountName", "No Such", "a lowercase RFC 1123 subdomain"),
    ("Deployment", f"{POD}.priorityClassName", "No Such", "a lowercase RFC 1123 subdomain"),
    ("Deployment", f"{POD}.nodeSelector.pool", "no such", "nodeSelector: Invalid value"),
    ("Deployment", f"{POD}.tolerations.0.effect", "Never", "tolerations[0].effect: Unsupported value"),
    ("Deployment", f"{POD}.tolerations.0.operator", "Is", "tolerations[0].operator: Unsupported value"),
    ("Deployment", f"{POD}.tolerations.0.key", "a/b/c", "tolerations[0].key: Invalid value"),
    ("Deployment", f"{POD}.tolerations.0.value", "x", "value must be empty when `operator` is 'Exists'"),
    ("Deployment", f"{POD}.tolerations.0", {}, "operator must be Exists when `key` is empty"),
    ("Deployment", f"{POD}.securityContext.runAsUser", -1, "must be between 0 and 2147483647"),
    (
        "Deployment",
        f"{POD}.securityContext.seccompProfile.type",
        "None",
        "seccompProfile.type: Unsupported",
    ),
    ("Deployment", f"{POD}.securityContext.seccompProfile", {}, "type is required when seccompProfile"),
    ("Deployment", f"{POD}.topologySpreadConstraints.0.maxSkew", 0, "must be greater than zero"),
    ("Deployment", f"{POD}.topologySpreadConstraints.0.topologyKey", "", "can not be empty"),
    ("Deployment", f"{POD}.topologySpreadConstraints.0.whenUnsatisfiable", "", "Required value"),
    ("Deployment", f"{POD}.volumes.1.name", "shm", 'volumes[1].name: Duplicate value: "shm"'),
    ("Deployment", f"{POD}.volumes.0.name", "Shm", "a lowercase RFC 1123 label"),
    ("Deployment", f"{POD}.volumes.1.configMap", {}, "configMap.name: Required value"),
    ("Deployment", f"{POD}.volumes.0.emptyDir.sizeLimit", "big", "quantities must match"),
    ("Deployment", f"{POD}.volumes.0.emptyDir.sizeLimit", "-1", "sizeLimit: Forbidden"),
    ("Deployment", f"{CONTAINER}.name", "x" * 64, "must be no more than 63 characters"),
    ("Deployment", f"{CONTAINER}.image", "", "image: Required value"),
    ("Deployment", f"{CONTAINER}.env.0.name", "", "env[0].name: Required value"),
    ("Deployment", f"{CONTAINER}.ports.0.containerPort", 70000, "must be between 1 and 65535, inclusive"),
    ("Deployment", f"{CONTAINER}.ports.0.name", "HTTP", "must contain only alpha-numeric characters"),
    ("Deployment", f"{CONTAINER}.ports.0.protocol", "ICMP", "ports[0].protocol: Unsupported value"),
    ("Deployment", f"{CONTAINER}.resources.requests.cpu", "-1", "resources.requests[cpu]: Invalid value"),
    ("Deployment", f"{CONTAINER}.resources.requests.cpu", "one", "quantities must match"),
    (
        "Deployment",
        f"{CONTAINER}.resources.requests.memory",
        "2Gi",
        "less than or equal to memory limit of 1Gi",
    ),
    (
        "Deployment",
        f"{CONTAINER}.resources.requests.amd|com/gpu",
        1,
        "must be equal to amd.com/gpu limit",
    ),
    ("Deployment", f"{CONTAINER}.resources.limits.amd|com/gpu", "500m", "must be an integer"),
    (
        "Deployment",
        f"{CONTAINER}.securityContext.privileged",
        True,
        "cannot set `allowPrivilegeEscalation`",
    ),
    (
        "Deployment",
        f"{CONTAINER}.lifecycle.preStop",
        {},
        "preStop: Required value: must specify a handler",
    ),
    ("Deployment", f"{CONTAINER}.readinessProbe.periodSeconds", -1, "periodSeconds: Invalid value: -1"),
    ("Deployment", f"{CONTAINER}.readinessProbe.httpGet.port", 0, "must be between 1 and 65535"),
    ("Deployment", f"{CONTAINER}.readinessProbe.exec", {"command": ["x"]}, "more than 1 handler type"),
    ("Deployment", f"{CONTAINER}.livenessProbe.exec", {}, "exec.command: Required value"),
    (
        "Deployment",
        f"{CONTAINER}.livenessProbe.successThreshold",
        2,
        "successThreshold: Invalid value: 2",
    ),
    ("Deployment", f"{CONTAINER}.volumeMounts.1.mountPath", "/dev/shm", "volumeMounts[1].mountPath: Dup"),
    ("Deployment", f"{CONTAINER}.volumeMounts.1.mountPath", "", "mountPath: Required value"),
    ("Deployment", f"{CONTAINER}.volumeMounts.1.name", "none", 'volumeMounts[1].name: Not found: "none"'),
    ("DaemonSet", "spec.updateStrategy.rollingUpdate.maxSurge", 1, "maxSurge may not be set when"),
    ("CronJob", "spec.schedule", "", "spec.schedule: Required value"),
    ("CronJob", "spec.schedule", "daily", "expected exactly 5 fields, found 1"),
    ("CronJob", "spec.timeZone", "Mars/Base", "unknown time zone Mars/Base"),
    ("CronJob", "spec.timeZone", "", "timeZone must be nil or non-empty string"),
    ("CronJob", "spec.concurrencyPolicy", "Queue", 'supported values: "Allow", "Forbid", "Replace"'),
    (
        "CronJob",
        "spec.jobTemplate.spec",
        GONE,
        "jobTemplate.spec.template.spec.containers: Required value",
    ),
    ("CronJob", "spec.jobTemplate.spec.backoffLimit", -1, "must be greater than or equal to 0"),
    (
        "CronJob",
        "spec.jobTemplate.spec.template.spec.restartPolicy",
        GONE,
        'valid values: "OnFailure", "Never"',
    ),
    ("CronJob", "spec.jobTemplate.spec.template.spec.restartPolicy", "Always", "Unsupported value"),
    ("Service", "spec.type", "Public", "spec.type: Unsupported value"),
    ("Service", "spec.selector.a", "not good", "spec.selector: Invalid value"),
    ("Service", "spec.ports.0.name", "No Such", "a lowercase RFC 1123 label"),
    ("Service", "spec.ports.0.targetPort", "No Such", "must contain only alpha-numeric characters"),
    ("NetworkPolicy", "spec.policyTypes.0", "Both", 'supported values: "Egress", "Ingress"'),
    ("NetworkPolicy", "spec.policyTypes", ["Ingress", "Egress", "Ingress"], "more than two policyTypes"),
    ("NetworkPolicy", "spec.egress.0.ports.0.port", 0, "must be between 1 and 65535"),
    ("NetworkPolicy", "spec.egress.0.ports.0.endPort", 80, "must be greater than or equal to `port`"),
    ("NetworkPolicy", "spec.egress.0.ports.0.protocol", "", "protocol: Required value"),
    ("NetworkPolicy", PEER, {}, "to[0]: Required value: must specify a peer"),
    ("NetworkPolicy", f"{PEER}.ipBlock.cidr", "", "cidr: Required value"),
    ("NetworkPolicy", f"{PEER}.ipBlock.cidr", "10.0.0.0/40", "must be a valid CIDR value"),
    ("NetworkPolicy", f"{PEER}.ipBlock.cidr", "10.0.0.0/255.0.0.0", "must be a valid CIDR value"),
    ("NetworkPolicy", f"{PEER}.ipBlock.except.0", "10.1.0.0/24", "must be a strict subset of `cidr`"),
    ("Role", "rules.0.verbs", [], "verbs must contain at least one value"),
    ("Role", "rules.0.apiGroups", [], "must supply at least one api group"),
    ("Role", "rules.0.resources", GONE, "must supply at least one resource"),
    ("RoleBinding", "roleRef.kind", "Group", 'supported values: "Role", "ClusterRole"'),
    ("RoleBinding", "roleRef.apiGroup", "apps", "roleRef.apiGroup: Unsupported value"),
    ("RoleBinding", "roleRef.name", "", "roleRef.name: Required value"),
    ("RoleBinding", "subjects.0.kind", "Team", 'supported values: "ServiceAccount", "User", "Group"'),
    ("RoleBinding", "subjects.0.apiGroup", "apps", "subjects[0].apiGroup: Unsupported value"),
    ("PodDisruptionBudget", "spec.maxUnavailable", -1, "must be greater than or equal to 0"),
    ("PodDisruptionBudget", "spec.unhealthyPodEvictionPolicy", "Never", "Unsupported value"),
    ("ResourceQuota", "spec.hard.limits|memory", "-1", "spec.hard[limits.memory]: Invalid value"),
    ("ResourceQuota", "spec.hard.limits|memory", "much", "quantities must match"),
    ("LimitRange", "spec.limits.0.type", "Everything", "must be a standard limit type"),
    ("LimitRange", "spec.limits", [{"type": "Pod"}] * 2, 'limits[1].type: Duplicate value: "Pod"'),
    (
        "LimitRange",
        "spec.limits.0.default.memory",
        "512Mi",
        "1Gi is greater than default limit value 512Mi",
    ),
    ("PriorityClass", "value", 2_000_000_000, "maximum allowed value of a user defined priority"),
    ("PriorityClass", "preemptionPolicy", "Always", "preemptionPolicy: Unsupported value"),
    ("StorageClass", "provisioner", "", "provisioner: Required value"),
    ("StorageClass", "provisioner", "No Such", "provisioner: Invalid value"),
    ("StorageClass", "reclaimPolicy", "Recycle", 'supported values: "Delete", "Retain"'),
    ("StorageClass", "volumeBindingMode", "", "volumeBindingMode: Required value"),
    ("PersistentVolume", "spec", GONE, "must specify a volume type"),
    ("PersistentVolume", "spec.capacity", {}, "spec.capacity: Required value"),
    ("PersistentVolume", "spec.capacity.storage", "0", "must be greater than zero"),
    ("PersistentVolume", "spec.accessModes", [], "spec.accessModes: Required value"),
    ("PersistentVolume", "spec.accessModes.0", "Everybody", "accessModes[0]: Unsupported value"),
    ("PersistentVolume", "spec.local", GONE, "must specify a volume type"),
    ("PersistentVolume", "spec.hostPath", {"path": "/x"}, "may not specify more than 1 volume type"),
    ("PersistentVolume", "spec.local.path", "", "spec.local.path: Required value"),
    ("PersistentVolume", "spec.nodeAffinity", GONE, "Local volume requires node affinity"),
    ("PersistentVolume", "spec.nodeAffinity.required", GONE, "must specify required node constraints"),
    ("PersistentVolume", TERM, [], "must have at least one node selector term"),
    ("PersistentVolume", f"{TERM}.0.matchExpressions.0.operator", "Is", "not a valid selector operator"),
    ("PersistentVolume", f"{TERM}.0.matchExpressions.0.operator", "Gt", "must be specified single value"),
    ("PersistentVolume", "spec.storageClassName", "No Such", "a lowercase RFC 1123 subdomain"),
    ("PersistentVolumeClaim", "spec.accessModes", [], "at least 1 access mode is required"),
    ("PersistentVolumeClaim", "spec.resources", {}, "spec.resources[storage]: Required value"),
    ("PersistentVolumeClaim", "spec.resources.requests.storage", "0", "must be greater than zero"),
    (
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.workerTemplate.spec.containers.0.image",
        "",
        "image: Req",
    ),
)
