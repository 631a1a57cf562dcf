"""The cluster, its pools, and observability: nouns whose settings and component refuse the same values."""

from functools import partial

from components.cluster.autoscaler_rules import AutoscalerChoices
from components.cluster.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs, ScaledPoolArgs
from components.cluster.credential_provider import CredentialProviderArgs, ProviderChoices
from components.cluster.oke_cluster import ClusterChoices, OkeCluster, OkeClusterArgs
from components.cluster.pool_schedule import PoolSchedule, PoolScheduleArgs, ScheduledPoolArgs
from components.cluster.pool_schedule_rules import ScheduleChoices
from components.cluster.system_pool import SystemPool, SystemPoolArgs
from components.cluster.system_pool_rules import CpuPoolChoices
from components.governance.budget import Budget, BudgetArgs, BudgetChoices
from components.governance.compartment_quotas import CompartmentQuotas, CompartmentQuotasArgs
from components.governance.cost_anomalies import CostAnomalies, CostAnomaliesArgs
from components.governance.cost_report import CostReport, CostReportArgs
from components.governance.cost_watch import CostWatch, CostWatchArgs
from components.governance.money_rules import AnomalyChoices, DailyWatchChoices, ReportChoices
from components.governance.quota_rules import QuotaChoices
from components.governance.tag_namespace import TagKeyArgs, TagNamespace, TagNamespaceArgs
from components.governance.tag_rules import TagKeyChoices
from components.gpu.cluster_network_pool import ClusterNetworkPool, ClusterNetworkPoolArgs
from components.gpu.gpu_pool import GpuPool, GpuPoolArgs
from components.gpu.pool_choices import NodeChoices, PoolChoices
from components.observability.notification_topic import (
    NotificationTopic,
    NotificationTopicArgs,
    ReceiverChoices,
    SubscriptionArgs,
)
from components.vault.generated_secret import GeneratedSecret, GeneratedSecretArgs, SecretChoices
from tests.infra.settings.examples import IMAGE, KEY
from tests.infra.settings.nouns.noun import Noun, Values, entry

NODES: Values = {
    "compartment_id": "c",
    "cluster_id": "k",
    "kubernetes_version": "v1.36.1",
    "image_id": IMAGE,
    "availability_domains": ["ad1"],
    "subnet_id": "s",
    "pod_subnet_ids": ["p"],
}


def _with_provider(**values: str) -> SystemPoolArgs:
    return SystemPoolArgs(**NODES, nodes=2, credential_provider=CredentialProviderArgs(**values))


NETWORK_NODES: Values = {
    **{name: value for name, value in NODES.items() if name != "availability_domains"},
    "availability_domain": "ad1",
}


