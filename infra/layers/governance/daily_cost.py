"""The daily watch of costs: the function with its grants, and the alarms on what it publishes."""

from collections.abc import Mapping

import pulumi

from components.governance.cost_watch import (
    ABSENCE_QUERY,
    NAMESPACE,
    CostWatch,
    CostWatchArgs,
    above_query,
)
from components.identity.cost_grants import cost_metric_grants, cost_reader_grants
from components.identity.late_ids import with_ids
from components.identity.schedule_grants import schedule_grants
from components.observability.alarm import Alarm, AlarmArgs
from infra.program.context import Context
from infra.program.granting import Grant, write_policy
from infra.program.outputs import NetworkLayer
from infra.program.scheduled_functions import (
    function_rule,
    functions_principal,
    functions_security_group,
)
from infra.settings import Settings
from infra.settings.governance.money import DailyWatch
from infra.settings.governance.money_rules import SEVERITY

NOUN = "daily-cost"


def create_daily_watch(
    settings: Settings,
    context: Context,
    network: NetworkLayer,
    topics: Mapping[str, pulumi.Output[str]],
) -> None:
    """Creates the function, its schedule, their grants and the two alarms."""
    wanted = settings.governance.costs.daily
    assert wanted is not None  # noqa: S101 - the caller has checked it
    group = functions_security_group(context, NOUN, network)
    args = CostWatchArgs(
        tenancy_id=context.tenancy_id,
        compartment_id=context.compartment_id,
        home_region=settings.tenancy.identity_region,
        environment=settings.environment,
        subnet_id=network.subnet_ids["private"],
        most_per_day=wanted.most_per_day,
        times=wanted.times,
        image=wanted.image,
        image_digest=wanted.image_digest,
        nsg_ids=[group.group_id],
        tags=context.tags,
    )
    made = CostWatch(context.name(NOUN), args, context.in_region)
    if settings.identity.manage:
        _grant(settings, context, made)
    _alarms(settings, context, wanted, topics)


def _alarms(
    settings: Settings, context: Context, wanted: DailyWatch, topics: Mapping[str, pulumi.Output[str]]
) -> None:
    topic = wanted.topic or settings.observability.topic_for(SEVERITY)
    assert topic is not None  # noqa: S101 - the rules refuse settings without it
    limit = f"{wanted.most_per_day:,}"
    every = {
        "daily-cost-high": (SEVERITY, f"A day cost more than {limit}", above_query(wanted.most_per_day)),
        "daily-cost-missing": ("WARNING", "No day's cost was published for two days", ABSENCE_QUERY),
    }
    for name, (severity, title, query) in every.items():
        args = AlarmArgs(
            compartment_id=context.compartment_id,
            topic_id=topics[topic],
            title=f"{settings.environment}: {title}",
            namespace=NAMESPACE,
            query=query,
            severity=severity,
            own_metric=True,
            body=f"{title}. docs/cost.md says what to look at.",
            tags=context.tags,
        )
        Alarm(context.name(name), args, context.in_region)


def _grant(settings: Settings, context: Context, made: CostWatch) -> None:
    group, function = functions_principal(
        settings,
        context,
        NOUN,
        "The function that publishes what a day cost",
        made.function_id.apply(function_rule),
    )
    ids = {"compartment": context.compartment_id}
    reads = Grant(
        description="The cost watch reads costs",
        statements={key: str(each) for key, each in cost_reader_grants(function).items()},
        in_tenancy=True,
    )
    writes = Grant(
        description="The cost watch writes its metric",
        statements=with_ids(lambda found: cost_metric_grants(function, found["compartment"], NAMESPACE), ids),
    )
    invokes = Grant(
        description="The schedule invokes the cost watch",
        statements=with_ids(
            lambda found: schedule_grants([found["schedule"]], found["compartment"]),
            {**ids, "schedule": made.schedule_id},
        ),
    )
    write_policy(settings, context, f"{NOUN}-reads", reads, [group])
    write_policy(settings, context, f"{NOUN}-writes", writes, [group])
    write_policy(settings, context, f"{NOUN}-schedule", invokes)
