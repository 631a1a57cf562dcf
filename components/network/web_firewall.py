"""A web application firewall: managed rules, allowed methods, and a rate limit per client."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import waf

from components.options import child
from facts.checked_args import CheckedArgs
from facts.load_balancing import CAPABILITIES, MOST_INSPECTED_BYTES
from facts.problem import Problem, refuse

DEFAULT_CAPABILITIES: Mapping[str, int] = {
    "9300000": 2,
    "9320000": 2,
    "9320001": 2,
    "9330000": 2,
    "9410000": 3,
    "9420000": 2,
    "911100": 1,
}
"""Managed rules by key, with their versions: the groups for file inclusion, execution, PHP, scripting and SQL, and the
allowed methods. The versions come from public configurations; `oci waf protection-capability list` shows the current
ones."""

DEFAULT_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
METHODS = (*DEFAULT_METHODS, "TRACE", "CONNECT")
MODES = ("block", "check")


@dataclass(frozen=True, kw_only=True)
class WebFirewallArgs:
    """Arguments of a WebFirewall."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the policy."""

    load_balancer_id: pulumi.Input[str] | None = None
    """OCID of the load balancer to protect, which must read HTTP. A load balancer can have only one firewall. Default:
    none; the policy is then for a load balancer that Kubernetes manages."""

    mode: str | None = None
    """`block`: a request that matches a managed rule gets the response 403. `check`: the match is only logged. Default:
    block."""

    capabilities: Mapping[str, int] | None = None
    """Managed rules by key, with the version of each. Default: `DEFAULT_CAPABILITIES`."""

    allowed_methods: Sequence[str] | None = None
    """HTTP methods that rule 911100 allows. Default: all except TRACE and CONNECT."""

    inspect_bodies: bool | None = None
    """Whether managed rules also inspect bodies. Prompts contain code, SQL and HTML, which the rules would treat as
    attacks. Addresses, arguments and headers are always inspected. Default: no."""

    requests_limit: int | None = None
    """Most requests from one client address within `period_seconds`. Further requests get the response 429. Default: no
    limit."""

    period_seconds: int | None = None
    """Period of the limit in seconds, 1 or more. Default: 60."""

    block_seconds: int | None = None
    """Seconds for which a client that exceeds the limit is refused, 0 or more. Default: 60."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags. Default: none."""


