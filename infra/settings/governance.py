"""The budget of the environment, and who gets its alerts."""

from collections.abc import Iterator

from components.governance.budget import budget_problems
from facts.problem import Problem

from .base import Section


class BudgetSettings(Section):
    """The monthly budget of the compartment."""

    monthly_amount: int
    """Amount per month in the currency of the tenancy, a whole number."""

    alert_percentages: tuple[int, ...] = (80, 100)
    """Percentages of the amount at which actual spending sends an alert to the recipients."""

    forecast_percentages: tuple[int, ...] = (100,)
    """Percentages of the amount at which the month's forecast sends an alert."""

    recipients: tuple[str, ...] = ()
    """E-mail addresses for the alerts."""


class Governance(Section):
    """Cost control of one environment."""

    budget: BudgetSettings | None = None
    """The monthly budget of the compartment."""


def governance_problems(governance: Governance) -> Iterator[Problem]:
    """A budget with an invalid amount, percentage or address."""
    budget = governance.budget
    if budget:
        yield from budget_problems(budget, budget_name="budget", path="governance.budget")
