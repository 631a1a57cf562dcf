"""Connector Hub: connectors from logs, metrics and streams to a target.

Source of the rules: `facts/connectors.py`. The status and the words of the refusals are unverified.
"""

from collections.abc import Iterator
from typing import Any, Final

from facts.connectors import (
    AUDIT,
    BUCKET,
    FUNCTION,
    METRIC_PREFIX,
    NEEDED,
    PRINCIPAL,
    STREAM,
    TARGET_VARIABLE,
    TOPIC,
    WHOLE_AUDIT,
)
from facts.metrics import namespaces
from facts.policies import Anyone, Statement, Unreadable, parse_statement
from facts.policies.conditions import holds, tests
from facts.policies.words import VERBS
from facts.problem import nearest
from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule, warning
from sandbox.oci.rules.grantees import covers
from sandbox.oci.rules.reading import blocks, texts
from sandbox.oci.rules.references import refers
from sandbox.oci.services.identity.policies import POLICY
from sandbox.oci.services.logging import GROUP, LOG
from sandbox.oci.services.object_storage.buckets import BUCKET as BUCKETS
from sandbox.oci.services.object_storage.buckets import find_bucket, no_such_bucket

CONNECTOR: Final = "oci:Sch/connector:Connector"

describe(CONNECTOR, ocid="serviceconnector")
# A log group may be `_Audit` too, and that of Log Analytics is of another type.
refers(CONNECTOR, logGroupId=())


_REQUIRED: Final = {
    "functions": ("functionId",),
    "loggingAnalytics": ("logGroupId",),
    "monitoring": ("metric", "metricNamespace"),
    "notifications": ("topicId",),
    "objectStorage": ("bucket",),
    "streaming": ("streamId",),
}
"""What each kind of target needs, by the SDK's `*TargetDetails`."""
_SOURCES: Final = {"logging": "logSources", "monitoring": "monitoringSources", "streaming": "streamId"}
_KINDS: Final = {"source": (*_SOURCES, "plugin"), "target": (*_REQUIRED,)}
"""Kinds of ends, by the SDK's `SourceDetails` and `TargetDetails`."""


@rule(CONNECTOR, on="create update")
def kinds(call: Call) -> None:
    """400 for an unknown kind of source or target."""
    for end, known in _KINDS.items():
        for each in blocks(call.inputs, end):
            if each.get("kind") not in known:
                raise invalid_parameter(
                    f"{end}.kind must be one of {', '.join(known)}, not {each.get('kind')}."
                )


@rule(CONNECTOR, on="create update")
def ends(call: Call) -> None:
    """400 for a source or target without what its kind needs."""
    for source in blocks(call.inputs, "source"):
        needed = _SOURCES.get(str(source.get("kind")))
        if needed and not source.get(needed):
            raise invalid_parameter(f"source.{needed} is required for kind {source.get('kind')}.")
    for target in blocks(call.inputs, "target"):
        for name in _REQUIRED.get(str(target.get("kind")), ()):
            if not target.get(name):
                raise invalid_parameter(f"target.{name} is required for kind {target.get('kind')}.")


@rule(CONNECTOR, on="create update")
def logs(call: Call) -> None:
    """404 for a log group or log that does not exist. 400 for other logs than `_Audit` to a topic."""
    kinds = [target.get("kind") for target in blocks(call.inputs, "target")]
    for source in blocks(call.inputs, "source", "logSources"):
        group, log = str(source.get("logGroupId")), source.get("logId")
        if TOPIC in kinds and group != AUDIT:
            raise invalid_parameter(
                f"logGroupId {group}: for the Notifications target, only {AUDIT} is allowed."
            )
        if group in (AUDIT, WHOLE_AUDIT):
            continue
        if not group.startswith("ocid1."):
            raise invalid_parameter(f"logGroupId {group} must be {AUDIT}, {WHOLE_AUDIT} or an OCID.")
        call.cloud.require(group, GROUP, path="logGroupId", region=call.region)
        if log:
            call.cloud.require(str(log), LOG, path="logId", region=call.region)


@rule(CONNECTOR, on="create update")
def metrics(call: Call) -> None:
    """400 for metrics of no namespace, or of one that does not begin with `oci_`."""
    for each in blocks(call.inputs, "source", "monitoringSources"):
        if not blocks(each, "namespaceDetails", "namespaces"):
            raise invalid_parameter("namespaceDetails.namespaces is required for kind monitoring.")
    chosen = blocks(call.inputs, "source", "monitoringSources", "namespaceDetails", "namespaces")
    for each in chosen:
        namespace = str(each.get("namespace"))
        if not namespace.startswith(METRIC_PREFIX):
            raise invalid_parameter(f"namespace {namespace} must start with {METRIC_PREFIX}.")


