"""Web application firewalls: the actions and rules of a policy, and one firewall for each balancer."""

from typing import Any, Final

from facts.load_balancing import ACTIONS, MOST_INSPECTED_BYTES
from sandbox.oci.api.endpoints import endpoint
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.dependents import keep_while_used
from sandbox.oci.rules.reading import blocks, number, one_of
from sandbox.oci.rules.references import refers

POLICY: Final = "oci:Waf/appFirewallPolicy:AppFirewallPolicy"
FIREWALL: Final = "oci:Waf/appFirewall:AppFirewall"

describe(POLICY, ocid="webappfirewallpolicy")
describe(FIREWALL, ocid="webappfirewall")
refers(FIREWALL, webAppFirewallPolicyId=(POLICY,))
keep_while_used(
    POLICY,
    by=(FIREWALL,),
    refusal=lambda policy, _: conflict(
        f"WebAppFirewallPolicy {policy} is attached to a WebAppFirewall.", "IncorrectState"
    ),
)

_MODULES: Final = {
    "requestAccessControl": "ACCESS_CONTROL",
    "requestRateLimiting": "REQUEST_RATE_LIMITING",
    "requestProtection": "PROTECTION",
    "responseAccessControl": "ACCESS_CONTROL",
    "responseProtection": "PROTECTION",
}


@rule(POLICY, on="create update")
def actions(call: Call) -> None:
    """400 for an unknown type of action, a repeated name, or a response without a code."""
    names: set[str] = set()
    for each in blocks(call.inputs, "actions"):
        name, kind = str(each.get("name")), str(each.get("type")).upper()
        refusal = one_of("type", kind, ACTIONS)
        if refusal:
            raise refusal
        if name in names:
            raise invalid_parameter(f"actions: name '{name}' is not unique")
        names.add(name)
        if kind == "RETURN_HTTP_RESPONSE" and not number(each, "code"):
            raise invalid_parameter(f"actions: code is required for action '{name}' of type {kind}")


@rule(POLICY, on="create update")
def policy_rules(call: Call) -> None:
    """400 for a rule of another type than its module's, a repeated name, or an action that does not exist."""
    known = {str(each.get("name")) for each in blocks(call.inputs, "actions")}
    for module, kind in _MODULES.items():
        names: set[str] = set()
        for each in blocks(call.inputs, module, "rules"):
            name, action = str(each.get("name")), str(each.get("actionName"))
            if str(each.get("type")).upper() != kind:
                raise invalid_parameter(
                    f"{module}: rule '{name}' must be of type {kind}, not {each.get('type')}"
                )
            if name in names:
                raise invalid_parameter(f"{module}: rule name '{name}' is not unique")
            if action not in known:
                raise invalid_parameter(
                    f"{module}: action '{action}' of rule '{name}' is not defined in actions"
                )
            names.add(name)
            _limits(each)
            _capabilities(each)


def _limits(each: dict[str, Any]) -> None:
    for limit in blocks(each, "configurations"):
        for field, least in (("periodInSeconds", 1), ("requestsLimit", 1), ("actionDurationInSeconds", 0)):
            value = number(limit, field)
            if value is not None and value < least:
                raise invalid_parameter(f"{field} {value:g} must be greater than or equal to {least}.")


def _capabilities(each: dict[str, Any]) -> None:
    seen: set[tuple[str, float]] = set()
    for capability in blocks(each, "protectionCapabilities"):
        key, version = str(capability.get("key")), number(capability, "version") or 0
        if not (key.isascii() and key.isdecimal()) or version < 1:
            raise invalid_parameter(
                f"Protection capability with key {key} and version {version:g} does not exist."
            )
        if (key, version) in seen:
            raise invalid_parameter(
                f"Protection capability {key} version {version:g} is given more than once."
            )
        seen.add((key, version))


@rule(POLICY, on="create update")
def inspected_bytes(call: Call) -> None:
    """400 for the inspection of more than 8192 bytes of a body."""
    for each in blocks(call.inputs, "requestProtection"):
        size = number(each, "bodyInspectionSizeLimitInBytes")
        if size is not None and not 0 <= size <= MOST_INSPECTED_BYTES:
            raise invalid_parameter(f"bodyInspectionSizeLimitInBytes must be 0 to {MOST_INSPECTED_BYTES}.")


@rule(FIREWALL)
def one_firewall(call: Call) -> None:
    """409 for a second firewall on a balancer."""
    balancer = str(call.inputs.get("loadBalancerId"))
    refusal = one_of("backendType", call.inputs.get("backendType"), ("LOAD_BALANCER",))
    if refusal:
        raise refusal
    if any(each.token == FIREWALL for each in call.cloud.referrers(balancer)):
        raise conflict(f"Load balancer {balancer} already has a WebAppFirewall attached.")


_CLIENT = "waf.WafClient"
endpoint(FIREWALL, _CLIENT, "web_app_firewall")
endpoint(POLICY, _CLIENT, "web_app_firewall_policy", plural="web_app_firewall_policies")
