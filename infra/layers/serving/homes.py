"""The namespaces with models: the models' own namespace and those of teams."""

from collections.abc import Sequence

import pulumi

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer
from infra.settings import Settings
from infra.settings.platform.store_rules import HUB_TOKEN
from infra.settings.serving import ModelSettings
from infra.settings.serving.model_rules import needs_privileges
from infra.settings.serving.team_models import models_of
from serving.catalogue import catalogue
from serving.teams.namespace import ServingNamespace, ServingNamespaceArgs
from serving.teams.network_isolation import NetworkIsolation, NetworkIsolationArgs

from .home import Home, hub_token


def create_homes(
    settings: Settings, context: Context, inside: InCluster, platform: PlatformLayer
) -> Sequence[Home]:
    """The homes with models. They are known after the platform has everything that the models use."""
    found: list[Home] = []
    teams, after = platform.teams, platform.before_models
    for team in (None, *teams):
        models = models_of(settings.serving, team)
        if models:
            made = teams[team] if team else _own(settings, context, inside, models)
            namespace = pulumi.Output.all(made, *after).apply(lambda known: known[0]) if after else made
            token = None
            if _needs_token(models, team):
                called = context.name(f"{HUB_TOKEN}-{team}" if team else HUB_TOKEN)
                token = hub_token(called, settings.serving, platform, namespace, inside.options)
            found.append(Home(team=team, models=models, namespace=namespace, token=token))
    return found


def _own(
    settings: Settings,
    context: Context,
    inside: InCluster,
    models: Sequence[ModelSettings],
) -> pulumi.Output[str]:
    wanted = settings.serving
    level = "privileged" if any(needs_privileges(model) for model in models) else None
    args = ServingNamespaceArgs(namespace=wanted.namespace, pod_security=level)
    made = ServingNamespace(context.name(wanted.namespace), args, inside.options).namespace
    if wanted.isolated:
        walls = NetworkIsolationArgs(namespace=made, api_cidr=inside.api_cidr)
        NetworkIsolation(context.name("models-isolation"), walls, inside.options)
    return made


def _needs_token(models: Sequence[ModelSettings], team: str | None) -> bool:
    """Members of a team can read the token, so it exists only if a model cannot be downloaded without it."""
    return team is None or any(catalogue()[model.model].gated or model.adapters for model in models)
