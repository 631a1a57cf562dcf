"""Governance: the budget."""

from dataclasses import dataclass

import pulumi

from components.governance.budget import Budget, BudgetArgs
from infra.program.context import Context
from infra.settings import Settings


@dataclass(frozen=True, kw_only=True)
class GovernanceLayer:
    """Outputs of governance for users."""

    budget_id: pulumi.Output[str] | None


def create_governance(settings: Settings, context: Context) -> GovernanceLayer:
    """Creates the budget of the compartment. OCI accepts budgets only in the home region."""
    wanted = settings.governance.budget
    if wanted is None:
        return GovernanceLayer(budget_id=None)
    budget = Budget(
        context.name("budget"),
        BudgetArgs(
            tenancy_id=context.tenancy_id,
            target_compartment_id=context.compartment_id,
            budget_name=context.name("budget"),
            monthly_amount=wanted.monthly_amount,
            alert_percentages=wanted.alert_percentages,
            forecast_percentages=wanted.forecast_percentages,
            recipients=wanted.recipients,
            tags=context.tags,
        ),
        context.in_home_region,
    )
    return GovernanceLayer(budget_id=budget.budget_id)