@warning(CONNECTOR, on="create update")
def unknown_namespace(call: Call) -> str | None:
    """OCI creates a connector of a misspelt namespace. It then moves nothing."""
    chosen = blocks(call.inputs, "source", "monitoringSources", "namespaceDetails", "namespaces")
    for namespace in (str(each.get("namespace")) for each in chosen):
        meant = None if namespace in namespaces() else nearest(namespace, namespaces(), cutoff=0.9)
        if meant:
            return f"no namespace {namespace} is known, so nothing may arrive. Did you mean `{meant}`?"
    return None


@rule(CONNECTOR, on="create update")
def bucket(call: Call) -> None:
    """404 for a bucket that does not exist in the connector's region."""
    for target in blocks(call.inputs, "target"):
        if target.get("kind") == BUCKET and _bucket(call.cloud, target, call.region) is None:
            raise no_such_bucket(target.get("namespace"), target.get("bucket"))


@warning(CONNECTOR, on="create update")
def connector_grant(call: Call) -> str | None:
    """OCI creates such a connector. It then delivers nothing, and is deactivated after days of errors."""
    for target in blocks(call.inputs, "target"):
        for verb, resource in NEEDED.get(str(target.get("kind")), ()):
            if not _granted(call, target, verb, resource):
                return (
                    f"no policy allows connectors of this compartment to {verb} {resource} of the target, so "
                    f"nothing arrives there"
                )
    return None


def _granted(call: Call, target: dict[str, Any], verb: str, resource: str) -> bool:
    place = _compartment_of(call, target)
    return place is None or any(
        _allows(call, statement, target, verb, resource)
        and covers(call.cloud, str(statement.place).removeprefix("compartment "), place)
        for statement in _statements(call.cloud)
    )


def _statements(cloud: Cloud) -> Iterator[Statement]:
    for policy in cloud.all(POLICY):
        for text in texts(policy.inputs, "statements"):
            statement = parse_statement(text)
            if not isinstance(statement, Unreadable) and isinstance(statement.subject, Anyone):
                yield statement


def _allows(call: Call, statement: Statement, target: dict[str, Any], verb: str, resource: str) -> bool:
    if statement.resource.lower() not in _WITH[resource] or VERBS.index(statement.verb.lower()) < VERBS.index(
        verb
    ):
        return False
    kind = str(target.get("kind"))
    known = {
        "request.principal.type": PRINCIPAL,
        "request.principal.compartment.id": str(call.inputs.get("compartmentId")),
        TARGET_VARIABLE.get(kind, ""): str(target.get("bucket" if kind == BUCKET else "streamId")),
    }
    named = {test.variable.lower() for test in tests(statement.where)}
    return "request.principal.type" in named and holds(statement.where, known)


_WITH: Final = {
    "objects": ("objects", "object-family", "all-resources"),
    "stream-push": ("stream-push", "stream-family", "all-resources"),
    "ons-topics": ("ons-topics", "ons-family", "all-resources"),
    "fn-function": ("fn-function", "functions-family", "all-resources"),
    "fn-invocation": ("fn-invocation", "functions-family", "all-resources"),
}
"""A resource type, and the families that contain it (the policy references of these services)."""


def _compartment_of(call: Call, target: dict[str, Any]) -> str | None:
    kind = target.get("kind")
    if kind == BUCKET:
        found = _bucket(call.cloud, target, call.region)
        return found.compartment_id if found else None
    named = {STREAM: "streamId", TOPIC: "topicId", FUNCTION: "functionId"}.get(str(kind))
    entry = call.cloud.find(str(target.get(named))) if named else None
    return entry.compartment_id if entry and not entry.assumed else None


def _bucket(cloud: Cloud, target: dict[str, Any], region: str) -> Entry | None:
    namespace, name = target.get("namespace"), target.get("bucket")
    if namespace is not None:
        return find_bucket(cloud, namespace, name, region)
    return next((each for each in cloud.all(BUCKETS, region=region) if each.inputs.get("name") == name), None)


_CLIENT: Final = "sch.ServiceConnectorClient"
endpoint(
    CONNECTOR, _CLIENT, "service_connector", names={"target.bucketName": "bucket", "bucketName": "bucket"}
)


@answers(_CLIENT, "activate_service_connector", "deactivate_service_connector")
def switch(request: Request) -> Response:
    """Switch a connector on or off. 409 if it already is."""
    on = request.operation.name == "ActivateServiceConnector"
    before, after = ("INACTIVE", "ACTIVE") if on else ("ACTIVE", "INACTIVE")
    return act(endpoint_of(CONNECTOR), request, {"state": after}, needs=before)
