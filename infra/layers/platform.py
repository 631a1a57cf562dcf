"""The platform in the cluster: charts, priority classes, the store of secrets, teams' namespaces."""

import pulumi

from facts.charts import CHARTS
from infra.chart_args import chart_args
from infra.context import Context
from infra.in_cluster import InCluster
from infra.outputs import PlatformLayer, VaultLayer
from infra.settings import Settings
from infra.settings.platform import team_args
from serving.kubernetes.platform_chart import PlatformChart
from serving.kubernetes.priority_classes import PriorityArgs, PriorityClasses, PriorityClassesArgs
from serving.kubernetes.team_namespace import TeamNamespace
from serving.kubernetes.vault_store import VaultStore, VaultStoreArgs

USED_BY_MODELS = ("prometheus", "keda", "leaderWorkerSet")
"""Charts whose kinds the models' objects are of."""


def create_platform(
    settings: Settings, context: Context, inside: InCluster | None, vault: VaultLayer
) -> PlatformLayer:
    """What the settings turn on; nothing without a way into the cluster."""
    wanted = settings.serving
    if inside is None:
        return PlatformLayer(before_models=[], teams={})
    options = inside.options
    charts: dict[str, PlatformChart] = {}
    for key, chart in wanted.platform.chosen().items():
        after = pulumi.ResourceOptions(depends_on=[charts[other] for other in CHARTS[key].needs])
        args = chart_args(settings, key, chart)
        name = context.name(f"chart-{CHARTS[key].namespace}")
        charts[key] = PlatformChart(name, args, pulumi.ResourceOptions.merge(options, after))
    before: list[pulumi.Output[object]] = [charts[key].namespace for key in USED_BY_MODELS if key in charts]
    if wanted.priorities:
        classes = {name: PriorityArgs(**each.model_dump()) for name, each in wanted.priorities.items()}
        args = PriorityClassesArgs(classes=classes)
        before.append(PriorityClasses(context.name("priorities"), args, options).names)
    store = wanted.platform.external_secrets
    store_vault = (store.vault_id or vault.vault_id) if store else None
    if store_vault is not None:
        # Known with the release, for the store is of a kind that comes with it, and must go before it.
        known = pulumi.Output.all(store_vault, charts["externalSecrets"].namespace).apply(
            lambda both: both[0]
        )
        VaultStore(
            context.name("vault-store"), VaultStoreArgs(vault_id=known, region=context.region), options
        )
    if wanted.teams and wanted.policy_engine == "nobody":
        pulumi.log.warn("serving.policyEngine is nobody: the network policies of teams hold nothing")
    teams = {
        team.name: TeamNamespace(
            context.name(f"team-{team.name}"), team_args(team, inside.api_cidr), options
        ).namespace
        for team in wanted.teams
    }
    return PlatformLayer(before_models=before, teams=teams)
