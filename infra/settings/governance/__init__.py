"""The budget of the environment, and whether its stack manages what a tenancy has only once."""

from collections.abc import Iterator

from pydantic import Field

from components.governance.budget import budget_problems
from facts.problem import Problem
from infra.settings.base import Section
from infra.settings.tenancy import Tenancy

from .guard import TenancyWide
from .money import CostSettings
from .quotas import CompartmentQuotaSettings
from .tags import TagSettings

MANAGES_TENANCY = "governance.managesTenancy"
"""Path of the setting that one stack per tenancy sets."""


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

    topic: str | None = None
    """Name of the topic in `observability.topics` that gets the alerts of all budgets of the tenancy as events. Only in
    the home region. Default: none."""


class Governance(TenancyWide):
    """Cost control of one environment, and what a tenancy has only once."""

    manages_tenancy: bool = False
    """Whether this stack manages what a tenancy has only once, such as Cloud Guard and the retention of the audit log.
    One stack per tenancy sets it, and its region is the home region."""

    budget: BudgetSettings | None = None
    """The monthly budget of the compartment."""

    tags: TagSettings | None = None
    """The defined tags of every resource. Default: none."""

    costs: CostSettings = Field(default_factory=CostSettings)
    """What is watched and reported of the environment's cost."""

    quotas: CompartmentQuotaSettings | None = None
    """Most that the compartment may use. Default: no quotas."""


def governance_problems(governance: Governance) -> Iterator[Problem]:
    """A budget with an invalid amount, percentage or address."""
    budget = governance.budget
    if budget:
        yield from budget_problems(budget, budget_name="budget", path="governance.budget")


def tenancy_manager_problems(tenancy: Tenancy, governance: Governance) -> Iterator[Problem]:
    """A manager of the tenancy in another region than the home region, the only one with identity's events."""
    if governance.manages_tenancy and tenancy.identity_region != tenancy.region:
        home = tenancy.identity_region
        allowed = f"must be set by a stack in {home}, the home region: identity's events occur only there"
        yield Problem(MANAGES_TENANCY, True, allowed, "Set it in the stack of that region")
