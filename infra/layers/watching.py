"""Watching: the rules and monitors of the traffic path."""

from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer
from infra.settings import Settings
from infra.settings.traffic.candidates import with_candidates
from infra.settings.traffic.metric_rules import metric_prefix
from infra.settings.traffic.watching import Watching
from infra.settings.traffic.watching_rules import (
    empty_seconds,
    hour_prices,
    model_namespaces,
    start_seconds,
    watched_features,
)
from serving.watching.serving_watch import ObjectivesArgs, OwnRuleArgs, ServingWatch, ServingWatchArgs


def create_watching(
    settings: Settings, context: Context, inside: InCluster | None, platform: PlatformLayer
) -> None:
    """Creates the rules and monitors, after Prometheus' custom kinds exist; nothing without `traffic.watching`."""
    wanted, chart = settings.traffic.watching, settings.serving.platform.prometheus
    if inside is None or wanted is None or "prometheus" not in platform.charts:
        return
    args = ServingWatchArgs(
        namespace=platform.charts["prometheus"],
        features=watched_features(settings.network, settings.serving, settings.traffic),
        models=start_seconds(settings.gpu, with_candidates(settings.serving, settings.traffic.candidates)),
        candidates=empty_seconds(settings.gpu, settings.serving, settings.traffic.candidates) or None,
        namespaces=model_namespaces(settings.serving),
        metric_prefix=metric_prefix(settings.serving),
        thresholds=wanted.thresholds,
        runbooks=wanted.runbooks,
        objectives=_objectives(wanted),
        dashboards=chart is not None and chart.grafana,
        hour_prices=hour_prices(settings.gpu, settings.serving),
        rules={name: OwnRuleArgs(**rule.model_dump()) for name, rule in wanted.rules.items()},
    )
    ServingWatch(context.name("watch"), args, inside.options)


def _objectives(wanted: Watching) -> ObjectivesArgs | None:
    return ObjectivesArgs(**wanted.objectives.model_dump()) if wanted.objectives else None