class WebFirewall(CheckedArgs, pulumi.ComponentResource):
    """A firewall policy and, if a load balancer is given, the firewall that applies it there."""

    policy_id: pulumi.Output[str]
    """OCID of the policy. Oracle's native ingress controller reads it from an annotation of its IngressClass."""

    firewall_id: pulumi.Output[str] | None
    """OCID of the firewall, which writes the logs. None without a load balancer."""

    def __init__(self, name: str, args: WebFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(web_firewall_problems(args, path=name), f"the firewall {name}")
        super().__init__("genai:index:WebFirewall", name, {}, opts)

        policy = waf.AppFirewallPolicy(
            f"{name}-policy",
            waf.AppFirewallPolicyArgs(
                compartment_id=args.compartment_id,
                display_name=name,
                actions=_actions(),
                request_rate_limiting=_rate_limit(args),
                request_protection=_protection(args),
                freeform_tags=args.tags,
            ),
            opts=child(self),
        )
        self.firewall_id = None
        if args.load_balancer_id is not None:
            firewall = waf.AppFirewall(
                f"{name}-firewall",
                waf.AppFirewallArgs(
                    compartment_id=args.compartment_id,
                    display_name=name,
                    backend_type="LOAD_BALANCER",
                    load_balancer_id=args.load_balancer_id,
                    web_app_firewall_policy_id=policy.id,
                    freeform_tags=args.tags,
                ),
                opts=child(self),
            )
            self.firewall_id = firewall.id

        self.policy_id = policy.id
        self.register_outputs({"policyId": self.policy_id, "firewallId": self.firewall_id})


def _actions() -> "list[waf.AppFirewallPolicyActionArgs]":
    return [
        waf.AppFirewallPolicyActionArgs(name="check", type="CHECK"),
        _response(
            "block", 403, '{"error": {"message": "Refused by the web application firewall", "code": 403}}'
        ),
        _response("slow-down", 429, '{"error": {"message": "Too many requests", "code": 429}}'),
    ]


def _response(name: str, code: int, text: str) -> "waf.AppFirewallPolicyActionArgs":
    return waf.AppFirewallPolicyActionArgs(
        name=name,
        type="RETURN_HTTP_RESPONSE",
        code=code,
        body=waf.AppFirewallPolicyActionBodyArgs(type="STATIC_TEXT", text=text),
        headers=[waf.AppFirewallPolicyActionHeaderArgs(name="Content-Type", value="application/json")],
    )


def _rate_limit(args: WebFirewallArgs) -> "waf.AppFirewallPolicyRequestRateLimitingArgs | None":
    if args.requests_limit is None:
        return None
    limit = waf.AppFirewallPolicyRequestRateLimitingRuleConfigurationArgs(
        period_in_seconds=args.period_seconds or 60,
        requests_limit=args.requests_limit,
        action_duration_in_seconds=60 if args.block_seconds is None else args.block_seconds,
    )
    rule = waf.AppFirewallPolicyRequestRateLimitingRuleArgs(
        name="requests-of-a-client",
        type="REQUEST_RATE_LIMITING",
        action_name="slow-down",
        configurations=[limit],
    )
    return waf.AppFirewallPolicyRequestRateLimitingArgs(rules=[rule])


def _protection(args: WebFirewallArgs) -> "waf.AppFirewallPolicyRequestProtectionArgs":
    wanted = DEFAULT_CAPABILITIES if args.capabilities is None else args.capabilities
    rule = waf.AppFirewallPolicyRequestProtectionRuleArgs(
        name="managed-rules",
        type="PROTECTION",
        action_name=args.mode or "block",
        is_body_inspection_enabled=bool(args.inspect_bodies),
        protection_capabilities=[
            waf.AppFirewallPolicyRequestProtectionRuleProtectionCapabilityArgs(key=key, version=version)
            for key, version in sorted(wanted.items())
        ],
        protection_capability_settings=(
            waf.AppFirewallPolicyRequestProtectionRuleProtectionCapabilitySettingsArgs(
                allowed_http_methods=list(args.allowed_methods or DEFAULT_METHODS)
            )
        ),
    )
    return waf.AppFirewallPolicyRequestProtectionArgs(
        rules=[rule],
        body_inspection_size_limit_in_bytes=MOST_INSPECTED_BYTES if args.inspect_bodies else None,
    )


class FirewallChoices(Protocol):
    """The plain values of a firewall, which the component's args and the settings both have."""

    @property
    def mode(self) -> str | None: ...
    @property
    def capabilities(self) -> Mapping[str, int] | None: ...
    @property
    def allowed_methods(self) -> Sequence[str] | None: ...
    @property
    def requests_limit(self) -> int | None: ...
    @property
    def period_seconds(self) -> int | None: ...
    @property
    def block_seconds(self) -> int | None: ...


def web_firewall_problems(wall: FirewallChoices, *, path: str) -> Iterator[Problem]:
    """Unknown words, a firewall without rules, and an invalid limit. Settings and component use the same messages."""
    mode, capabilities = wall.mode, wall.capabilities
    if mode is not None and mode not in MODES:
        yield Problem.not_one_of(f"{path}.mode", mode, MODES)
    if capabilities is not None and not capabilities:
        yield Problem(
            f"{path}.capabilities", {}, "must name a managed rule, or be left out for the default rules"
        )
    for key, version in (capabilities or {}).items():
        at = f"{path}.capabilities.{key}"
        if not (key.isascii() and key.isdecimal()):
            allowed = "must be the number of a managed rule, e.g. '9420000'"
            yield Problem.not_one_of(at, key, CAPABILITIES, allowed)
        elif version < 1:
            yield Problem(at, version, "must be a version of 1 or more")
    for index, method in enumerate(wall.allowed_methods or ()):
        if method not in METHODS:
            yield Problem.not_one_of(f"{path}.allowedMethods[{index}]", method, METHODS)
    yield from _limit_problems(wall, path)


def _limit_problems(wall: FirewallChoices, path: str) -> Iterator[Problem]:
    requests_limit = wall.requests_limit
    if requests_limit is not None and requests_limit < 1:
        yield Problem(f"{path}.requestsLimit", requests_limit, "must be 1 or more requests")
    for key, seconds, least in (
        ("periodSeconds", wall.period_seconds, 1),
        ("blockSeconds", wall.block_seconds, 0),
    ):
        if seconds is None:
            continue
        if requests_limit is None:
            yield Problem(f"{path}.{key}", seconds, "must be set with requestsLimit")
        elif seconds < least:
            yield Problem(f"{path}.{key}", seconds, f"must be {least} or more seconds")
