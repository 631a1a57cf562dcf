"""Node pools that go to size 0 out of hours: two schedules, and the two functions that they invoke."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.scheduled_functions import (
    function_application,
    invoking_schedule,
    own_function,
)
from facts.checked_args import CheckedArgs
from facts.problem import refuse

from .pool_schedule_rules import pool_count_problems, schedule_choice_problems


@dataclass(frozen=True, kw_only=True)
class ScheduledPoolArgs:
    """A pool that stops out of hours."""

    pool_id: pulumi.Input[str]
    """OCID of the node pool. Nothing else may set its size."""

    nodes: int
    """Nodes during working hours."""


@dataclass(frozen=True, kw_only=True)
class PoolScheduleArgs:
    """When pools stop and start, and the function that does it."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the functions and the schedules."""

    subnet_id: pulumi.Input[str]
    """OCID of the functions' regional subnet. It needs a way to Oracle's services. A change replaces the functions."""

    pools: Mapping[str, ScheduledPoolArgs]
    """1 to 30 pools, by a name that you choose."""

    stop: str
    """When the pools go to size 0: a cron expression of five fields in UTC, e.g. `30 19 * * 1-5`."""

    start: str
    """When the pools get their nodes back, in the same form."""

    image: str
    """Image of the function in the region's own registry, with a tag. Build it from components/cluster/pool_hours."""

    image_digest: str
    """Digest of the image: `sha256:` and 64 hexadecimal digits."""

    nsg_ids: Sequence[pulumi.Input[str]] | None = None
    """OCIDs of the functions' security groups. They must allow HTTPS to Oracle's services. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class PoolSchedule(CheckedArgs, pulumi.ComponentResource):
    """Schedules that stop and start node pools.

    Resource Scheduler has no action for node pools, so it invokes a function: `START_RESOURCE` of a function invokes it
    (Oracle's page "Scheduling a Function"). The grants are not part of the component: the functions may use the pools,
    and the schedules may invoke the functions. Between stop and start, the schedule owns the size of a pool.
    """

    application_id: pulumi.Output[str]
    """OCID of the application of the functions, which writes their logs."""

    function_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the functions: `stop` and `start`."""

    schedule_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the schedules: `stop` and `start`."""

    def __init__(self, name: str, args: PoolScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        problems = [
            *schedule_choice_problems(args, path=name),
            *pool_count_problems(len(args.pools), path=name),
        ]
        refuse(problems, f"the schedule {name}")
        super().__init__("genai:index:PoolSchedule", name, {}, opts)
        application = function_application(self, name, args)
        made = {
            what: own_function(
                application, f"{name}-{what}", args, {"SIZES": _sizes(args, working=what == "start")}, self
            )
            for what in ("stop", "start")
        }
        schedules = {
            what: invoking_schedule(
                function,
                f"{name}-{what}",
                args,
                description=f"Invokes the function that {what}s the pools {', '.join(sorted(args.pools))}",
                times=args.stop if what == "stop" else args.start,
                parent=self,
            )
            for what, function in made.items()
        }
        self.application_id = application.id
        self.function_ids = pulumi.Output.all(**{what: each.id for what, each in made.items()})
        self.schedule_ids = pulumi.Output.all(**{what: each.id for what, each in schedules.items()})
        self.register_outputs(
            {
                "applicationId": self.application_id,
                "functionIds": self.function_ids,
                "scheduleIds": self.schedule_ids,
            }
        )


def _sizes(args: PoolScheduleArgs, *, working: bool) -> pulumi.Output[str]:
    """The sizes of the pools by OCID, as JSON."""
    ids = {key: pool.pool_id for key, pool in args.pools.items()}
    nodes = {key: pool.nodes if working else 0 for key, pool in args.pools.items()}
    return pulumi.Output.all(**ids).apply(
        lambda found: json.dumps({found[key]: nodes[key] for key in sorted(found)})
    )
