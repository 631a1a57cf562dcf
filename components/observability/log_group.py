"""A log group: the place of an environment's logs."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import logging

from components.options import stateful
from facts.checked_args import CheckedArgs


@dataclass(frozen=True, kw_only=True)
class LogGroupArgs:
    """Arguments of a LogGroup."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the group."""

    group_name: str
    """Name of the group, unique in the compartment."""

    description: str | None = None
    """Purpose of the group. Default: none."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the group, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class LogGroup(CheckedArgs, pulumi.ComponentResource):
    """A log group of OCI Logging. A connector can send all of its logs, also future ones."""

    log_group_id: pulumi.Output[str]
    """OCID of the log group."""

    def __init__(self, name: str, args: LogGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("genai:index:LogGroup", name, {}, opts)
        group = logging.LogGroup(
            f"{name}-group",
            logging.LogGroupArgs(
                compartment_id=args.compartment_id,
                display_name=args.group_name,
                description=args.description,
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        self.log_group_id = group.id
        self.register_outputs({"logGroupId": self.log_group_id})
