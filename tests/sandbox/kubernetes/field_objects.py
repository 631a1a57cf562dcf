"""Valid objects. Tests make one of their fields invalid at a time."""

import yaml

POD = """
  terminationGracePeriodSeconds: 60
  serviceAccountName: engine
  priorityClassName: production
  nodeSelector: {pool: gpu}
  tolerations: [{key: amd.com/gpu, operator: Exists, effect: NoSchedule}]
  securityContext: {runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: DoNotSchedule
    labelSelector: {matchLabels: {a: b}}
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: In, values: [a]}]}]
    podAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - {topologyKey: zone, labelSelector: {}, matchLabelKeys: [a], mismatchLabelKeys: [b]}
  subdomain: peers
  containers:
  - name: engine
    image: vllm
    env: [{name: A, value: "1"}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
    ports: [{name: http, containerPort: 8000}]
    resources: {requests: {cpu: "1", memory: 1Gi}, limits: {memory: 1Gi}}
    securityContext: {allowPrivilegeEscalation: false, runAsGroup: 1000}
    lifecycle: {preStop: {sleep: {seconds: 15}}}
    readinessProbe: {httpGet: {port: http, path: /health}, periodSeconds: 10}
    livenessProbe: {exec: {command: [check]}}
    volumeMounts: [{name: shm, mountPath: /dev/shm}, {name: code, mountPath: /code}]
  volumes:
  - {name: shm, emptyDir: {medium: Memory, sizeLimit: 8Gi}}
  - {name: code, configMap: {name: code}}
  - name: labels
    downwardAPI: {items: [{path: app, fieldRef: {fieldPath: "metadata.labels['app']"}}]}
"""

_TEXT = """
Deployment:
  apiVersion: apps/v1
  spec:
    replicas: 1
    revisionHistoryLimit: 2
    selector: {matchLabels: {a: b}, matchExpressions: [{key: tier, operator: NotIn, values: [test]}]}
    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
    template: {metadata: {labels: {a: b}}, spec: POD}
DaemonSet:
  apiVersion: apps/v1
  spec:
    selector: {matchLabels: {a: b}}
    updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 50%, maxSurge: 0}}
    template: {metadata: {labels: {a: b}}, spec: POD}
CronJob:
  apiVersion: batch/v1
  spec:
    schedule: "*/5 2-4 1,15 JAN SUN"
    timeZone: Etc/UTC
    concurrencyPolicy: Forbid
    jobTemplate:
      spec:
        backoffLimit: 1
        backoffLimitPerIndex: 1
        completionMode: Indexed
        completions: 2
        maxFailedIndexes: 1
        parallelism: 2
        activeDeadlineSeconds: 60
        podFailurePolicy:
          rules:
            - {action: FailJob, onExitCodes: {containerName: c, operator: In, values: [3, 42]}}
            - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
        template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}
Service:
  apiVersion: v1
  spec: {type: ClusterIP, selector: {a: b}, ports: [{name: http, port: 80, targetPort: http}]}
NetworkPolicy:
  apiVersion: networking.k8s.io/v1
  spec:
    podSelector: {}
    policyTypes: [Ingress, Egress]
    egress:
    - ports: [{port: 443, protocol: TCP, endPort: 444}]
      to: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.0/24]}}]
    ingress: [{from: [{podSelector: {matchLabels: {a: b}}}]}]
Role:
  apiVersion: rbac.authorization.k8s.io/v1
  rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
RoleBinding:
  apiVersion: rbac.authorization.k8s.io/v1
  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
  subjects:
  - {kind: Group, name: ocid1.group.oc1..people, apiGroup: rbac.authorization.k8s.io}
  - {kind: ServiceAccount, name: engine, namespace: serving}
PodDisruptionBudget:
  apiVersion: policy/v1
  spec: {maxUnavailable: 1, selector: {matchLabels: {a: b}}, unhealthyPodEvictionPolicy: AlwaysAllow}
ResourceQuota:
  apiVersion: v1
  spec: {hard: {requests.amd.com/gpu: "4", limits.memory: 1Ti}}
LimitRange:
  apiVersion: v1
  spec: {limits: [{type: Container, default: {memory: 4Gi}, defaultRequest: {cpu: 500m, memory: 1Gi}}]}
PriorityClass:
  apiVersion: scheduling.k8s.io/v1
  value: 1000
  preemptionPolicy: Never
StorageClass:
  apiVersion: storage.k8s.io/v1
  provisioner: blockvolume.csi.oraclecloud.com
  reclaimPolicy: Delete
  volumeBindingMode: WaitForFirstConsumer
PersistentVolume:
  apiVersion: v1
  spec:
    capacity: {storage: 1Ti}
    accessModes: [ReadWriteMany]
    persistentVolumeReclaimPolicy: Retain
    storageClassName: ""
    local: {path: /mnt/nvme}
    nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: Exists}]}]}}
PersistentVolumeClaim:
  apiVersion: v1
  spec: {accessModes: [ReadWriteOnce], storageClassName: oci-bv, resources: {requests: {storage: 50Gi}}}
LeaderWorkerSet:
  apiVersion: leaderworkerset.x-k8s.io/v1
  spec: {leaderWorkerTemplate: {size: 2, workerTemplate: {metadata: {labels: {a: b}}, spec: POD}}}
"""


def objects() -> dict[str, dict[str, object]]:
    """One new object of each kind."""
    pod = yaml.safe_load(POD)
    found = yaml.safe_load(
        _TEXT.replace("spec: POD", f"spec: {yaml.safe_dump(pod, default_flow_style=True)}".strip())
    )
    return {kind: {"kind": kind, "metadata": {"name": "it"}, **body} for kind, body in found.items()}
