"""Logs of containers: the agent of the nodes sends the files that the container runtime writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import logging

from components.options import child, stateful
from facts.checked_args import CheckedArgs
from facts.log_services import CIS_DAYS, log_days_problems
from facts.names import CONTROL
from facts.problem import Problem, refuse

FILES = ("/var/log/containers/*.log",)
"""Where the kubelet links the log of every container. Oracle's page "Viewing Application Logs on Managed Nodes and
Self-Managed Nodes" names the folder of nodes `/var/logs/containers`, which no node has."""


@dataclass(frozen=True, kw_only=True)
class ContainerLogsArgs:
    """Arguments of a ContainerLogs."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the configuration of the agent."""

    log_group_id: pulumi.Input[str]
    """OCID of the log group."""

    dynamic_group_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the dynamic groups with the nodes. They need `use log-content` in the group's compartment."""

    paths: Sequence[str] | None = None
    """Files on the nodes, with `*` for any text. Default: the logs of all containers."""

    retention_days: int | None = None
    """Days for which the log is kept: 30, 60, 90, 120, 150 or 180. Default: 90."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the log, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class ContainerLogs(CheckedArgs, pulumi.ComponentResource):
    """A custom log, and the configuration with which the cloud agent of the nodes fills it.

    The agent's plugin `Custom Logs Monitoring` must run on the nodes. OKE installs the agent on managed nodes.
    """

    log_id: pulumi.Output[str]
    """OCID of the log."""

    def __init__(
        self, name: str, args: ContainerLogsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(container_log_problems(args, path=name), f"the logs of containers {name}")
        super().__init__("genai:index:ContainerLogs", name, {}, opts)
        log = logging.Log(
            f"{name}-log",
            logging.LogArgs(
                log_group_id=args.log_group_id,
                display_name=name,
                log_type="CUSTOM",
                is_enabled=True,
                retention_duration=args.retention_days or CIS_DAYS,
                freeform_tags=args.tags,
            ),
            opts=stateful(self, args.protect),
        )
        logging.UnifiedAgentConfiguration(
            f"{name}-agent",
            logging.UnifiedAgentConfigurationArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                description="Sends the logs of containers from the nodes",
                is_enabled=True,
                group_association=logging.UnifiedAgentConfigurationGroupAssociationArgs(
                    group_lists=[*args.dynamic_group_ids]
                ),
                service_configuration=_tail(log.id, args),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.log_id = log.id
        self.register_outputs({"logId": self.log_id})


def _tail(
    log_id: pulumi.Input[str], args: ContainerLogsArgs
) -> "logging.UnifiedAgentConfigurationServiceConfigurationArgs":
    # The runtime of OKE's nodes writes CRI's format. It splits long lines, which the parser joins again.
    parser = logging.UnifiedAgentConfigurationServiceConfigurationSourceParserArgs(
        parser_type="CRI", is_merge_cri_fields=False
    )
    source = logging.UnifiedAgentConfigurationServiceConfigurationSourceArgs(
        name="containers", source_type="LOG_TAIL", paths=[*(args.paths or FILES)], parser=parser
    )
    return logging.UnifiedAgentConfigurationServiceConfigurationArgs(
        configuration_type="LOGGING",
        sources=[source],
        destination=logging.UnifiedAgentConfigurationServiceConfigurationDestinationArgs(
            log_object_id=log_id
        ),
    )


class ContainerLogChoices(Protocol):
    """The plain values, which the component's args and the settings both have."""

    @property
    def paths(self) -> Sequence[str] | None: ...
    @property
    def retention_days(self) -> int | None: ...


def container_log_problems(wanted: ContainerLogChoices, *, path: str) -> Iterator[Problem]:
    """No files or relative ones, and days that OCI does not offer. Settings and component use the same messages."""
    paths = wanted.paths
    yield from log_days_problems(wanted.retention_days, path=f"{path}.retentionDays")
    if paths is not None and not paths:
        yield Problem(f"{path}.paths", [], "must name a file, or be left out for the logs of all containers")
    for index, each in enumerate(paths or ()):
        if not each.startswith("/") or CONTROL.search(each):
            yield Problem(f"{path}.paths[{index}]", each, "must be an absolute path, e.g. /var/log/x/*.log")
