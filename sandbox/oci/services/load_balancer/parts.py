"""Parts of a load balancer: backend sets, backends, listeners, rule sets, routing policies."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any, Final

from facts.load_balancing import (
    CIPHER_SUITES,
    HEALTH_INTERVAL_MS,
    HEALTH_TIMEOUT_MS,
    IDLE_SECONDS,
    LONGEST_NAME,
    MOST_BACKEND_SETS,
    MOST_LISTENERS,
    POLICIES,
    REDIRECTS,
    TLS_PROTOCOLS,
)
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, number, one_of, texts
from sandbox.oci.rules.wording import limit_exceeded

SET: Final = "oci:LoadBalancer/backendSet:BackendSet"
BACKEND: Final = "oci:LoadBalancer/backend:Backend"
LISTENER: Final = "oci:LoadBalancer/listener:Listener"
RULE_SET: Final = "oci:LoadBalancer/ruleSet:RuleSet"
ROUTES: Final = "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy"
SUITE: Final = "oci:LoadBalancer/sslCipherSuite:SslCipherSuite"

_PARTS: Final = "loadBalancers/{loadBalancerId}"
describe(SET, id=f"{_PARTS}/backendSets/{{name}}")
describe(BACKEND, id=f"{_PARTS}/backendSets/{{backendsetName}}/backends/{{ipAddress}}:{{port}}")
describe(LISTENER, id=f"{_PARTS}/listeners/{{name}}")
describe(RULE_SET, id=f"{_PARTS}/ruleSets/{{name}}")
describe(ROUTES, id=f"{_PARTS}/routingPolicies/{{name}}")
describe(SUITE, id=f"{_PARTS}/sslCipherSuites/{{name}}")
describe("oci:LoadBalancer/certificate:Certificate", id=f"{_PARTS}/certificates/{{certificateName}}")
describe("oci:LoadBalancer/hostname:Hostname", id=f"{_PARTS}/hostnames/{{name}}")
describe("oci:LoadBalancer/pathRouteSet:PathRouteSet", id=f"{_PARTS}/pathRouteSets/{{name}}")

_SET_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_NAME}}}")
_RULE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST: Final = {
    SET: (MOST_BACKEND_SETS, "lb-backend-set-count"),
    LISTENER: (MOST_LISTENERS, "lb-listener-count"),
}


def _parts(call: Call, token: str) -> Iterator[Entry]:
    balancer = str(call.inputs.get("loadBalancerId"))
    mine = call.old.id if call.old else ""
    for each in call.cloud.referrers(balancer):
        if each.token == token and each.inputs.get("loadBalancerId") == balancer and each.id != mine:
            yield each


def _has(call: Call, token: str, name: object) -> bool:
    return any(each.inputs.get("name") == name for each in _parts(call, token))


def _lacks(call: Call, token: str, name: object) -> bool:
    """Whether a part is known to be missing. An assumed balancer may have any part."""
    balancer = call.cloud.find(str(call.inputs.get("loadBalancerId")))
    return not (balancer and balancer.assumed) and not _has(call, token, name)


def _require_set(call: Call, name: object) -> None:
    if name and _lacks(call, SET, name):
        raise invalid_parameter(
            f"Backend set '{name}' does not exist in load balancer {call.inputs.get('loadBalancerId')}"
        )


@rule(SET, LISTENER)
def number_of_parts(call: Call) -> None:
    """400 for more than 16 listeners or 16 backend sets on a balancer."""
    most, limit = _MOST[call.token]
    if sum(1 for _ in _parts(call, call.token)) >= most:
        raise limit_exceeded(limit)


@rule(SET, LISTENER, RULE_SET, ROUTES)
def part_name(call: Call) -> None:
    """409 for a name that the balancer already has."""
    name, kind = call.inputs.get("name"), call.token.rsplit(":", 1)[1]
    if _has(call, call.token, name):
        raise conflict(f"{kind} '{name}' already exists in the load balancer", "InvalidParameter")


@rule(SET, on="create update")
def backend_set(call: Call) -> None:
    """400 for other characters than letters, digits, - and _, an unknown policy, or a health check out of range."""
    name = str(call.inputs.get("name"))
    if not _SET_NAME.fullmatch(name):
        raise invalid_parameter(
            f"Invalid backend set name '{name}': letters, digits, '-' and '_', at most 32."
        )
    refusal = one_of("policy", call.inputs.get("policy"), POLICIES)
    if refusal:
        raise refusal
    for check in blocks(call.inputs, "healthChecker"):
        _health_check(check)


def _health_check(check: dict[str, Any]) -> None:
    refusal = one_of("protocol", check.get("protocol"), ("HTTP", "TCP"))
    if refusal:
        raise refusal
    if str(check.get("protocol")).upper() == "HTTP" and not str(check.get("urlPath") or "").startswith("/"):
        raise invalid_parameter(
            "urlPath is required for a health check of protocol HTTP, and begins with '/'."
        )
    interval, timeout = number(check, "intervalMs"), number(check, "timeoutInMillis")
    for field, value, (low, high) in (
        ("intervalInMillis", interval, HEALTH_INTERVAL_MS),
        ("timeoutInMillis", timeout, HEALTH_TIMEOUT_MS),
    ):
        if value is not None and not low <= value <= high:
            raise invalid_parameter(f"{field} {value:g} must be between {low} and {high}.")
    if interval is not None and timeout is not None and timeout > interval:
        raise invalid_parameter(f"timeoutInMillis {timeout:g} must not be greater than intervalInMillis.")


@rule(BACKEND, on="create update")
def backend(call: Call) -> None:
    """400 unless the backend's set exists and it has a valid address and port."""
    _require_set(call, call.inputs.get("backendsetName"))
    address = str(call.inputs.get("ipAddress"))
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise invalid_parameter(f"ipAddress '{address}' is not a valid IP address.") from None
    _port(call.inputs)


