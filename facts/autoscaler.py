"""The configuration of OKE's ClusterAutoscaler add-on.

Source: Oracle's page "Cluster Add-on Configuration Arguments", section Cluster Autoscaler
(contengconfiguringclusteraddons-configurationarguments.htm), and its page "Using the Kubernetes Cluster Autoscaler".
"""

import re
from collections.abc import Mapping

ADDON = "ClusterAutoscaler"

COMMON_KEYS = frozenset(
    (
        "affinity",
        "nodeSelectors",
        "numOfReplicas",
        "rollingUpdate",
        "tolerations",
        "topologySpreadConstraints",
    )
)
"""The keys that every add-on has."""

_KINDS: Mapping[str, tuple[str, ...]] = {
    "a duration such as 10m or 1h30m": (
        *("leaderElectLeaseDuration", "leaderElectRenewDeadline", "leaderElectRetryPeriod"),
        *("maxFailingTime", "maxInactivity", "maxNodeProvisionTime", "scanInterval"),
        *("scaleDownDelayAfterAdd", "scaleDownDelayAfterDelete", "scaleDownDelayAfterFailure"),
        *("scaleDownUnneededTime", "scaleDownUnreadyTime", "unremovableNodeRecheckTimeout"),
    ),
    "true or false": (
        *("balanceSimilarNodeGroups", "cordonNodeBeforeTerminating", "daemonsetEvictionForEmptyNodes"),
        *("daemonsetEvictionForOccupiedNodes", "debuggingSnapshotEnabled", "emitPerNodegroupMetrics"),
        *("enforceNodeGroupMinSize", "ignoreDaemonsetsUtilization", "ignoreMirrorPodsUtilization"),
        *("leaderElect", "recordDuplicatedEvents", "scaleDownEnabled", "skipNodesWithCustomControllerPods"),
        *("skipNodesWithLocalStorage", "skipNodesWithSystemPods", "writeStatusConfigmap"),
    ),
    "a whole number": (
        *("expendablePodsPriorityCutoff", "maxAutoprovisionedNodeGroupCount", "maxEmptyBulkDelete"),
        *("maxGracefulTerminationSec", "maxNodesTotal", "minReplicaCount", "okTotalUnreadyCount"),
        *("scaleDownCandidatesPoolMinCount", "scaleDownNonEmptyCandidatesCount", "v"),
    ),
    "a number": (
        *("maxTotalUnreadyPercentage", "scaleDownCandidatesPoolRatio", "scaleDownUtilizationThreshold"),
    ),
    "text": (
        *("annotations", "authType", "balancingIgnoreLabel", "balancingLabel"),
        *("cluster-autoscaler.ContainerResources", "coresTotal", "estimator", "expander"),
        *("leaderElectResourceLock", "memoryTotal", "nodes", "statusConfigMapName", "stderrthreshold"),
    ),
}
"""What the value of a key must be. Source: the types of the flags in kubernetes/autoscaler
(cluster-autoscaler/config/flags/flags.go), which parses them with Go's `flag` package."""

CONFIGURATION_KEYS = COMMON_KEYS.union(*_KINDS.values())
"""The keys of the add-on. Auto-discovery, auto-provisioning and `gpu-total` are not among them."""

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DECIMAL = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_PART = rf"({_DECIMAL})({'|'.join(_UNITS)})"
_NUMBER = rf"[-+]?{_DECIMAL}(?:[eE][-+]?[0-9]+)?"
_FORMS: Mapping[str, re.Pattern[str]] = {
    "a duration such as 10m or 1h30m": re.compile(rf"[-+]?(?:0|(?:{_PART})+)"),
    "true or false": re.compile(r"true|false|TRUE|FALSE|True|False|[tTfF01]"),
    "a whole number": re.compile(r"[-+]?[0-9]+"),
    "a number": re.compile(_NUMBER),
}


def allowed_value(key: str, value: str) -> str:
    """What the value of a key must be, such as `a whole number`. Empty if the value is valid or any text is."""
    kind = next((each for each, keys in _KINDS.items() if key in keys), "text")
    return "" if kind not in _FORMS or _FORMS[kind].fullmatch(value) else kind


def seconds_of(duration: str) -> float:
    """The seconds of a valid duration such as 1h30m."""
    total = sum(float(count) * _UNITS[unit] for count, unit in re.findall(_PART, duration))
    return -total if duration.startswith("-") else total


def is_true(value: str) -> bool:
    """What a valid `true or false` says."""
    return value in ("1", "t", "T", "true", "TRUE", "True")


GPU_THRESHOLD = 0.5
"""The share of a node's GPUs below which the node can be removed. The add-on has no key for it: it is the default of
`scale-down-gpu-utilization-threshold` in kubernetes/autoscaler (cluster-autoscaler/config/const.go)."""

NAMESPACE, ACCOUNT = "kube-system", "cluster-autoscaler"
"""Namespace and service account of its pods, which its grants name."""

LOCAL_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
"""Annotation of a pod: names of its local volumes, with commas, that may be lost when its node is removed. Source: the
FAQ of kubernetes/autoscaler, "What types of pods can prevent CA from removing a node?"."""

SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"
"""Annotation of a pod: `false` keeps its node. The same source."""
