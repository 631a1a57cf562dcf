"""A function that a schedule invokes: what the stop of node pools and the watch of costs share.

Resource Scheduler starts only few types of resources. A function is one of them: `START_RESOURCE` invokes it (Oracle's
page "Scheduling a Function").
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pulumi
from pulumi_oci import functions, resourcescheduler

from components.options import child

MEMORY_MIB = 256
SECONDS = 300
"""Longest run of such a function."""


class FunctionPlace(Protocol):
    """Where functions run, and their image: what the args of a component with functions have."""

    @property
    def compartment_id(self) -> pulumi.Input[str]: ...
    @property
    def subnet_id(self) -> pulumi.Input[str]: ...
    @property
    def nsg_ids(self) -> Sequence[pulumi.Input[str]] | None: ...
    @property
    def image(self) -> str: ...
    @property
    def image_digest(self) -> str: ...
    @property
    def tags(self) -> pulumi.Input[Mapping[str, str]] | None: ...


def function_application(parent: pulumi.Resource, name: str, place: FunctionPlace) -> "functions.Application":
    """The application that holds the functions. Its name is that of its component."""
    return functions.Application(
        f"{name}-application",
        functions.ApplicationArgs(
            compartment_id=place.compartment_id,
            display_name=name,
            subnet_ids=[place.subnet_id],
            network_security_group_ids=place.nsg_ids,
            freeform_tags=place.tags,
        ),
        opts=child(parent, pulumi.ResourceOptions(delete_before_replace=True)),
    )


def own_function(
    application: "functions.Application",
    name: str,
    place: FunctionPlace,
    config: pulumi.Input[Mapping[str, pulumi.Input[str]]],
    parent: pulumi.Resource,
) -> "functions.Function":
    """A function of the application, with its configuration."""
    return functions.Function(
        name,
        functions.FunctionArgs(
            application_id=application.id,
            display_name=name,
            memory_in_mbs=str(MEMORY_MIB),
            timeout_in_seconds=SECONDS,
            detached_mode_timeout_in_seconds=SECONDS,
            source_details=functions.FunctionSourceDetailsArgs(
                source_type="CONTAINER_IMAGE", image=place.image, image_digest=place.image_digest
            ),
            config=config,
            freeform_tags=place.tags,
        ),
        # A name is unique in its application, so a replacement cannot exist beside the old function.
        opts=child(parent, pulumi.ResourceOptions(delete_before_replace=True)),
    )


def invoking_schedule(
    function: "functions.Function",
    name: str,
    place: FunctionPlace,
    *,
    description: str,
    times: str,
    parent: pulumi.Resource,
) -> "resourcescheduler.Schedule":
    """The schedule of a function. `times`: a cron expression of five fields in UTC."""
    return resourcescheduler.Schedule(
        f"{name}-times",
        resourcescheduler.ScheduleArgs(
            compartment_id=place.compartment_id,
            display_name=name,
            description=description,
            action="START_RESOURCE",
            recurrence_type="CRON",
            recurrence_details=times,
            local_time_zone="UTC",
            resources=[resourcescheduler.ScheduleResourceArgs(id=function.id)],
            freeform_tags=place.tags,
        ),
        opts=child(parent),
    )
