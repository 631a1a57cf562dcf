"""Logging: log groups and logs."""

from typing import Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import changed, required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import number, one_of

GROUP: Final = "oci:Logging/logGroup:LogGroup"
LOG: Final = "oci:Logging/log:Log"

keep_while_used(GROUP, by=(LOG,), refusal=lambda target, _: conflict(f"Log group {target} is not empty"))


@rule(GROUP)
def group_name(call: Call) -> None:
    """409 for a name that the compartment already has."""
    name, compartment = call.inputs.get("displayName"), str(call.inputs.get("compartmentId"))
    others = call.cloud.all(GROUP, region=call.region, compartment_id=compartment)
    if any(each.inputs.get("displayName") == name for each in others):
        raise conflict(f"Log group with name {name} already exists in compartment {compartment}")


@rule(LOG, on="create update")
def log(call: Call) -> None:
    """400 unless the type is service or custom and the retention 30 to 180 days in steps of 30."""
    refusal = one_of("logType", call.inputs.get("logType"), ("SERVICE", "CUSTOM"))
    if refusal:
        raise refusal
    days = number(call.inputs, "retentionDuration")
    if days is not None and (not 30 <= days <= 180 or days % 30):
        raise invalid_parameter(f"retentionDuration {days:g} must be 30 to 180 days in increments of 30.")


@rule(LOG)
def log_name(call: Call) -> None:
    """409 for a name that the log group already has."""
    name = call.inputs.get("displayName")
    for other in call.cloud.referrers(str(call.inputs.get("logGroupId"))):
        if other.token == LOG and other.inputs.get("displayName") == name:
            raise conflict(f"Log with name {name} already exists in the log group")


_CLIENT = "logging.LoggingManagementClient"
endpoint(GROUP, _CLIENT, "log_group")
endpoint(LOG, _CLIENT, "log")


@answers(_CLIENT, "change_log_log_group")
def change_group(request: Request) -> Response:
    """Put a log in another log group."""
    found, target = endpoint_of(LOG), request.body.get("targetLogGroupId")
    entry = required(found, request)
    request.cloud.require(str(target), GROUP, path="targetLogGroupId", region=request.account.region)
    return changed(found, request, entry, {"logGroupId": target})
