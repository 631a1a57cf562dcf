"""Every component of the package: its noun, its class and its module.

This is the only list. The component package, the reference pages, the rules for components, the tests and the reports
read it, so a component that is not listed is not in the package. `tests/facts/test_components.py` compares the list
with the classes.
"""

from collections.abc import Mapping

BY_NOUN: Mapping[str, Mapping[str, str]] = {
    "network": {
        "AddedSubnets": "components.network.added_subnets",
        "BastionHost": "components.network.bastion",
        "DnsZone": "components.network.dns_zone",
        "FlowLogs": "components.network.flow_logs",
        "LoadBalancer": "components.network.load_balancer",
        "SecurityGroup": "components.network.security_group",
        "SecurityGroups": "components.network.security_groups",
        "ServerCertificate": "components.network.server_certificate",
        "VirtualNetwork": "components.network.virtual_network",
        "WebFirewall": "components.network.web_firewall",
    },
    "identity": {
        "AccessPolicy": "components.identity.access_policy",
        "EnvironmentCompartment": "components.identity.environment_compartment",
        "PrincipalGroup": "components.identity.principal_group",
        "UserGroup": "components.identity.user_group",
    },
    "vault": {
        "EncryptionKey": "components.vault.encryption_key",
        "GeneratedSecret": "components.vault.generated_secret",
        "KeyVault": "components.vault.key_vault",
    },
    "storage": {
        "BackupPolicy": "components.storage.backup_policy",
        "Bucket": "components.storage.bucket",
        "BucketReplication": "components.storage.bucket_replication",
        "LustreFileSystem": "components.storage.lustre_file_system",
        "SharedFileSystem": "components.storage.shared_file_system",
        "VolumeGroup": "components.storage.volume_group",
    },
    "database": {
        "AutonomousDatabase": "components.database.autonomous_database",
        "CacheCluster": "components.database.cache_cluster",
        "EventStreams": "components.database.event_streams",
        "PostgresqlDatabase": "components.database.postgresql_database",
        "SearchCluster": "components.database.search_cluster",
    },
    "cluster": {
        "ClusterAddons": "components.cluster.cluster_addons",
        "ClusterAutoscaler": "components.cluster.cluster_autoscaler",
        "OkeCluster": "components.cluster.oke_cluster",
        "PoolSchedule": "components.cluster.pool_schedule",
        "SystemPool": "components.cluster.system_pool",
    },
    "gpu": {
        "ClusterNetworkPool": "components.gpu.cluster_network_pool",
        "GpuPool": "components.gpu.gpu_pool",
        "NodeImage": "components.gpu.node_image",
    },
    "serving": {
        "AlertRouting": "serving.watching.alert_routing",
        "AllReduceTest": "serving.engine.all_reduce_test",
        "EdgeGateways": "serving.edge.edge_gateways",
        "EngineScaling": "serving.scaling.engine_scaling",
        "EncryptedClaims": "serving.platform.encrypted_claims",
        "HubToken": "serving.weights.hub_token",
        "LoadBenchmark": "serving.engine.load_benchmark",
        "ModelRouter": "serving.routing.model_router",
        "ModelGateway": "serving.gateway.model_gateway",
        "ModelServer": "serving.engine.model_server",
        "NetworkIsolation": "serving.teams.network_isolation",
        "NodeCache": "serving.engine.pod.node_cache",
        "PlatformChart": "serving.platform.platform_chart",
        "PriorityClasses": "serving.platform.priority_classes",
        "ServingNamespace": "serving.teams.namespace",
        "ServingWatch": "serving.watching.serving_watch",
        "SmokeTest": "serving.engine.smoke_test",
        "TeamNamespace": "serving.teams.team_namespace",
        "VaultStore": "serving.platform.vault_store",
        "WarmNodes": "serving.platform.warm_nodes",
        "WeightsHome": "serving.weights.weights_home",
        "WeightsImport": "serving.weights.weights_import",
        "WeightsLease": "serving.weights.weights_mount",
        "WeightsStaging": "serving.weights.weights_staging",
    },
    "observability": {
        "Alarm": "components.observability.alarm",
        "AuditRetention": "components.observability.audit_retention",
        "Connector": "components.observability.connector",
        "ContainerLogs": "components.observability.container_logs",
        "Dashboard": "components.observability.dashboard",
        "HealthCheck": "components.observability.health_check",
        "LogGroup": "components.observability.log_group",
        "NotificationTopic": "components.observability.notification_topic",
        "ServiceLogs": "components.observability.service_logs",
        "SuppressionWindow": "components.observability.suppression_window",
    },
    "governance": {
        "BudgetEvents": "components.governance.budget_events",
        "CostAnomalies": "components.governance.cost_anomalies",
        "CostReport": "components.governance.cost_report",
        "CostWatch": "components.governance.cost_watch",
        "CompartmentQuotas": "components.governance.compartment_quotas",
        "DefaultTags": "components.governance.default_tags",
        "TagNamespace": "components.governance.tag_namespace",
        "Budget": "components.governance.budget",
        "ChangeNotices": "components.governance.change_notices",
        "CloudGuard": "components.governance.cloud_guard",
        "SecurityZone": "components.governance.security_zone",
        "VulnerabilityScanning": "components.governance.vulnerability_scanning",
    },
}
"""The module of each component by its class, under its noun. Reports show the nouns in this order."""

MODULES: Mapping[str, str] = {
    name: module for classes in BY_NOUN.values() for name, module in classes.items()
}
"""The module of each component, by its class."""

NOUNS: Mapping[str, str] = {name: noun for noun, classes in BY_NOUN.items() for name in classes}
"""The noun of each component, by its class: `GpuPool` is `gpu`."""
