"""How long the Audit service keeps the events of a tenancy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import audit

from components.options import child
from facts.checked_args import CheckedArgs
from facts.log_services import AUDIT_DAYS
from facts.problem import Problem, refuse


@dataclass(frozen=True, kw_only=True)
class AuditRetentionArgs:
    """Arguments of an AuditRetention."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy. A change replaces the resource."""

    retention_days: int | None = None
    """Days for which audit events can be searched, 90 to 365. Default: 365."""


class AuditRetention(CheckedArgs, pulumi.ComponentResource):
    """The retention of the tenancy's audit events. To delete it changes nothing: the tenancy keeps the last value."""

    retention_days: pulumi.Output[int]
    """Days for which events can be searched."""

    def __init__(
        self, name: str, args: AuditRetentionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        refuse(audit_retention_problems(args, path=name), f"the retention of audit events {name}")
        super().__init__("genai:index:AuditRetention", name, {}, opts)
        configuration = audit.Configuration(
            f"{name}-configuration",
            audit.ConfigurationArgs(
                compartment_id=args.tenancy_id,
                retention_period_days=args.retention_days or AUDIT_DAYS[1],
            ),
            opts=child(self),
        )
        self.retention_days = configuration.retention_period_days
        self.register_outputs({"retentionDays": self.retention_days})


class AuditChoices(Protocol):
    """The plain values, which the component's args and the settings both have."""

    @property
    def retention_days(self) -> int | None: ...


def audit_retention_problems(wanted: AuditChoices, *, path: str) -> Iterator[Problem]:
    """Days that the Audit service does not offer. Settings and component use the same messages."""
    days, (least, most) = wanted.retention_days, AUDIT_DAYS
    if days is not None and not least <= days <= most:
        fix = "A bucket keeps audit events longer"
        yield Problem(f"{path}.retentionDays", days, f"must be {least} to {most} days", fix)
