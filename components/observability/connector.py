"""A connector of Connector Hub: it moves logs or metrics to a bucket, a topic, a stream or a function."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import sch

from components.options import child
from facts.alarm_queries import NAMESPACE
from facts.checked_args import CheckedArgs
from facts.connectors import AUDIT, BUCKET, FUNCTION, METRIC_PREFIX, STREAM, TOPIC, WHOLE_AUDIT
from facts.metrics import namespaces as namespaces_known
from facts.problem import Problem, nearest, refuse, suggestion

_MISSPELT = 0.9
"""Similarity to a known namespace from which another one is a mistake. Oracle has more namespaces than this toolkit
watches, so other unknown ones are accepted."""

SOURCES = ("logs", "audit", "tenancyAudit", "metrics")
TARGETS: Mapping[str, str] = {"bucket": BUCKET, "topic": TOPIC, "stream": STREAM, "function": FUNCTION}
"""Kinds of targets, and their names in the API."""


@dataclass(frozen=True, kw_only=True)
class ConnectorArgs:
    """Arguments of a Connector."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the connector. The grant for the target names it."""

    source: str
    """`logs`: all logs of a log group. `audit`: the audit of one compartment. `tenancyAudit`: of a compartment and all
    below it. `metrics`: metrics of Oracle's namespaces."""

    source_compartment_id: pulumi.Input[str]
    """OCID of the compartment of the logs, audit events or metrics. `tenancyAudit`: the OCID of the tenancy."""

    target: str
    """`bucket`, `topic`, `stream` or `function`."""

    target_id: pulumi.Input[str]
    """OCID of the target. A bucket's name with `bucket`."""

    log_group_id: pulumi.Input[str] | None = None
    """OCID of the log group, only with the source `logs`."""

    namespaces: Sequence[str] | None = None
    """Metric namespaces, only with the source `metrics`. Each begins with `oci_`, so the GPU metrics of
    `gpu_infrastructure_health` cannot be moved."""

    bucket_namespace: pulumi.Input[str] | None = None
    """Object Storage namespace of the tenancy, only with the target `bucket`."""

    description: str | None = None
    """Purpose of the connector. Default: none."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class Connector(CheckedArgs, pulumi.ComponentResource):
    """A connector. It needs a grant for its target (`connector_grants`): without it, nothing arrives."""

    connector_id: pulumi.Output[str]
    """OCID of the connector."""

    def __init__(self, name: str, args: ConnectorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(connector_problems(args, path=name), f"the connector {name}")
        super().__init__("genai:index:Connector", name, {}, opts)
        connector = sch.Connector(
            f"{name}-connector",
            sch.ConnectorArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                description=args.description,
                source=_source(args),
                target=_target(args),
                state="ACTIVE",
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.connector_id = connector.id
        self.register_outputs({"connectorId": self.connector_id})


def _source(args: ConnectorArgs) -> "sch.ConnectorSourceArgs":
    if args.source == "metrics":
        chosen = [
            sch.ConnectorSourceMonitoringSourceNamespaceDetailsNamespaceArgs(
                namespace=namespace,
                metrics=sch.ConnectorSourceMonitoringSourceNamespaceDetailsNamespaceMetricsArgs(kind="all"),
            )
            for namespace in args.namespaces or ()
        ]
        details = sch.ConnectorSourceMonitoringSourceNamespaceDetailsArgs(kind="selected", namespaces=chosen)
        monitoring = sch.ConnectorSourceMonitoringSourceArgs(
            compartment_id=args.source_compartment_id, namespace_details=details
        )
        return sch.ConnectorSourceArgs(kind="monitoring", monitoring_sources=[monitoring])
    groups = {"audit": AUDIT, "tenancyAudit": WHOLE_AUDIT}
    logs = sch.ConnectorSourceLogSourceArgs(
        compartment_id=args.source_compartment_id,
        log_group_id=groups.get(args.source, args.log_group_id),
    )
    return sch.ConnectorSourceArgs(kind="logging", log_sources=[logs])


def _target(args: ConnectorArgs) -> "sch.ConnectorTargetArgs":
    kind, target = TARGETS[args.target], args.target_id
    if kind == BUCKET:
        return sch.ConnectorTargetArgs(kind=kind, bucket=target, namespace=args.bucket_namespace)
    if kind == TOPIC:
        return sch.ConnectorTargetArgs(kind=kind, topic_id=target)
    if kind == STREAM:
        return sch.ConnectorTargetArgs(kind=kind, stream_id=target)
    return sch.ConnectorTargetArgs(kind=kind, function_id=target)


class ConnectorChoices(Protocol):
    """The plain values of a connector, which the component's args and the settings both have."""

    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def namespaces(self) -> Sequence[str] | None: ...


def connector_problems(wanted: ConnectorChoices, *, path: str) -> Iterator[Problem]:
    """Unknown ends, ends that do not fit, and metrics that cannot be moved. Settings and component use the same
    messages."""
    source, target, namespaces = wanted.source, wanted.target, wanted.namespaces
    if source not in SOURCES:
        yield Problem.not_one_of(f"{path}.source", source, SOURCES)
    if target not in TARGETS:
        yield Problem.not_one_of(f"{path}.target", target, TARGETS)
    if target == "topic" and source in ("logs", "tenancyAudit"):
        fix = "Use a stream or a function for other logs"
        yield Problem(f"{path}.source", source, "must be audit or metrics: a topic takes no other logs", fix)
    if source == "metrics" and not namespaces:
        yield Problem(f"{path}.namespaces", None, "must name a namespace such as oci_lbaas")
    if source in SOURCES and source != "metrics" and namespaces:
        yield Problem(f"{path}.namespaces", [*namespaces], "must be left out: only metrics have namespaces")
    yield from _namespace_problems(namespaces or (), path=f"{path}.namespaces")


def _namespace_problems(namespaces: Sequence[str], *, path: str) -> Iterator[Problem]:
    for index, namespace in enumerate(namespaces):
        at = f"{path}[{index}]"
        if not namespace.startswith(METRIC_PREFIX):
            allowed = f"must begin with {METRIC_PREFIX}: connectors take no other metrics"
            yield Problem(at, namespace, allowed)
        elif not NAMESPACE.fullmatch(namespace):
            yield Problem(at, namespace, f"must be lower-case letters, digits and _ after {METRIC_PREFIX}")
        elif namespace in list(namespaces)[:index]:
            yield Problem(at, namespace, "must not be repeated")
        elif (meant := nearest(namespace, namespaces_known(), cutoff=_MISSPELT)) not in (None, namespace):
            allowed = "must be a namespace of OCI Monitoring: a connector of an unknown one moves nothing"
            yield Problem(at, namespace, allowed, suggestion(str(meant)))