def _port(inputs: dict[str, Any]) -> None:
    port = number(inputs, "port")
    if port is None or not 1 <= port <= 65_535:
        raise invalid_parameter(f"port {inputs.get('port')} must be between 1 and 65535.")


@rule(LISTENER, on="create update")
def listener(call: Call) -> None:
    """400 for a port in use, an unknown protocol, a missing set, policy or rule set, or an invalid idle timeout."""
    _port(call.inputs)
    protocol = str(call.inputs.get("protocol")).upper()
    refusal = one_of("protocol", protocol, ("HTTP", "HTTP2", "GRPC", "TCP"))
    if refusal:
        raise refusal
    port = number(call.inputs, "port")
    # Listeners can share a port only with host names, which this toolkit does not use.
    if any(number(each.inputs, "port") == port for each in _parts(call, LISTENER)):
        raise invalid_parameter(f"A listener on port {port:g} already exists in the load balancer.")
    _require_set(call, call.inputs.get("defaultBackendSetName"))
    routes = call.inputs.get("routingPolicyName")
    if routes and protocol == "TCP":
        raise invalid_parameter("routingPolicyName is not supported for a listener of protocol TCP.")
    if routes and _lacks(call, ROUTES, routes):
        raise invalid_parameter(f"Routing policy '{routes}' does not exist in the load balancer.")
    for name in texts(call.inputs, "ruleSetNames"):
        if _lacks(call, RULE_SET, name):
            raise invalid_parameter(f"Rule set '{name}' does not exist in the load balancer.")
    low, high = IDLE_SECONDS
    for each in blocks(call.inputs, "connectionConfiguration"):
        seconds = number(each, "idleTimeoutInSeconds")
        if seconds is None or not low <= seconds <= high:
            raise invalid_parameter(f"idleTimeout must be between {low} and {high} seconds.")


@rule(LISTENER, SET, on="create update")
def tls(call: Call) -> None:
    """400 for an unknown protocol, a cipher suite without ciphers for it, or more or fewer than one certificate."""
    for each in blocks(call.inputs, "sslConfiguration"):
        refusal = _tls_refusal(call, each)
        if refusal:
            raise refusal


def _tls_refusal(call: Call, given: dict[str, Any]) -> OciError | None:
    protocols = texts(given, "protocols")
    for protocol in protocols:
        if protocol not in TLS_PROTOCOLS:
            return invalid_parameter(f"Protocol {protocol} is not supported: {', '.join(TLS_PROTOCOLS)}.")
    suite = given.get("cipherSuiteName")
    if suite and suite not in CIPHER_SUITES and _lacks(call, SUITE, suite):
        return invalid_parameter(f"Cipher suite '{suite}' does not exist.")
    missing = [each for each in protocols if suite in CIPHER_SUITES and each not in CIPHER_SUITES[str(suite)]]
    if missing:
        return invalid_parameter(f"Cipher suite '{suite}' has no ciphers for protocol {', '.join(missing)}.")
    certificates = texts(given, "certificateIds")
    if len(certificates) > 1:
        return invalid_parameter("certificateIds: only one certificate may be passed.")
    if call.token == LISTENER and not certificates and not given.get("certificateName"):
        return invalid_parameter("sslConfiguration requires certificateIds or certificateName.")
    return None


@rule(RULE_SET, on="create update")
def redirects(call: Call) -> None:
    """400 for a redirect with another code than HTTP's five, or without conditions on the path."""
    for each in blocks(call.inputs, "items"):
        if str(each.get("action")).upper() != "REDIRECT":
            continue
        code = number(each, "responseCode")
        if code is not None and code not in REDIRECTS:
            raise invalid_parameter(f"responseCode {code:g} must be one of {', '.join(map(str, REDIRECTS))}.")
        if not blocks(each, "conditions"):
            raise invalid_parameter("conditions is required for a rule of action REDIRECT.")


@rule(ROUTES, on="create update")
def routes(call: Call) -> None:
    """400 for a rule with an invalid name, without a condition, or to a set that does not exist."""
    for each in blocks(call.inputs, "rules"):
        name = str(each.get("name"))
        if not _RULE_NAME.fullmatch(name):
            raise invalid_parameter(f"Invalid rule name '{name}': letters, digits and '_', a letter first.")
        condition = str(each.get("condition") or "")
        if condition.count("(") != condition.count(")") or "http.request" not in condition:
            raise invalid_parameter(f"Invalid condition in rule '{name}': {condition}")
        for action in blocks(each, "actions"):
            _require_set(call, action.get("backendSetName"))


@rule(SET, on="delete")
def set_is_free(call: Call) -> None:
    """400 while a listener or a routing policy uses the set."""
    name = call.inputs.get("name")
    for each in (*_parts(call, LISTENER), *_parts(call, ROUTES)):
        used = {action.get("backendSetName") for action in blocks(each.inputs, "rules", "actions")}
        if name in {each.inputs.get("defaultBackendSetName"), *used}:
            kind = each.token.rsplit(":", 1)[1]
            raise invalid_parameter(f"Backend set '{name}' is used by {kind} '{each.inputs.get('name')}'.")
