"""Logs of the services, of the containers and of the tenancy, and where they are kept."""

from collections.abc import Sequence

from pydantic import Field

from facts.log_services import AUDIT_DAYS, CIS_DAYS
from infra.settings.base import Name, Section

FLOW_LOGS = "flow-logs"
"""Name of the flow logs."""

LOG_ARCHIVE, AUDIT_ARCHIVE = "log-archive", "audit-archive"
"""Names of the buckets that keep logs and audit events, and of the connectors that fill them."""


TENANCY_AUDIT = "tenancyAudit"
"""The source of a connector that moves the audit events of the whole tenancy."""


class ContainerLogSettings(Section):
    """Logs of the containers, which the cloud agent of the nodes sends."""

    paths: tuple[str, ...] | None = None
    """Files on the nodes. Default: the logs of all containers, `/var/log/containers/*.log`."""

    retention_days: int | None = None
    """Retention in days: 30, 60, 90, 120, 150 or 180. Default: that of the other logs."""

    dynamic_group_id: str | None = None
    """OCID of the dynamic group with the nodes, if `identity.manage` is false. It needs `use log-content`."""


class AuditSettings(Section):
    """The audit events of the whole tenancy. Only for the stack with `governance.managesTenancy`."""

    retention_days: int = AUDIT_DAYS[1]
    """Days for which the Audit service keeps events, 90 to 365. It stays when the stack is destroyed."""

    keep_years: int = 7
    """Years for which nobody can delete or change the events in the bucket."""

    archive_days: int = 90
    """Days after which events move to the Archive tier. It then takes up to an hour to restore them."""

    lock_time: str | None = None
    """UTC time in quotes, `"2027-01-31T00:00:00Z"`, at which the retention rule is locked, 14 days ahead at least. From
    then on nobody, not even Oracle, can shorten or remove it. It cannot be undone. Default: never."""


class ConnectorSettings(Section):
    """A connector of your own."""

    source: str
    """`logs` (all logs of the environment), `audit` (of its compartment), `tenancyAudit` (only with
    `governance.managesTenancy`) or `metrics`."""

    target: str
    """`bucket`, `topic`, `stream` or `function`. A topic takes only `audit` and `metrics`."""

    to: str
    """The target: a name in `storage.buckets`, `observability.topics` or `database.streaming.streams`, or the OCID of a
    function."""

    namespaces: tuple[str, ...] = ()
    """Metric namespaces with the source `metrics`. Each begins with `oci_`."""


class Logs(Section):
    """Logs of the environment's services, in one log group."""

    retention_days: int = CIS_DAYS
    """Retention in days: 30, 60, 90, 120, 150 or 180. CIS asks for 90 at least."""

    bucket_reads: bool = False
    """Whether reads of objects are logged too. Each download of weights is then an entry. Writes are always logged."""

    unverified: bool = False
    """Whether to create the logs of cache, PostgreSQL and vault too. Their names are known only from third-party code:
    if OCI refuses one, `up` fails."""

    keep_days: int | None = None
    """Days for which a bucket keeps a copy of all these logs. Default: no copy."""

    containers: ContainerLogSettings | None = None
    """Logs of the containers. Default: none; Logging is billed by volume."""

    audit: AuditSettings | None = None
    """Audit events of the whole tenancy, kept for years. Default: the Audit service alone."""

    connectors: dict[Name, ConnectorSettings] = Field(default_factory=dict[str, ConnectorSettings])
    """Connectors of your own, by a name that you choose."""

    @property
    def of_the_tenancy(self) -> Sequence[str]:
        """Keys that only the stack with `governance.managesTenancy` may set."""
        moved = [name for name, each in self.connectors.items() if each.source == TENANCY_AUDIT]
        return [*(["audit"] if self.audit else []), *(f"connectors.{name}" for name in moved)]

    @property
    def archives(self) -> Sequence[str]:
        """Names of the buckets that keep logs."""
        wanted = {LOG_ARCHIVE: self.keep_days is not None, AUDIT_ARCHIVE: self.audit is not None}
        return [name for name, used in wanted.items() if used]
