"""How to find a resource of each type in an account: the SDK's list call, and what must be equal.

Sources: the client methods of Oracle's SDK (`oci` on PyPI), and for `id` the section "Import" of each resource's page
in terraform-provider-oci (website/docs/r), because the Pulumi provider has the same ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMESPACE = "@namespace"
"""The tenancy's namespace of Object Storage, which only the account knows."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list call. Names of inputs are the provider's, names of row attributes are the SDK's."""

    client: str
    """Module and class below `oci`."""

    method: str
    arguments: Mapping[str, str] = field(default_factory=lambda: {"compartment_id": "compartmentId"})
    """Parameters of the method, and the inputs with their values, inside of a block by a dotted path. `=text` is the
    text itself. Of `?input` the parameter is left out if the resource does not set the input."""

    equal: Mapping[str, str] = field(default_factory=lambda: {"displayName": "display_name"})
    """Inputs, and the attributes of a row that must have the same value."""

    optional: Mapping[str, str] = field(default_factory=dict[str, str])
    """The same, for inputs that the resource may leave out."""

    rows: str = ""
    """Attribute of the answer that contains the rows; empty: the answer itself."""

    id: str = "{id}"
    """The import id: attributes of the row, and inputs."""

    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Outputs that children use, and the attributes with their values."""

    endpoint: str = ""
    """Input with the address of the client; empty: the region's address."""


_VCN, _COMPUTE, _BLOCK = "core.VirtualNetworkClient", "core.ComputeClient", "core.BlockstorageClient"
_BALANCER, _OKE = "load_balancer.LoadBalancerClient", "container_engine.ContainerEngineClient"
_MANAGEMENT = "core.ComputeManagementClient"
_OBJECTS = "object_storage.ObjectStorageClient"
_NAMED = {"name": "name"}
_IN_VCN = {"displayName": "display_name", "vcnId": "vcn_id"}


def _in_balancer(noun: str, rows: str) -> Listing:
    return Listing(
        client=_BALANCER,
        method="get_load_balancer",
        arguments={"load_balancer_id": "loadBalancerId"},
        equal=_NAMED,
        rows=rows,
        id=f"loadBalancers/{{loadBalancerId}}/{noun}/{{name}}",
    )


