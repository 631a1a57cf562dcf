"""Logs and health checks: nouns whose settings and component refuse the same values."""

from functools import partial

from components.observability.audit_retention import AuditChoices, AuditRetention, AuditRetentionArgs
from components.observability.connector import Connector, ConnectorArgs, ConnectorChoices
from components.observability.container_logs import ContainerLogChoices, ContainerLogs, ContainerLogsArgs
from components.observability.health_check import HealthCheck, HealthCheckArgs, HealthCheckChoices
from tests.infra.settings.nouns.noun import Noun, Values


def _logs(**values: object) -> Values:
    return {"logs": values}


LOGS: tuple[Noun, ...] = (
    Noun(
        choices=ConnectorChoices,
        path="observability.logs.connectors.mine",
        section=lambda values: _logs(connectors={"mine": {"to": "here", **_without_none(values)}}),
        component=Connector,
        args=partial(ConnectorArgs, compartment_id="c", source_compartment_id="c", target_id="t"),
        base={"source": "audit", "target": "topic"},
    ),
    Noun(
        choices=ContainerLogChoices,
        path="observability.logs.containers",
        section=lambda values: _logs(containers=values),
        component=ContainerLogs,
        args=partial(ContainerLogsArgs, compartment_id="c", log_group_id="g", dynamic_group_ids=["n"]),
    ),
    Noun(
        choices=AuditChoices,
        path="observability.logs.audit",
        section=lambda values: _logs(audit=_without_none(values)),
        component=AuditRetention,
        args=partial(AuditRetentionArgs, tenancy_id="t"),
    ),
    Noun(
        choices=HealthCheckChoices,
        path="observability.healthChecks.one",
        section=lambda values: {"healthChecks": {"one": _without_none(values)}},
        component=HealthCheck,
        args=partial(HealthCheckArgs, compartment_id="c", targets=["www.example.com"]),
    ),
)


def _without_none(values: Values) -> Values:
    return {key: value for key, value in values.items() if value is not None}
