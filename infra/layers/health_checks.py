"""Health checks from outside."""

from components.observability.health_check import HealthCheck, HealthCheckArgs
from infra.program.context import Context
from infra.settings import Settings


def create_health_checks(settings: Settings, context: Context) -> None:
    """Creates the checks of the public load balancer. Its security group lets everyone in, so they need no rule."""
    for name, check in settings.observability.health_checks.items():
        args = HealthCheckArgs(
            compartment_id=context.compartment_id,
            targets=[*(check.hosts or settings.network.edge.hostnames)],
            path=check.path,
            method=check.method,
            headers=check.headers or None,
            interval_seconds=check.interval_seconds,
            timeout_seconds=check.timeout_seconds,
            vantage_points=check.vantage_points,
            tags=context.tags,
        )
        HealthCheck(context.name(f"{name}-health"), args, context.in_region)
