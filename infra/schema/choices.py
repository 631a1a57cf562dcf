"""The values that editors offer for a setting, from the facts that its rule uses.

If a rule checks a value, because it can explain more, pydantic sees only text. Here the allowed values become an `enum`
or a `pattern` of the schema. Each entry uses the table of the rule, so no value is written twice.
"""

from collections.abc import Iterable, Mapping

from components.governance.money_rules import RECURRENCES
from components.governance.vulnerability_scanning import DAYS
from components.gpu.gpu_pool_rules import PLACEMENT_CONSTRAINTS
from components.gpu.pool_modes import MODES as POOL_MODES
from components.network.dns_zone import RECORD_TYPES
from components.network.web_firewall import METHODS, MODES
from components.observability.alarm_rules import SEVERITIES as ALARM_SEVERITIES
from components.observability.connector import SOURCES as CONNECTOR_SOURCES
from components.observability.connector import TARGETS as CONNECTOR_TARGETS
from components.observability.endpoints import PROTOCOLS
from components.observability.suppression_rules import DAYS as WEEKDAYS
from components.observability.suppression_rules import REPEATS
from components.storage.backup_policy import PERIODS
from components.storage.bucket import STORAGE_TIERS, VERSIONING
from components.storage.lifecycle import ACTIONS, TARGETS
from components.vault.generated_secret import FORMS
from facts import databases
from facts.alarm_queries import NAMESPACE
from facts.health_checks import METHODS as CHECK_METHODS
from facts.kubernetes import OFFERED_VERSIONS
from facts.load_balancing import CIPHER_SUITES, FLOW_LOG_KINDS, POLICIES, SAFE_TLS_PROTOCOLS
from facts.names import COMMIT, DIGEST
from facts.ocids import PLACEHOLDER_MARK
from facts.regions import REGIONS
from facts.shapes import GPU_SHAPES, SHAPES
from facts.vllm import REASONING_PARSERS, TOOL_PARSERS
from infra.settings.governance.tags import CLASSES
from serving.catalogue import catalogue
from serving.engine.memory.cache import KV_ELEMENT_BYTES
from serving.teams.namespace import LEVELS
from serving.watching.catalogue import SEVERITIES
from serving.watching.receivers import KINDS as RECEIVER_KINDS

Words = Mapping[str, object]


def _one_of(words: Iterable[str]) -> Words:
    return {"enum": sorted(words)}


def _full(pattern: str) -> Words:
    return {"pattern": f"^({pattern})$"}


def _like(pattern: str) -> Words:
    """A pattern that also allows placeholders, which only a real `up` refuses."""
    return {"pattern": f"^({pattern}|.*{PLACEHOLDER_MARK}.*)$"}


_ADDRESS = r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}"
_CIDR = _full(rf"{_ADDRESS}/(3[0-2]|[12]?\d)")
_DAY = _full(r"\d{4}-\d\d-\d\d")
_TIME = _full(r"([01]\d|2[0-3]):[0-5]\d")
_COMMIT = _like(COMMIT.pattern)
_DIGEST = _like(DIGEST.pattern)
_MODEL: Words = {"anyOf": [{"enum": sorted(catalogue())}, {"pattern": "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"}]}
"""Values from the catalogue. Other names are allowed too, because users can have their own catalogue."""


def _ocid(kind: str) -> Words:
    return _full(rf"ocid1\.{kind}\..+")


_KEY, _SECRET = _ocid("key"), _ocid("vaultsecret")

_SUBNETS = ("public", "private", "gpu", "database", "api", "bastion", "loadbalancers", "pods")

