"""What the environment may cost, and who hears of it."""

from collections.abc import Iterator

from components.governance.budget import budget_problems
from facts.problem import Problem

from .base import Section


class BudgetSettings(Section):
    """The monthly budget of the compartment."""

    monthly_amount: int
    """Amount a month in the currency of the tenancy, a whole number."""

    alert_percentages: tuple[int, ...] = (80, 100)
    """Shares of the amount, in percent, at which the recipients get an alert on the actual spend."""

    forecast_percentages: tuple[int, ...] = (100,)
    """The same for the forecast of the month."""

    recipients: tuple[str, ...] = ()
    """E-mail addresses that get the alerts."""


class Governance(Section):
    """Cost control of one environment."""

    budget: BudgetSettings | None = None
    """The monthly budget of the compartment."""


def governance_problems(governance: Governance) -> Iterator[Problem]:
    """A budget with invalid amounts, shares or addresses."""
    budget = governance.budget
    if budget:
        yield from budget_problems(budget, budget_name="budget", path="governance.budget")