COMPUTE: tuple[Noun, ...] = (
    Noun(
        choices=AutoscalerChoices,
        path="cluster.autoscaler",
        section=lambda values: {"autoscaler": values},
        component=ClusterAutoscaler,
        args=partial(
            ClusterAutoscalerArgs,
            cluster_id="k",
            pools={"gpu": ScaledPoolArgs(pool_id="p", min_nodes=1, max_nodes=2)},
        ),
        base={},
    ),
    Noun(
        choices=ClusterChoices,
        path="cluster",
        section=lambda values: values,
        component=OkeCluster,
        args=partial(
            OkeClusterArgs,
            compartment_id="c",
            vcn_id="v",
            endpoint_subnet_id="s",
            load_balancer_subnet_ids=["l"],
            secrets_key_id=KEY,
        ),
        base={"kubernetes_version": "v1.36.1"},
    ),
    Noun(
        choices=CpuPoolChoices,
        path="cluster.pools[0]",
        section=lambda values: {"pools": [{"name": "system", "imageId": IMAGE, **values}]},
        component=SystemPool,
        args=partial(SystemPoolArgs, **NODES),
        base={"nodes": 2},
    ),
    Noun(
        choices=ProviderChoices,
        path="cluster.credentialProvider",
        section=lambda values: {"credentialProvider": values},
        component=SystemPool,
        args=_with_provider,
        base={"url": "https://example.com/v0.1.1/program", "sha256": "0" * 64},
        at="the-noun.credentialProvider",
    ),
    Noun(
        choices=PoolChoices,
        path="gpu.pools[0]",
        section=lambda values: {"pools": [{"name": "mi300x", "imageId": IMAGE, **values}]},
        component=GpuPool,
        args=partial(GpuPoolArgs, **NODES),
        base={"nodes": 2},
    ),
    Noun(
        choices=NodeChoices,
        path="gpu.pools[0]",
        section=lambda values: {
            "pools": [{"name": "mi300x", "mode": "cluster-network", "imageId": IMAGE, **values}]
        },
        component=ClusterNetworkPool,
        args=partial(ClusterNetworkPoolArgs, **NETWORK_NODES),
        base={"nodes": 2},
    ),
    Noun(
        choices=ScheduleChoices,
        path="cluster.schedule",
        section=lambda values: {
            "pools": [{"name": "system", "imageId": IMAGE}],
            "schedule": {"pools": ["system"], **values},
        },
        component=PoolSchedule,
        args=partial(
            PoolScheduleArgs,
            compartment_id="c",
            subnet_id="s",
            pools={"system": ScheduledPoolArgs(pool_id="p", nodes=1)},
        ),
        base={
            "stop": "30 19 * * *",
            "start": "30 5 * * *",
            "image": "iad.ocir.io/space/pool-hours:1",
            "image_digest": f"sha256:{'0' * 64}",
        },
    ),
    Noun(
        choices=BudgetChoices,
        path="governance.budget",
        section=lambda values: {"budget": values},
        component=Budget,
        args=partial(BudgetArgs, tenancy_id="t", target_compartment_id="c", budget_name="budget"),
        base={"monthly_amount": 100},
    ),
    Noun(
        choices=DailyWatchChoices,
        path="governance.costs.daily",
        section=lambda values: {"costs": {"daily": values}},
        component=CostWatch,
        args=partial(
            CostWatchArgs,
            tenancy_id="t",
            compartment_id="c",
            home_region="us-ashburn-1",
            environment="test",
            subnet_id="s",
        ),
        base={
            "most_per_day": 100,
            "times": "0 12 * * *",
            "image": "iad.ocir.io/space/daily-cost:1",
            "image_digest": f"sha256:{'0' * 64}",
        },
    ),
    Noun(
        choices=AnomalyChoices,
        path="governance.costs.anomalies",
        section=lambda values: {"costs": {"anomalies": values}},
        component=CostAnomalies,
        args=partial(CostAnomaliesArgs, tenancy_id="t", target_compartment_id="c", monitor_name="costs"),
        base={"recipients": ["a@example.com"]},
    ),
    Noun(
        choices=ReportChoices,
        path="governance.costs.reports['one']",
        section=lambda values: {"costs": {"reports": {"one": {"bucket": "b", **values}}}},
        component=CostReport,
        args=partial(
            CostReportArgs,
            tenancy_id="t",
            target_compartment_id="c",
            report_name="one",
            bucket="b",
            namespace="n",
            region="us-ashburn-1",
        ),
        base={"every": "DAILY", "first": "2026-12-01T06:00:00Z"},
    ),
    Noun(
        choices=QuotaChoices,
        path="governance.quotas",
        section=lambda values: {"quotas": values},
        component=CompartmentQuotas,
        args=partial(
            CompartmentQuotasArgs,
            tenancy_id="t",
            compartment_path="c",
            quota_name="quotas",
            description="ours",
            limits={"vcn-count": 2},
        ),
    ),
    Noun(
        choices=TagKeyChoices,
        path="governance.tags.more['one']",
        section=lambda values: {
            "tags": {
                "costCentre": "a",
                "owner": "b",
                "dataClassification": "public",
                "more": {"one": values},
            }
        },
        component=TagNamespace,
        args=partial(
            entry(
                "keys",
                partial(TagKeyArgs, description="one"),
                compartment_id="c",
                namespace_name="ours",
                description="ours",
            ),
            TagNamespaceArgs,
        ),
        at="the-noun.keys['one']",
    ),
    Noun(
        choices=ReceiverChoices,
        path="observability.topics[0].subscriptions['one']",
        section=lambda values: {"topics": [{"name": "all", "subscriptions": {"one": values}}]},
        component=NotificationTopic,
        args=partial(
            entry("subscriptions", SubscriptionArgs, compartment_id="c", topic_name="all"),
            NotificationTopicArgs,
        ),
        base={"protocol": "EMAIL", "endpoint": "ops@example.com"},
        at="the-noun.subscriptions['one']",
    ),
    Noun(
        choices=SecretChoices,
        path="vault.secrets['one']",
        section=lambda values: {"secrets": {"one": values}},
        component=GeneratedSecret,
        args=partial(GeneratedSecretArgs, compartment_id="c", vault_id="v", key_id="k", secret_name="one"),
    ),
)
