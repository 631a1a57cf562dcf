"""The platform in the cluster: charts, priority and storage classes, the secret store, and teams' namespaces."""

import pulumi

from facts.charts import CHARTS
from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer, VaultLayer
from infra.settings import Settings
from infra.settings.platform import team_args
from infra.settings.platform.store_rules import store_namespaces
from infra.settings.sections import sized_outside
from infra.settings.serving.team_models import team_priorities
from serving.platform.encrypted_claims import EncryptedClaims, EncryptedClaimsArgs
from serving.platform.platform_chart import PlatformChart
from serving.platform.priority_classes import (
    PriorityArgs,
    PriorityClasses,
    PriorityClassesArgs,
    unseen_classes,
)
from serving.platform.vault_store import VaultStore, VaultStoreArgs
from serving.teams.team_namespace import TeamNamespace

from .chart_args import chart_args

USED_BY_MODELS = ("prometheus", "keda", "leaderWorkerSet")
"""Charts that define the kinds of the models' objects."""


def create_platform(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    vault: VaultLayer,
    cache_address: pulumi.Output[str] | None,
) -> PlatformLayer:
    """Creates the platform that the settings describe; nothing without access to the cluster.

    `cache_address`: where tenants' limits are counted. None without a cache.
    """
    if inside is None:
        return PlatformLayer(charts={}, before_models=[], teams={}, vault_store=None)
    wanted, options = settings.serving, inside.options
    claims = _encrypted_claims(context, options, vault)
    charts = _charts(settings, context, options, claims, cache_address)
    before: list[pulumi.Output[object]] = [charts[key].namespace for key in USED_BY_MODELS if key in charts]
    if sized_outside(settings):
        for unseen in unseen_classes(wanted.priorities, path="serving.priorities"):
            pulumi.log.warn(str(unseen))
    if wanted.priorities:
        classes = {name: PriorityArgs(**each.model_dump()) for name, each in wanted.priorities.items()}
        args = PriorityClassesArgs(classes=classes)
        before.append(PriorityClasses(context.name("priorities"), args, options).names)
    store = _vault_store(settings, context, options, charts, vault)
    if wanted.teams and wanted.policy_engine == "nobody":
        pulumi.log.warn("serving.policyEngine is nobody: the network policies of teams have no effect")
    teams = {
        team.name: TeamNamespace(
            context.name(f"team-{team.name}"),
            team_args(team, inside.api_cidr, team_priorities(team, wanted)),
            options,
        ).namespace
        for team in wanted.teams
    }
    namespaces = {key: chart.namespace for key, chart in charts.items()}
    return PlatformLayer(charts=namespaces, before_models=before, teams=teams, vault_store=store)


def _encrypted_claims(
    context: Context, options: pulumi.ResourceOptions, vault: VaultLayer
) -> list[pulumi.Resource]:
    key_id = vault.key_ids.get("volumes")
    if key_id is None:
        return []
    return [EncryptedClaims(context.name("claims"), EncryptedClaimsArgs(key_id=key_id), options)]


def _charts(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    claims: list[pulumi.Resource],
    cache_address: pulumi.Output[str] | None,
) -> dict[str, PlatformChart]:
    charts: dict[str, PlatformChart] = {}
    for key, chart in settings.serving.platform.chosen().items():
        # The storage class comes first, because a claim gets the class that is the default at that time.
        needed = [*claims, *(charts[other] for other in CHARTS[key].needs)]
        after = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=needed))
        name = context.name(f"chart-{CHARTS[key].namespace}")
        charts[key] = PlatformChart(name, chart_args(settings, key, chart, cache_address), after)
    return charts


def _vault_store(
    settings: Settings,
    context: Context,
    options: pulumi.ResourceOptions,
    charts: dict[str, PlatformChart],
    vault: VaultLayer,
) -> pulumi.Output[str] | None:
    wanted = settings.serving.platform.external_secrets
    vault_id = (wanted.vault_id or vault.vault_id) if wanted else None
    if vault_id is None:
        return None
    # Known with the release. The chart defines the kind of the store, so the store must be deleted before the chart.
    known = pulumi.Output.all(vault_id, charts["externalSecrets"].namespace).apply(lambda both: both[0])
    served = store_namespaces(settings.serving, settings.traffic)
    args = VaultStoreArgs(vault_id=known, region=context.region, namespaces=served)
    return VaultStore(context.name("vault-store"), args, options).store_name
