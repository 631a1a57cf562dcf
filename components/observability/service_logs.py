"""Service logs: what OCI's services write about the environment's resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_oci import logging

from components.options import stateful
from facts.checked_args import CheckedArgs
from facts.log_services import CIS_DAYS, log_days_problems, log_source_problems
from facts.problem import Problem, refuse


@dataclass(frozen=True, kw_only=True)
class ServiceLogArgs:
    """One log: a category of a service, for one resource."""

    service: str
    """Name of the service in OCI Logging, e.g. `loadbalancer`. A change replaces the log."""

    category: str
    """Category of the service, e.g. `access`. A change replaces the log."""

    resource: pulumi.Input[str]
    """OCID of the resource; a bucket's name with `objectstorage`. A change replaces the log."""


@dataclass(frozen=True, kw_only=True)
class ServiceLogsArgs:
    """Arguments of a ServiceLogs."""

    log_group_id: pulumi.Input[str]
    """OCID of the log group."""

    logs: Mapping[str, ServiceLogArgs]
    """The logs by name. A name is unique in the log group."""

    retention_days: int | None = None
    """Days for which the logs are kept: 30, 60, 90, 120, 150 or 180. Default: 90, which CIS asks for at least."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the logs, and keeps them when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class ServiceLogs(CheckedArgs, pulumi.ComponentResource):
    """Logs of OCI's services, all in one group and kept for the same time."""

    log_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the logs by name."""

    def __init__(self, name: str, args: ServiceLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the logs {name}")
        super().__init__("genai:index:ServiceLogs", name, {}, opts)
        made = {key: self._log(name, key, each, args) for key, each in args.logs.items()}
        self.log_ids = pulumi.Output.all(**{key: log.id for key, log in made.items()})
        self.register_outputs({"logIds": self.log_ids})

    def _log(self, name: str, key: str, wanted: ServiceLogArgs, args: ServiceLogsArgs) -> "logging.Log":
        source = logging.LogConfigurationSourceArgs(
            source_type="OCISERVICE",
            service=wanted.service,
            category=wanted.category,
            resource=wanted.resource,
        )
        return logging.Log(
            f"{name}-{key}",
            logging.LogArgs(
                log_group_id=args.log_group_id,
                display_name=f"{name}-{key}",
                log_type="SERVICE",
                is_enabled=True,
                retention_duration=args.retention_days or CIS_DAYS,
                configuration=logging.LogConfigurationArgs(source=source),
                freeform_tags=args.tags,
            ),
            # A cluster's replacement replaces its log, and the group has no second log of one name.
            opts=stateful(self, args.protect, pulumi.ResourceOptions(delete_before_replace=True)),
        )


def _problems(args: ServiceLogsArgs, path: str) -> Iterator[Problem]:
    yield from log_days_problems(args.retention_days, path=f"{path}.retentionDays")
    for key, each in args.logs.items():
        yield from log_source_problems(each.service, each.category, path=f"{path}.logs[{key!r}]")
