"""Flow logs: capture filters, and the logs that use them."""

from typing import Final

from facts.load_balancing import FLOW_LOG_KINDS, MOST_SAMPLED
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.services.logging import LOG
from sandbox.oci.services.network.security import ports_in_order

FILTER: Final = "oci:Core/captureFilter:CaptureFilter"
keep_while_used(
    FILTER,
    by=(LOG,),
    refusal=lambda used, _: conflict(f"Capture filter {used} is in use by a flow log.", "IncorrectState"),
)
_CATEGORIES: Final = {"vcn": "vcn", "subnet": "subnet", "vnic": "vnic", "all": "subnet"}
"""Category -> the type of resource that it logs."""


@rule(FILTER, on="create update")
def capture_filter(call: Call) -> None:
    """400 for rules of another kind than the filter's, invalid or repeated priorities, or too low sampling rates."""
    kind = str(call.inputs.get("filterType")).upper()
    refusal = one_of("filterType", kind, ("FLOWLOG", "VTAP"))
    if refusal:
        raise refusal
    rules = blocks(call.inputs, "flowLogCaptureFilterRules")
    if kind == "FLOWLOG" and not rules:
        raise invalid_parameter("flowLogCaptureFilterRules is required for a filter of type FLOWLOG.")
    if kind == "VTAP" and rules:
        raise invalid_parameter("flowLogCaptureFilterRules is not allowed for a filter of type VTAP.")
    taken: set[float] = set()
    for each in rules:
        refusal = one_of("flowLogType", each.get("flowLogType"), FLOW_LOG_KINDS)
        refusal = refusal or one_of("ruleAction", each.get("ruleAction"), ("INCLUDE", "EXCLUDE"))
        if refusal:
            raise refusal
        rate, priority = number(each, "samplingRate"), number(each, "priority") or 0
        if rate is not None and not 1 <= rate <= MOST_SAMPLED:
            raise invalid_parameter(f"samplingRate {rate:g} must be between 1 and {MOST_SAMPLED}.")
        if not 0 <= priority <= 9 or priority in taken:
            raise invalid_parameter(f"priority {priority:g} must be between 0 and 9, and distinct.")
        taken.add(priority)


@rule(LOG, on="create update")
def flow_log(call: Call) -> None:
    """400 for a category that does not log the resource, or a filter that does not exist."""
    for source in blocks(call.inputs, "configuration", "source"):
        if source.get("service") != "flowlogs":
            continue
        category, resource = str(source.get("category")), str(source.get("resource"))
        refusal = one_of("category", category, tuple(_CATEGORIES))
        if refusal:
            raise refusal
        if not resource.startswith(f"ocid1.{_CATEGORIES[category]}."):
            raise invalid_parameter(f"Resource {resource} is not valid for category {category} of flowlogs.")
        for parameters in blocks(source, "parameters"):
            chosen = parameters.get("capture_filter")
            if chosen:
                call.cloud.require(str(chosen), FILTER, path="capture_filter", region=call.region)


@rule(LOG)
def source_once(call: Call) -> None:
    """409 for a second log of the same category for a resource."""
    for source in blocks(call.inputs, "configuration", "source"):
        resource, category = str(source.get("resource")), source.get("category")
        for other in call.cloud.referrers(resource):
            if other.token != LOG:
                continue
            for theirs in blocks(other.inputs, "configuration", "source"):
                if theirs.get("resource") == resource and theirs.get("category") == category:
                    raise conflict(f"A log for resource {resource} and category {category} already exists.")


@rule(FILTER, on="create update")
def filter_ports(call: Call) -> None:
    """400 for a port range whose first port is above its last one."""
    for kind in ("flowLogCaptureFilterRules", "vtapCaptureFilterRules"):
        for options in ("tcpOptions", "udpOptions"):
            for side in ("sourcePortRange", "destinationPortRange"):
                ports_in_order(call, kind, options, side)
