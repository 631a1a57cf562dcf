"""Health Checks: HTTP monitors from vantage points outside of OCI.

Source: `facts/health_checks.py`. The words of the refusals are unverified.
"""

from typing import Any, Final

from facts.health_checks import (
    FORBIDDEN_HEADER,
    INTERVALS,
    METHODS,
    PROTOCOLS,
    TIMEOUTS,
    VANTAGE_POINTS,
)
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import Query, function
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import number, one_of, texts

MONITOR: Final = "oci:HealthChecks/httpMonitor:HttpMonitor"


@rule(MONITOR, on="create update")
def times(call: Call) -> None:
    """400 for another interval or timeout than offered, or a timeout that is longer than the interval."""
    interval, timeout = (number(call.inputs, name) for name in ("intervalInSeconds", "timeoutInSeconds"))
    if interval not in INTERVALS:
        raise invalid_parameter(f"intervalInSeconds must be one of {', '.join(map(str, INTERVALS))}.")
    if timeout is not None and timeout not in TIMEOUTS:
        raise invalid_parameter(f"timeoutInSeconds must be one of {', '.join(map(str, TIMEOUTS))}.")
    if timeout is not None and timeout > interval:
        raise invalid_parameter("timeoutInSeconds must be less than or equal to intervalInSeconds.")


@rule(MONITOR, on="create update")
def probe(call: Call) -> None:
    """400 without targets, for one with a scheme or path, another protocol, port or method, and `Authorization`."""
    if not texts(call.inputs, "targets"):
        raise invalid_parameter("targets size must be at least 1")
    for each in texts(call.inputs, "targets"):
        if not each.strip() or any(sign in each for sign in "/ "):
            raise invalid_parameter(f"targets: {each} must be a host name or an IP address.")
    refusal = one_of("protocol", call.inputs.get("protocol"), PROTOCOLS)
    refusal = refusal or one_of("method", call.inputs.get("method"), METHODS)
    if refusal:
        raise refusal
    port = number(call.inputs, "port")
    if port is not None and not 1 <= port <= 65_535:
        raise invalid_parameter(f"port {port:g} must be between 1 and 65535.")
    for name in call.inputs.get("headers") or {}:
        if str(name).lower() == FORBIDDEN_HEADER:
            raise invalid_parameter("headers: monitors and probes do not support the Authorization header.")


endpoint(MONITOR, "healthchecks.HealthChecksClient", "http_monitor", names={"monitorId": "id"})


@computed(MONITOR)
def monitor_outputs(context: CreateContext) -> dict[str, Any]:
    return {
        "homeRegion": context.region,
        "resultsUrl": f"https://healthchecks.{context.region}.oraclecloud.com/20180501/httpProbeResults/{context.id}",
    }


@function("oci:HealthChecks/getVantagePoints:getVantagePoints")
def vantage_points(query: Query) -> dict[str, Any]:
    """The known points. Their routes are not in the answer: the API gives them only on request."""
    wanted = query.args.get("name")
    found = [{"name": name, "routings": []} for name in VANTAGE_POINTS if wanted in (None, name)]
    return {"healthChecksVantagePoints": found}
