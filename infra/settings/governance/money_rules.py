"""Rules for the daily cost watch, unusual costs, reports and the events of budgets."""

from collections.abc import Iterator

from components.governance.money_rules import (
    anomaly_problems,
    money_name_problems,
    report_problems,
    watch_problems,
)
from facts.problem import Problem
from infra.settings.cluster.schedule_rules import image_place_problems
from infra.settings.governance import Governance
from infra.settings.observability import Observability
from infra.settings.storage import Storage
from infra.settings.tenancy import Tenancy

PATH = "governance.costs"
SEVERITY = "CRITICAL"
"""Severity of the alarm on a day's cost."""


def cost_problems(governance: Governance) -> Iterator[Problem]:
    """What is wrong with the section itself."""
    costs = governance.costs
    if costs.daily:
        yield from watch_problems(costs.daily, path=f"{PATH}.daily")
    if costs.anomalies:
        yield from anomaly_problems(costs.anomalies, path=f"{PATH}.anomalies")
    for name, report in costs.reports.items():
        yield from money_name_problems(name, path=f"{PATH}.reports[{name!r}]")
        yield from report_problems(report, path=f"{PATH}.reports[{name!r}]")


def cost_image_problems(tenancy: Tenancy, governance: Governance) -> Iterator[Problem]:
    """A function's image in the registry of another region."""
    if governance.costs.daily:
        yield from image_place_problems(tenancy, governance.costs.daily.image, path=f"{PATH}.daily")


def cost_topic_problems(
    tenancy: Tenancy, observability: Observability, governance: Governance
) -> Iterator[Problem]:
    """Topics that the environment does not have, or that are not where the events of budgets happen."""
    known = [topic.name for topic in observability.topics]
    daily, budget = governance.costs.daily, governance.budget
    if daily and daily.topic is None and observability.topic_for(SEVERITY) is None:
        allowed = f"must name a topic: none of observability.topics takes the severity {SEVERITY}"
        yield Problem(f"{PATH}.daily.topic", daily.topic, allowed)
    named = (
        (f"{PATH}.daily.topic", daily.topic if daily else None),
        ("governance.budget.topic", budget.topic if budget else None),
    )
    for path, name in named:
        if name is not None and name not in known:
            yield Problem.not_one_of(path, name, known, "must be a topic of observability.topics")
    if budget and budget.topic and tenancy.identity_region != tenancy.region:
        allowed = (
            f"must be left out: budgets' events happen in {tenancy.identity_region}, and topics are here"
        )
        yield Problem("governance.budget.topic", budget.topic, allowed)


def report_bucket_problems(storage: Storage, governance: Governance) -> Iterator[Problem]:
    """Reports into a bucket that the environment does not have."""
    known = [bucket.name for bucket in storage.buckets]
    for name, report in governance.costs.reports.items():
        if report.bucket not in known:
            path = f"{PATH}.reports[{name!r}].bucket"
            yield Problem.not_one_of(path, report.bucket, known, "must be a bucket of storage.buckets")