LISTINGS: Mapping[str, Listing] = {
    "oci:Bastion/bastion:Bastion": Listing(
        client="bastion.BastionClient", method="list_bastions", equal=_NAMED
    ),
    "oci:Budget/budget:Budget": Listing(
        client="budget.BudgetClient",
        method="list_budgets",
        arguments={"compartment_id": "compartmentId", "target_type": "=ALL"},
    ),
    "oci:Budget/rule:Rule": Listing(
        client="budget.BudgetClient",
        method="list_alert_rules",
        arguments={"budget_id": "budgetId"},
        id="budgets/{budgetId}/alertRules/{id}",
    ),
    "oci:ContainerEngine/addon:Addon": Listing(
        client=_OKE,
        method="list_addons",
        arguments={"cluster_id": "clusterId"},
        equal={"addonName": "name"},
        id="clusters/{clusterId}/addons/{name}",
    ),
    "oci:ContainerEngine/cluster:Cluster": Listing(client=_OKE, method="list_clusters", equal=_NAMED),
    "oci:ContainerEngine/nodePool:NodePool": Listing(
        client=_OKE, method="list_node_pools", equal={"name": "name", "clusterId": "cluster_id"}
    ),
    "oci:Core/captureFilter:CaptureFilter": Listing(client=_VCN, method="list_capture_filters"),
    "oci:Core/clusterNetwork:ClusterNetwork": Listing(client=_MANAGEMENT, method="list_cluster_networks"),
    "oci:Core/computeCluster:ComputeCluster": Listing(client=_COMPUTE, method="list_compute_clusters"),
    "oci:Core/defaultSecurityList:DefaultSecurityList": Listing(
        client=_VCN,
        method="get_security_list",
        arguments={"security_list_id": "manageDefaultResourceId"},
        equal={},
    ),
    "oci:Core/instanceConfiguration:InstanceConfiguration": Listing(
        client=_MANAGEMENT, method="list_instance_configurations"
    ),
    "oci:Core/internetGateway:InternetGateway": Listing(
        client=_VCN, method="list_internet_gateways", equal=_IN_VCN
    ),
    "oci:Core/natGateway:NatGateway": Listing(client=_VCN, method="list_nat_gateways", equal=_IN_VCN),
    "oci:Core/networkSecurityGroup:NetworkSecurityGroup": Listing(
        client=_VCN, method="list_network_security_groups", equal=_IN_VCN
    ),
    "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule": Listing(
        client=_VCN,
        method="list_network_security_group_security_rules",
        arguments={"network_security_group_id": "networkSecurityGroupId"},
        equal={"direction": "direction", "protocol": "protocol"},
        optional={"description": "description", "source": "source", "destination": "destination"},
        id="networkSecurityGroups/{networkSecurityGroupId}/securityRules/{id}",
    ),
    "oci:Core/privateIp:PrivateIp": Listing(
        client=_VCN, method="list_private_ips", arguments={"subnet_id": "subnetId"}
    ),
    "oci:Core/publicIp:PublicIp": Listing(
        client=_VCN,
        method="list_public_ips",
        arguments={"compartment_id": "compartmentId", "scope": "=REGION"},
    ),
    "oci:Core/routeTable:RouteTable": Listing(client=_VCN, method="list_route_tables", equal=_IN_VCN),
    "oci:Core/securityList:SecurityList": Listing(client=_VCN, method="list_security_lists", equal=_IN_VCN),
    "oci:Core/serviceGateway:ServiceGateway": Listing(
        client=_VCN, method="list_service_gateways", equal=_IN_VCN
    ),
    "oci:Core/subnet:Subnet": Listing(client=_VCN, method="list_subnets", equal=_IN_VCN),
    "oci:Core/vcn:Vcn": Listing(
        client=_VCN, method="list_vcns", outputs={"defaultSecurityListId": "default_security_list_id"}
    ),
    "oci:Core/volume:Volume": Listing(client=_BLOCK, method="list_volumes"),
    "oci:Core/volumeGroup:VolumeGroup": Listing(client=_BLOCK, method="list_volume_groups"),
    "oci:Database/autonomousDatabase:AutonomousDatabase": Listing(
        client="database.DatabaseClient",
        method="list_autonomous_databases",
        equal={"displayName": "display_name", "dbName": "db_name"},
    ),
    "oci:Dns/zone:Zone": Listing(client="dns.DnsClient", method="list_zones", equal=_NAMED),
    "oci:Identity/policy:Policy": Listing(
        client="identity.IdentityClient", method="list_policies", equal=_NAMED
    ),
    "oci:Identity/tag:Tag": Listing(
        client="identity.IdentityClient",
        method="list_tags",
        arguments={"tag_namespace_id": "tagNamespaceId"},
        equal=_NAMED,
        id="tagNamespaces/{tagNamespaceId}/tags/{name}",
    ),
    "oci:Identity/tagDefault:TagDefault": Listing(
        client="identity.IdentityClient",
        method="list_tag_defaults",
        equal={"tagDefinitionId": "tag_definition_id"},
    ),
    "oci:Identity/tagNamespace:TagNamespace": Listing(
        client="identity.IdentityClient", method="list_tag_namespaces", equal=_NAMED
    ),
    "oci:Kms/key:Key": Listing(
        client="key_management.KmsManagementClient",
        method="list_keys",
        endpoint="managementEndpoint",
        id="managementEndpoint/{managementEndpoint}/keys/{id}",
    ),
    "oci:Kms/vault:Vault": Listing(
        client="key_management.KmsVaultClient",
        method="list_vaults",
        outputs={"managementEndpoint": "management_endpoint"},
    ),
    "oci:Limits/quota:Quota": Listing(client="limits.QuotasClient", method="list_quotas", equal=_NAMED),
    "oci:LoadBalancer/backendSet:BackendSet": _in_balancer("backendSets", "backend_sets"),
    "oci:LoadBalancer/listener:Listener": _in_balancer("listeners", "listeners"),
    "oci:LoadBalancer/loadBalancer:LoadBalancer": Listing(client=_BALANCER, method="list_load_balancers"),
    "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy": _in_balancer(
        "routingPolicies", "routing_policies"
    ),
    "oci:LoadBalancer/ruleSet:RuleSet": _in_balancer("ruleSets", "rule_sets"),
    "oci:Logging/log:Log": Listing(
        client="logging.LoggingManagementClient",
        method="list_logs",
        arguments={"log_group_id": "logGroupId"},
        id="logGroupId/{logGroupId}/logId/{id}",
    ),
    "oci:Logging/logGroup:LogGroup": Listing(
        client="logging.LoggingManagementClient", method="list_log_groups"
    ),
    "oci:Monitoring/alarm:Alarm": Listing(client="monitoring.MonitoringClient", method="list_alarms"),
    "oci:Monitoring/alarmSuppression:AlarmSuppression": Listing(
        client="monitoring.MonitoringClient",
        method="list_alarm_suppressions",
        arguments={
            "alarm_id": "?alarmSuppressionTarget.alarmId",
            "compartment_id": "?alarmSuppressionTarget.compartmentId",
            "target_type": "alarmSuppressionTarget.targetType",
        },
        equal={"displayName": "display_name", "level": "level"},
    ),
    "oci:ObjectStorage/bucket:Bucket": Listing(
        client=_OBJECTS,
        method="list_buckets",
        arguments={"namespace_name": NAMESPACE, "compartment_id": "compartmentId"},
        equal=_NAMED,
        id=f"n/{{{NAMESPACE}}}/b/{{name}}",
    ),
    "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": Listing(
        client=_OBJECTS,
        method="get_object_lifecycle_policy",
        arguments={"namespace_name": NAMESPACE, "bucket_name": "bucket"},
        equal={},
        id=f"n/{{{NAMESPACE}}}/b/{{bucket}}/l",
    ),
    "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": Listing(
        client=_OBJECTS,
        method="list_replication_policies",
        arguments={"namespace_name": NAMESPACE, "bucket_name": "bucket"},
        equal=_NAMED,
        id=f"n/{{{NAMESPACE}}}/b/{{bucket}}/replicationPolicies/{{id}}",
    ),
    "oci:Ons/notificationTopic:NotificationTopic": Listing(
        client="ons.NotificationControlPlaneClient",
        method="list_topics",
        equal=_NAMED,
        id="{topic_id}",
        outputs={"topicId": "topic_id"},
    ),
    "oci:Ons/subscription:Subscription": Listing(
        client="ons.NotificationDataPlaneClient",
        method="list_subscriptions",
        arguments={"compartment_id": "compartmentId", "topic_id": "topicId"},
        equal={"endpoint": "endpoint", "protocol": "protocol"},
    ),
    "oci:Opensearch/cluster:Cluster": Listing(
        client="opensearch.OpensearchClusterClient", method="list_opensearch_clusters"
    ),
    "oci:Psql/dbSystem:DbSystem": Listing(client="psql.PostgresqlClient", method="list_db_systems"),
    "oci:Redis/ociCacheUser:OciCacheUser": Listing(
        client="redis.OciCacheUserClient", method="list_oci_cache_users", equal=_NAMED
    ),
    "oci:Redis/redisCluster:RedisCluster": Listing(
        client="redis.RedisClusterClient", method="list_redis_clusters"
    ),
    "oci:Streaming/stream:Stream": Listing(
        client="streaming.StreamAdminClient",
        method="list_streams",
        arguments={"stream_pool_id": "streamPoolId"},
        equal=_NAMED,
    ),
    "oci:Streaming/streamPool:StreamPool": Listing(
        client="streaming.StreamAdminClient", method="list_stream_pools", equal=_NAMED
    ),
    "oci:Vault/secret:Secret": Listing(
        client="vault.VaultsClient",
        method="list_secrets",
        arguments={"compartment_id": "compartmentId", "vault_id": "vaultId"},
        equal={"secretName": "secret_name"},
    ),
    "oci:Waf/appFirewall:AppFirewall": Listing(client="waf.WafClient", method="list_web_app_firewalls"),
    "oci:Waf/appFirewallPolicy:AppFirewallPolicy": Listing(
        client="waf.WafClient", method="list_web_app_firewall_policies"
    ),
}
"""The types that are looked up. Resources of other types are listed, and imported by hand or created."""

GONE = frozenset(
    {"DELETED", "DELETING", "FAILED", "PENDING_DELETION", "SCHEDULING_DELETION", "TERMINATED", "TERMINATING"}
)
"""Lifecycle states of resources that cannot be imported."""
