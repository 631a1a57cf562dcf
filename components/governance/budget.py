"""A monthly budget and its alerts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import budget

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

from .money_rules import amount_problems, recipient_problems

LARGEST_PERCENTAGE = 10_000
_NAME = re.compile(r"[A-Za-z0-9_. -]{1,255}")


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """Arguments of a Budget."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy. OCI keeps every budget there, and accepts budgets only in the home region. A change replaces
    the budget."""

    target_compartment_id: pulumi.Input[str]
    """OCID of the compartment whose cost is watched, including the compartments below it. A change replaces the
    budget."""

    budget_name: str
    """Name of the budget: letters, digits, hyphens, underscores, periods and spaces, 255 at most."""

    monthly_amount: int
    """Amount per calendar month, a whole number of 1 or more in the tenancy's currency. OCI compares the cost daily."""

    description: str | None = None
    """What the budget is for. Default: none."""

    alert_percentages: Sequence[int] | None = None
    """Percentages of the amount, 1 to 10,000, at which OCI sends an alert on the actual spend. Default: 80 and 100."""

    forecast_percentages: Sequence[int] | None = None
    """The same for the forecast spend of the month. Default: 100."""

    recipients: Sequence[str] | None = None
    """E-mail addresses that receive the alerts. Default: none; the alerts are then visible only in the console."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class Budget(CheckedArgs, pulumi.ComponentResource):
    """A monthly budget of one compartment, with a rule for every alert. It only warns: it stops no resources."""

    budget_id: pulumi.Output[str]
    """OCID of the budget."""

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        actual = (80, 100) if args.alert_percentages is None else args.alert_percentages
        forecast = (100,) if args.forecast_percentages is None else args.forecast_percentages
        refuse(budget_problems(args, budget_name=args.budget_name, path=name), f"the budget {name}")
        super().__init__("genai:index:Budget", name, {}, opts)

        monthly = budget.Budget(
            f"{name}-budget",
            budget.BudgetArgs(
                compartment_id=args.tenancy_id,
                display_name=args.budget_name,
                description=args.description,
                amount=args.monthly_amount,
                reset_period="MONTHLY",
                processing_period_type="MONTH",
                target_type="COMPARTMENT",
                targets=[args.target_compartment_id],
                freeform_tags=args.tags,
            ),
            # Another target replaces the budget, and a tenancy has no second budget of one name.
            opts=child(self, pulumi.ResourceOptions(delete_before_replace=True)),
        )
        alerts = [("ACTUAL", share) for share in actual] + [("FORECAST", share) for share in forecast]
        for kind, share in alerts:
            alert = f"{kind.lower()}-{share}"
            budget.Rule(f"{name}-{alert}", _rule(alert, kind, share, monthly.id, args), opts=child(self))

        self.budget_id = monthly.id
        self.register_outputs({"budgetId": self.budget_id})


class BudgetChoices(Protocol):
    """The plain values of a budget, which the component's args and the settings both have."""

    @property
    def monthly_amount(self) -> int: ...
    @property
    def alert_percentages(self) -> Sequence[int] | None: ...
    @property
    def forecast_percentages(self) -> Sequence[int] | None: ...
    @property
    def recipients(self) -> Sequence[str] | None: ...


def budget_problems(wanted: BudgetChoices, *, budget_name: str, path: str) -> Iterator[Problem]:
    """Invalid names and addresses, amounts and shares out of range, alerts that occur twice."""
    monthly_amount = wanted.monthly_amount
    if not _NAME.fullmatch(budget_name):
        allowed = "must be 1 to 255 letters, digits, hyphens, underscores, periods and spaces"
        yield Problem(f"{path}.budgetName", budget_name, allowed)
    yield from amount_problems(monthly_amount, path=f"{path}.monthlyAmount")
    yield from _share_problems(wanted.alert_percentages or (), f"{path}.alertPercentages")
    yield from _share_problems(wanted.forecast_percentages or (), f"{path}.forecastPercentages")
    yield from recipient_problems(wanted.recipients or (), path=f"{path}.recipients")


def _share_problems(shares: Sequence[int], path: str) -> Iterator[Problem]:
    for index, share in enumerate(shares):
        if not 1 <= share <= LARGEST_PERCENTAGE:
            yield Problem(f"{path}[{index}]", share, f"must be 1 to {LARGEST_PERCENTAGE} percent")
        elif share in list(shares)[:index]:
            yield Problem(f"{path}[{index}]", share, "must not be repeated")


def _rule(
    alert: str, kind: str, share: int, budget_id: pulumi.Input[str], args: BudgetArgs
) -> "budget.RuleArgs":
    return budget.RuleArgs(
        budget_id=budget_id,
        display_name=alert,
        description=_sentence(kind, share, args.monthly_amount),
        message=f"{args.budget_name}: {_sentence(kind, share, args.monthly_amount)}.",
        type=kind,
        threshold=share,
        threshold_type="PERCENTAGE",
        recipients=", ".join(args.recipients or ()) or None,
        freeform_tags=args.tags,
    )


def _sentence(kind: str, share: int, amount: int) -> str:
    what = "The spend of the month has reached" if kind == "ACTUAL" else "The month is forecast to reach"
    return f"{what} {share} % of {amount:,}"
