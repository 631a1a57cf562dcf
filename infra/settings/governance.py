"""What the environment may cost, and who hears of it."""

from pydantic import Field

from .base import Section


class BudgetSettings(Section):
    """The monthly budget of the compartment."""

    monthly_amount: int = Field(ge=1)
    """Amount a month in the currency of the tenancy, a whole number."""

    alert_percentages: tuple[int, ...] = (80, 100)
    """Shares of the amount, in percent, at which the recipients are told of the actual spend."""

    forecast_percentages: tuple[int, ...] = (100,)
    """The same for the forecast of the month."""

    recipients: tuple[str, ...] = ()
    """E-mail addresses that are told."""


class Governance(Section):
    """Cost control of one environment."""

    budget: BudgetSettings | None = None
    """The monthly budget of the compartment."""
