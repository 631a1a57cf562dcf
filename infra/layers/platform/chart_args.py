"""Builds the args of each chart of the platform."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from infra.settings import Settings
from infra.settings.platform import AiGatewayChart, ChartSettings, MetricsExporterChart
from infra.settings.traffic.receiver_rules import receivers_of
from infra.settings.traffic.served import has_counted_limits
from serving.gateway.secret_names import CACHE_LOGIN
from serving.platform.chart_values import (
    EXPORTER_CONFIG,
    Choices,
    RateLimiting,
    exporter_config,
    merged,
    values_of,
)
from serving.platform.platform_chart import PlatformChartArgs
from serving.watching.alertmanager import chart_values


def chart_args(
    settings: Settings, key: str, chart: ChartSettings, cache_address: pulumi.Output[str] | None
) -> PlatformChartArgs:
    """A chart with the toolkit's values, which the user's values override."""
    choices = replace(_choices(settings, chart), rate_limiting=_rate_limiting(settings, cache_address))
    values = merged(merged(values_of(key, choices), _alerting(settings, key)), chart.values)
    exporter = isinstance(chart, MetricsExporterChart)
    return PlatformChartArgs(
        chart=key,
        version=chart.version,
        repository=chart.repository,
        values=merged(values, _secrets(chart)),
        config={"config.json": exporter_config(chart.metric_prefix)} if exporter else None,
        config_name=EXPORTER_CONFIG if exporter else None,
    )


def _choices(settings: Settings, chart: ChartSettings) -> Choices:
    platform = settings.serving.platform
    # The settings of a chart have only the fields that it uses, with the names of `Choices`.
    own: dict[str, Any] = {
        name: value
        for name, value in chart.model_dump(exclude={"version", "repository", "values"}).items()
        if name in Choices.__dataclass_fields__
    }
    return Choices(
        monitored=platform.prometheus is not None,
        with_ai=platform.ai_gateway is not None,
        shapes=[pool.shape for pool in settings.gpu.pools],
        **own,
    )


def _rate_limiting(settings: Settings, address: pulumi.Output[str] | None) -> RateLimiting | None:
    """The rate limit service, if a tenant has a limit to count."""
    if address is None or not has_counted_limits(settings.traffic):
        return None
    return RateLimiting(
        address=address, login_secret=CACHE_LOGIN, fail_closed=settings.traffic.limits.fail_closed
    )


def _alerting(settings: Settings, key: str) -> Mapping[str, object]:
    """Where Alertmanager reads its configuration, if the settings have receivers."""
    receivers = receivers_of(settings.traffic)
    return chart_values(receivers) if key == "prometheus" and receivers else {}


def _secrets(chart: ChartSettings) -> Mapping[str, object]:
    if not isinstance(chart, AiGatewayChart) or chart.session_secret is None:
        return {}
    seed = pulumi.Output.secret(chart.session_secret.get_secret_value())
    return {"controller": {"mcp": {"sessionEncryption": {"seed": seed}}}}
