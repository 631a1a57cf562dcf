"""The values that editors offer for a setting, from the facts that its rule uses.

If a rule checks a value, because it can explain more, pydantic sees only text. Here the allowed values become an `enum`
or a `pattern` of the schema. Each entry uses the table of the rule, so no value is written twice.
"""

from collections.abc import Iterable, Mapping

from components.gpu.gpu_pool_rules import PLACEMENT_CONSTRAINTS
from components.network.dns_zone import RECORD_TYPES
from components.network.web_firewall import MODES
from components.observability.notification_topic import PROTOCOLS
from components.storage.backup_policy import PERIODS
from components.storage.bucket import STORAGE_TIERS, VERSIONING
from components.storage.lifecycle import ACTIONS, TARGETS
from components.vault.generated_secret import FORMS
from facts import databases
from facts.kubernetes import OFFERED_VERSIONS
from facts.load_balancing import CIPHER_SUITES, FLOW_LOG_KINDS, POLICIES, SAFE_TLS_PROTOCOLS
from facts.names import COMMIT, DIGEST
from facts.ocids import PLACEHOLDER_MARK
from facts.regions import REGIONS
from facts.shapes import GPU_SHAPES, SHAPES
from facts.vllm import REASONING_PARSERS, TOOL_PARSERS
from serving.catalogue import catalogue

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
_COMMIT = _like(COMMIT.pattern)
_DIGEST = _like(DIGEST.pattern)
_MODEL: Words = {"anyOf": [{"enum": sorted(catalogue())}, {"pattern": "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"}]}
"""Values from the catalogue. Other names are allowed too, because users can have their own catalogue."""


def _ocid(kind: str) -> Words:
    return _full(rf"ocid1\.{kind}\..+")


CHOICES: Mapping[str, Words] = {
    "Tenancy.region": _one_of(REGIONS),
    "Tenancy.homeRegion": _one_of(REGIONS),
    "Tenancy.secondRegion": _one_of(REGIONS),
    "Tenancy.tenancyId": _ocid("tenancy"),
    "Tenancy.compartmentId": _ocid("(compartment|tenancy)"),
    "VaultSecret.form": _one_of(FORMS),
    "BackendSet.policy": _one_of(POLICIES),
    "DnsRecord.type": _one_of(RECORD_TYPES),
    "Firewall.mode": _one_of(MODES),
    "FlowLogs.kind": _one_of(FLOW_LOG_KINDS),
    "LoadBalancer.protocols": _one_of(SAFE_TLS_PROTOCOLS),
    "LoadBalancer.cipherSuite": _one_of(CIPHER_SUITES),
    "Network.cidr": _CIDR,
    "Network.bastionClientCidrs": _CIDR,
    "Network.dnsLabel": {"pattern": "^[a-zA-Z][a-zA-Z0-9]{0,14}$"},
    "CpuPool.shape": _one_of(name for name, shape in SHAPES.items() if shape.flexible),
    "CpuPool.imageId": _ocid("image"),
    "Cluster.kubernetesVersion": _one_of(OFFERED_VERSIONS),
    "Cluster.servicesCidr": _CIDR,
    "GpuPool.shape": _one_of(GPU_SHAPES),
    "GpuPool.placementConstraint": _one_of(PLACEMENT_CONSTRAINTS),
    "BackupSchedule.period": _one_of(PERIODS),
    "BucketSettings.versioning": _one_of(VERSIONING),
    "BucketSettings.storageTier": _one_of(STORAGE_TIERS),
    "LifecycleRule.action": _one_of(ACTIONS),
    "LifecycleRule.target": _one_of(TARGETS),
    "Cache.engine": _one_of(databases.CACHE_VERSIONS),
    "Opensearch.version": {"pattern": f"^{databases.SEARCH_VERSION}$"},
    "Oracle.dbVersion": _one_of(databases.AUTONOMOUS_VERSIONS),
    "Oracle.workload": _one_of(databases.AUTONOMOUS_WORKLOADS),
    "Oracle.licenseModel": _one_of(databases.AUTONOMOUS_LICENSES),
    "Postgresql.dbVersion": _one_of(databases.POSTGRESQL_VERSIONS),
    "Postgresql.shape": _one_of(databases.POSTGRESQL_SHAPES),
    "PostgresqlBackup.kind": _one_of(databases.POSTGRESQL_BACKUP_KINDS),
    "PostgresqlBackup.daysOfWeek": _one_of(databases.DAYS),
    "PostgresqlBackup.copyRegion": _one_of(REGIONS),
    "ModelSettings.model": _MODEL,
    "ModelSettings.revision": _COMMIT,
    "ModelSettings.reasoningParser": _one_of(REASONING_PARSERS),
    "ModelSettings.toolParser": _one_of(TOOL_PARSERS),
    "AdapterSettings.base": _MODEL,
    "AdapterSettings.revision": _COMMIT,
    "Serving.imageDigest": _DIGEST,
    "Weights.pythonImageDigest": _DIGEST,
    "Weights.rcloneImageDigest": _DIGEST,
    "SmokeTestSettings.imageDigest": _DIGEST,
    "BenchmarkSettings.rcloneImageDigest": _DIGEST,
    "Subscription.protocol": _one_of(PROTOCOLS),
}
"""Allowed values by model and key, with the names in the schema. For a list they apply to each item."""
