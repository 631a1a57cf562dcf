"""The dashboard of the environment."""

from components.observability.dashboard import Dashboard, DashboardArgs
from infra.program.context import Context
from infra.settings import Settings
from infra.settings.watched import panels_for


def create_dashboard(settings: Settings, context: Context) -> None:
    """Creates the dashboard with the panels that have something to show."""
    chosen = panels_for(settings)
    if not settings.observability.dashboard or not chosen:
        return
    args = DashboardArgs(
        compartment_id=context.compartment_id,
        region=context.region,
        title=context.name("platform"),
        panels=chosen,
        description=f"Latency, errors, GPUs and cost of {context.environment}",
    )
    Dashboard(context.name("dashboard"), args, context.in_region)
