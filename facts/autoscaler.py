"""The configuration of OKE's ClusterAutoscaler add-on.

Source: Oracle's page "Cluster Add-on Configuration Arguments", section Cluster Autoscaler
(contengconfiguringclusteraddons-configurationarguments.htm), and its page "Using the Kubernetes Cluster Autoscaler".
"""

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

CONFIGURATION_KEYS = COMMON_KEYS | frozenset(
    [
        "annotations",
        "authType",
        "balanceSimilarNodeGroups",
        "balancingIgnoreLabel",
        "balancingLabel",
        "cluster-autoscaler.ContainerResources",
        "cordonNodeBeforeTerminating",
        "coresTotal",
        "daemonsetEvictionForEmptyNodes",
        "daemonsetEvictionForOccupiedNodes",
        "debuggingSnapshotEnabled",
        "emitPerNodegroupMetrics",
        "enforceNodeGroupMinSize",
        "estimator",
        "expander",
        "expendablePodsPriorityCutoff",
        "ignoreDaemonsetsUtilization",
        "ignoreMirrorPodsUtilization",
        "leaderElect",
        "leaderElectLeaseDuration",
        "leaderElectRenewDeadline",
        "leaderElectResourceLock",
        "leaderElectRetryPeriod",
        "maxAutoprovisionedNodeGroupCount",
        "maxEmptyBulkDelete",
        "maxFailingTime",
        "maxGracefulTerminationSec",
        "maxInactivity",
        "maxNodeProvisionTime",
        "maxNodesTotal",
        "maxTotalUnreadyPercentage",
        "memoryTotal",
        "minReplicaCount",
        "nodes",
        "okTotalUnreadyCount",
        "recordDuplicatedEvents",
        "scaleDownCandidatesPoolMinCount",
        "scaleDownCandidatesPoolRatio",
        "scaleDownDelayAfterAdd",
        "scaleDownDelayAfterDelete",
        "scaleDownDelayAfterFailure",
        "scaleDownEnabled",
        "scaleDownNonEmptyCandidatesCount",
        "scaleDownUnneededTime",
        "scaleDownUnreadyTime",
        "scaleDownUtilizationThreshold",
        "scanInterval",
        "skipNodesWithCustomControllerPods",
        "skipNodesWithLocalStorage",
        "skipNodesWithSystemPods",
        "statusConfigMapName",
        "stderrthreshold",
        "unremovableNodeRecheckTimeout",
        "v",
        "writeStatusConfigmap",
    ]
)
"""The keys of the add-on. Auto-discovery, auto-provisioning and `gpu-total` are not among them."""

NAMESPACE, ACCOUNT = "kube-system", "cluster-autoscaler"
"""Namespace and service account of its pods, which its grants name."""


LOCAL_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
"""Annotation of a pod: names of its local volumes, with commas, that may be lost when its node is removed. Source: the
FAQ of kubernetes/autoscaler, "What types of pods can prevent CA from removing a node?"."""

SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"
"""Annotation of a pod: `false` keeps its node. The same source."""