CHOICES: Mapping[str, Words] = {
    "Deployer.cidr": _CIDR,
    "Tenancy.region": _one_of(REGIONS),
    "Tenancy.homeRegion": _one_of(REGIONS),
    "Tenancy.secondRegion": _one_of(REGIONS),
    "Tenancy.tenancyId": _ocid("tenancy"),
    "Tenancy.compartmentId": _ocid("(compartment|tenancy)"),
    "CloudGuardSettings.compartments": _ocid("(compartment|tenancy)"),
    "ScanningSettings.day": _one_of(DAYS),
    "VaultSecret.form": _one_of(FORMS),
    "Vault.rotationStart": _DAY,
    "BackendSet.policy": _one_of(POLICIES),
    "Certificate.id": _ocid("certificate"),
    "DnsRecord.type": _one_of(RECORD_TYPES),
    "Firewall.mode": _one_of(MODES),
    "Firewall.allowedMethods": _one_of(METHODS),
    "FlowLogs.kind": _one_of(FLOW_LOG_KINDS),
    "LoadBalancer.protocols": _one_of(SAFE_TLS_PROTOCOLS),
    "LoadBalancer.cipherSuite": _one_of(CIPHER_SUITES),
    "Network.cidr": _CIDR,
    "Network.bastionClientCidrs": _CIDR,
    "Network.dnsLabel": {"pattern": "^[a-zA-Z][a-zA-Z0-9]{0,14}$"},
    **{f"Subnets.{role}": _CIDR for role in _SUBNETS},
    "ExistingSubnet.id": _ocid("subnet"),
    "ExistingSubnet.cidr": _CIDR,
    "ExistingGateways.internetId": _ocid("internetgateway"),
    "ExistingGateways.natId": _ocid("natgateway"),
    "ExistingGateways.serviceId": _ocid("servicegateway"),
    "ExistingGateways.drgId": _ocid("drg"),
    "ExistingGateways.drgCidrs": _CIDR,
    "ExistingNetwork.vcnId": _ocid("vcn"),
    "ExistingNetwork.groups": _ocid("networksecuritygroup"),
    "Hub.drgId": _ocid("drg"),
    "Hub.cidrs": _CIDR,
    "Endpoint.allowedCidrs": _CIDR,
    "CpuPool.shape": _one_of(name for name, shape in SHAPES.items() if shape.flexible),
    "CpuPool.imageId": _ocid("image"),
    "CpuPool.bootVolumeKeyId": _KEY,
    "Cluster.kubernetesVersion": _one_of(OFFERED_VERSIONS),
    "Cluster.servicesCidr": _CIDR,
    "Cluster.secretsKeyId": _KEY,
    "ExistingCluster.clusterId": _ocid("cluster"),
    "PoolHours.imageDigest": _DIGEST,
    "Cluster.imageSigningKeyIds": _KEY,
    "GpuPool.mode": _one_of(POOL_MODES),
    "GpuPool.shape": _one_of(GPU_SHAPES),
    "GpuPool.imageId": _ocid("image"),
    "GpuPool.bootVolumeKeyId": _KEY,
    "GpuPool.capacityReservationId": _ocid("capacityreservation"),
    "GpuPool.placementConstraint": _one_of(PLACEMENT_CONSTRAINTS),
    "BackupSchedule.period": _one_of(PERIODS),
    "BucketSettings.versioning": _one_of(VERSIONING),
    "BucketSettings.storageTier": _one_of(STORAGE_TIERS),
    "BucketSettings.keyId": _KEY,
    "FileStorageSettings.keyId": _KEY,
    "LustreSettings.keyId": _KEY,
    "VolumeGroupSettings.keyId": _KEY,
    "LifecycleRule.action": _one_of(ACTIONS),
    "LifecycleRule.target": _one_of(TARGETS),
    "Cache.engine": _one_of(databases.CACHE_VERSIONS),
    "Opensearch.version": {"pattern": f"^{databases.SEARCH_VERSION}$"},
    "Opensearch.passwordSecretId": _SECRET,
    "Oracle.passwordSecretId": _SECRET,
    "Oracle.keyId": _KEY,
    "Oracle.vaultId": _ocid("vault"),
    "OracleMaintenance.start": _TIME,
    "OracleMaintenance.end": _TIME,
    "Oracle.dbVersion": _one_of(databases.AUTONOMOUS_VERSIONS),
    "Oracle.workload": _one_of(databases.AUTONOMOUS_WORKLOADS),
    "Oracle.licenseModel": _one_of(databases.AUTONOMOUS_LICENSES),
    "Postgresql.dbVersion": _one_of(databases.POSTGRESQL_VERSIONS),
    "Postgresql.shape": _one_of(databases.POSTGRESQL_SHAPES),
    "Postgresql.passwordSecretId": _SECRET,
    "Postgresql.keyId": _KEY,
    "PostgresqlMaintenance.start": _TIME,
    "PostgresqlBackup.start": _TIME,
    "PostgresqlBackup.kind": _one_of(databases.POSTGRESQL_BACKUP_KINDS),
    "PostgresqlBackup.daysOfWeek": _one_of(databases.DAYS),
    "PostgresqlBackup.copyRegion": _one_of(REGIONS),
    "Streaming.keyId": _KEY,
    "ModelSettings.kvCacheType": _one_of(KV_ELEMENT_BYTES),
    "ModelSettings.model": _MODEL,
    "ModelSettings.revision": _COMMIT,
    "ModelSettings.reasoningParser": _one_of(REASONING_PARSERS),
    "ModelSettings.toolParser": _one_of(TOOL_PARSERS),
    "AdapterSettings.base": _MODEL,
    "AdapterSettings.revision": _COMMIT,
    "Serving.imageDigest": _DIGEST,
    "LeaderWorkerSetChart.imageDigest": _DIGEST,
    "MetricsExporterChart.imageDigest": _DIGEST,
    "NodeProblemDetectorChart.imageDigest": _DIGEST,
    "ExternalSecretsChart.vaultId": _ocid("vault"),
    "Team.podSecurity": _one_of(LEVELS),
    "Team.developers": _ocid("(group|user)"),
    "Team.viewers": _ocid("(group|user)"),
    "Team.egressCidrs": _CIDR,
    "Weights.pythonImageDigest": _DIGEST,
    "Weights.rcloneImageDigest": _DIGEST,
    "SmokeTestSettings.imageDigest": _DIGEST,
    "BenchmarkSettings.rcloneImageDigest": _DIGEST,
    "Subscription.protocol": _one_of(PROTOCOLS),
    "ConnectorSettings.source": _one_of(CONNECTOR_SOURCES),
    "ConnectorSettings.target": _one_of(CONNECTOR_TARGETS),
    "HealthCheckSettings.method": _one_of(CHECK_METHODS),
    "OwnAlarm.severity": _one_of(ALARM_SEVERITIES),
    "OwnAlarm.namespace": _like(NAMESPACE.pattern),
    "Suppression.repeats": _one_of(REPEATS),
    "Suppression.days": _one_of(WEEKDAYS),
    "Override.severity": _one_of(ALARM_SEVERITIES),
    "AlertReceiver.kind": _one_of(RECEIVER_KINDS),
    "AlertReceiver.severities": _one_of(SEVERITIES),
    "AlertRelay.imageDigest": _DIGEST,
    "DailyWatch.imageDigest": _DIGEST,
    "Report.every": _one_of(RECURRENCES),
    "TagSettings.dataClassification": _like("|".join(CLASSES)),
}
"""Allowed values by model and key, with the names in the schema. For a list or a mapping they apply to each
item."""
