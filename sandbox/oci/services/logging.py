"""Logging: log groups, logs, and configurations of the agent that sends them.

Sources of what a log may name: `facts/data/log-services.yaml`. The status and the words of these refusals are
unverified.
"""

from typing import Final

from facts.log_services import LOG_DAYS, NAME, log_services
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule, warning
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number, one_of, texts

GROUP: Final = "oci:Logging/logGroup:LogGroup"
LOG: Final = "oci:Logging/log:Log"

keep_while_used(GROUP, by=(LOG,), refusal=lambda target, _: conflict(f"Log group {target} is not empty"))


@rule(GROUP)
def group_name(call: Call) -> None:
    """409 for a name that the compartment already has."""
    _refuse_taken_name(call, "Log group")


def _refuse_taken_name(call: Call, noun: str) -> None:
    name, compartment = call.inputs.get("displayName"), str(call.inputs.get("compartmentId"))
    others = call.cloud.all(call.token, region=call.region, compartment_id=compartment)
    if any(each.inputs.get("displayName") == name for each in others):
        raise conflict(f"{noun} with name {name} already exists in compartment {compartment}")


@rule(LOG, on="create update")
def log(call: Call) -> None:
    """400 unless the type is service or custom and the retention 30 to 180 days in steps of 30."""
    refusal = one_of("logType", call.inputs.get("logType"), ("SERVICE", "CUSTOM"))
    if refusal:
        raise refusal
    days = number(call.inputs, "retentionDuration")
    if days is not None and days not in LOG_DAYS:
        raise invalid_parameter(f"retentionDuration {days:g} must be 30 to 180 days in increments of 30.")


@rule(LOG, on="create update")
def log_source(call: Call) -> None:
    """400 for a service log without a source, an unknown service or category, or a resource of another kind."""
    sources = blocks(call.inputs, "configuration", "source")
    if call.inputs.get("logType") == "SERVICE" and not sources:
        raise invalid_parameter("configuration is required for a log of type SERVICE.")
    for source in sources:
        service, category = str(source.get("service")).lower(), source.get("category")
        refusal = one_of("service", service, tuple(log_services()))
        refusal = refusal or one_of("category", category, log_services()[service].categories)
        refusal = refusal or one_of("sourceType", source.get("sourceType"), ("OCISERVICE",))
        if refusal:
            raise refusal
        if not category:
            raise invalid_parameter("configuration.source.category is required.")
        resource, kind = str(source.get("resource")), log_services()[service].resource
        parts = resource.split(".")
        fits = parts[0] != "ocid1" if kind == NAME else parts[:2] == ["ocid1", kind]
        if kind and not fits:
            raise invalid_parameter(f"Resource {resource} is not valid for service {service}.")


@warning(LOG)
def unverified_source(call: Call) -> str | None:
    """No page of Oracle's has the names."""
    for source in blocks(call.inputs, "configuration", "source"):
        service = str(source.get("service")).lower()
        unverified = log_services()[service].unverified
        if unverified:
            return f"log of {service}: {unverified} is unverified. `oci logging service list` shows the current names"
    return None


@rule(LOG)
def log_name(call: Call) -> None:
    """409 for a name that the log group already has."""
    name = call.inputs.get("displayName")
    for other in call.cloud.referrers(str(call.inputs.get("logGroupId"))):
        if other.token == LOG and other.inputs.get("displayName") == name:
            raise conflict(f"Log with name {name} already exists in the log group")


AGENT: Final = "oci:Logging/unifiedAgentConfiguration:UnifiedAgentConfiguration"


@rule(AGENT, on="create update")
def agent_configuration(call: Call) -> None:
    """400 unless a logging configuration has sources and a log; each source that tails files needs paths."""
    for service in blocks(call.inputs, "serviceConfiguration"):
        if service.get("configurationType") != "LOGGING":
            continue
        if not blocks(service, "sources") or not blocks(service, "destination"):
            raise invalid_parameter(
                "serviceConfiguration of type LOGGING requires sources and a destination."
            )
        for source in blocks(service, "sources"):
            refusal = one_of(
                "sourceType", source.get("sourceType"), ("LOG_TAIL", "CUSTOM_PLUGIN", "WINDOWS_EVENT_LOG")
            )
            if refusal:
                raise refusal
            if source.get("sourceType") == "LOG_TAIL" and not texts(source, "paths"):
                raise invalid_parameter(f"paths is required for source {source.get('name')}.")


@rule(AGENT)
def agent_name(call: Call) -> None:
    """409 for a name that another configuration of the compartment has."""
    _refuse_taken_name(call, "Agent configuration")


@rule(AGENT, on="create update")
def agent_log(call: Call) -> None:
    """404 for a log that does not exist, 400 for one that a service writes."""
    for target in blocks(call.inputs, "serviceConfiguration", "destination"):
        log_id = str(target.get("logObjectId"))
        entry = call.cloud.require(log_id, LOG, path="logObjectId", region=call.region)
        if entry.inputs.get("logType") == "SERVICE":
            raise invalid_parameter(f"logObjectId {log_id} is not a custom log.")


_CLIENT = "logging.LoggingManagementClient"
endpoint(GROUP, _CLIENT, "log_group")
endpoint(LOG, _CLIENT, "log")
endpoint(AGENT, _CLIENT, "unified_agent_configuration")


@answers(_CLIENT, "change_log_log_group")
def change_group(request: Request) -> Response:
    """Put a log in another log group."""
    found, target = endpoint_of(LOG), request.body.get("targetLogGroupId")
    entry = required(found, request)
    request.cloud.require(str(target), GROUP, path="targetLogGroupId", region=request.account.region)
    return changed(found, request, entry, {"logGroupId": target})
