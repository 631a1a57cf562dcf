"""Backend sets and listeners of a load balancer, as resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import core, loadbalancer

from components.options import child

from .backend_sets import (
    DEFAULT_INTERVAL,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    BackendSetArgs,
    default_set,
    is_routed,
)

_Outputs = dict[str, pulumi.Output[str]]


class Backing(Protocol):
    """The arguments of the load balancer that backend sets need."""

    @property
    def backend_sets(self) -> Mapping[str, BackendSetArgs]: ...
    @property
    def backend_subnet_id(self) -> pulumi.Input[str]: ...
    @property
    def tags(self) -> pulumi.Input[Mapping[str, str]] | None: ...


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Arguments of listeners."""

    load_balancer_id: pulumi.Output[str]
    sets: Mapping[str, BackendSetArgs]
    set_names: Mapping[str, pulumi.Output[str]]
    """Names of the sets as outputs, so that a listener depends on its set."""

    certificate_id: pulumi.Input[str] | None
    tls_in_cluster: bool
    protocols: Sequence[str]
    cipher_suite: str
    idle_seconds: int


def create_backend_sets(
    owner: pulumi.Resource, name: str, args: Backing, load_balancer_id: pulumi.Output[str]
) -> tuple[_Outputs, Mapping[str, "core.PrivateIp"]]:
    """Creates the sets with their backends. Returns the names of the sets and the reserved addresses."""
    names, reserved = _Outputs(), dict[str, "core.PrivateIp"]()
    for role, wanted in args.backend_sets.items():
        made = loadbalancer.BackendSet(
            f"{name}-{role}",
            loadbalancer.BackendSetArgs(
                load_balancer_id=load_balancer_id,
                name=role,
                policy=wanted.policy or "LEAST_CONNECTIONS",
                health_checker=_health_checker(wanted),
            ),
            opts=child(owner),
        )
        names[role] = made.name
        addresses: list[pulumi.Input[str]] = [*(wanted.addresses or ())]
        if not addresses:
            reserved[role] = _reserved(owner, f"{name}-{role}-address", args)
            addresses = [reserved[role].ip_address]
        for index, address in enumerate(addresses):
            loadbalancer.Backend(
                f"{name}-{role}-{index}",
                loadbalancer.BackendArgs(
                    load_balancer_id=load_balancer_id,
                    backendset_name=made.name,
                    ip_address=address,
                    port=wanted.port,
                ),
                opts=child(owner),
            )
    return names, reserved


def _reserved(owner: pulumi.Resource, name: str, args: Backing) -> "core.PrivateIp":
    return core.PrivateIp(
        name,
        core.PrivateIpArgs(
            subnet_id=args.backend_subnet_id, lifetime="RESERVED", display_name=name, freeform_tags=args.tags
        ),
        # A load balancer of Kubernetes takes over the address, and releases it, without the program.
        opts=child(owner, pulumi.ResourceOptions(ignore_changes=["vnicId"])),
    )


def _health_checker(wanted: BackendSetArgs) -> "loadbalancer.BackendSetHealthCheckerArgs":
    return loadbalancer.BackendSetHealthCheckerArgs(
        protocol="HTTP",
        port=wanted.health_port or wanted.port,
        url_path=wanted.health_path,
        return_code=200,
        interval_ms=1000 * (wanted.health_interval_seconds or DEFAULT_INTERVAL),
        timeout_in_millis=1000 * (wanted.health_timeout_seconds or DEFAULT_TIMEOUT),
        retries=wanted.health_retries or DEFAULT_RETRIES,
    )


def create_listeners(owner: pulumi.Resource, name: str, listening: Listening) -> None:
    """HTTPS with a redirect from HTTP, or TLS pass-through, or plain HTTP without TLS."""
    rest = default_set(listening.sets)
    if listening.tls_in_cluster:
        _listener(owner, name, listening, "https", port=443, protocol="TCP", backend_set=rest)
        for role in (role for role, each in listening.sets.items() if each.plain):
            _listener(owner, name, listening, "http", port=80, protocol="HTTP", backend_set=role)
        return
    routes = _routing_policy(owner, name, listening)
    if listening.certificate_id is None:
        _listener(owner, name, listening, "http", port=80, protocol="HTTP", backend_set=rest, routes=routes)
        return
    tls = loadbalancer.ListenerSslConfigurationArgs(
        certificate_ids=[listening.certificate_id],
        protocols=list(listening.protocols),
        cipher_suite_name=listening.cipher_suite,
        server_order_preference="ENABLED",
        verify_peer_certificate=False,
    )
    _listener(
        owner, name, listening, "https", port=443, protocol="HTTP", backend_set=rest, routes=routes, tls=tls
    )
    _listener(
        owner,
        name,
        listening,
        "http",
        port=80,
        protocol="HTTP",
        backend_set=rest,
        rule_sets=[_redirect(owner, name, listening)],
    )


def _listener(
    owner: pulumi.Resource,
    name: str,
    listening: Listening,
    label: str,
    *,
    port: int,
    protocol: str,
    backend_set: str,
    routes: pulumi.Output[str] | None = None,
    tls: "loadbalancer.ListenerSslConfigurationArgs | None" = None,
    rule_sets: Sequence[pulumi.Input[str]] | None = None,
) -> None:
    loadbalancer.Listener(
        f"{name}-{label}",
        loadbalancer.ListenerArgs(
            load_balancer_id=listening.load_balancer_id,
            name=label,
            port=port,
            protocol=protocol,
            default_backend_set_name=listening.set_names[backend_set],
            routing_policy_name=routes,
            rule_set_names=list(rule_sets) if rule_sets else None,
            ssl_configuration=tls,
            connection_configuration=loadbalancer.ListenerConnectionConfigurationArgs(
                idle_timeout_in_seconds=str(listening.idle_seconds)
            ),
        ),
        opts=child(owner),
    )


def _redirect(owner: pulumi.Resource, name: str, listening: Listening) -> pulumi.Output[str]:
    # 308 instead of 301: after a 301, a client may repeat a POST as a GET. A redirect rule has no description in OCI's
    # API, so the provider would read one back as missing.
    to_https = loadbalancer.RuleSetItemArgs(
        action="REDIRECT",
        response_code=308,
        conditions=[
            loadbalancer.RuleSetItemConditionArgs(
                attribute_name="PATH", attribute_value="/", operator="FORCE_LONGEST_PREFIX_MATCH"
            )
        ],
        redirect_uri=loadbalancer.RuleSetItemRedirectUriArgs(protocol="HTTPS", port=443),
    )
    rules = loadbalancer.RuleSet(
        f"{name}-to-https",
        loadbalancer.RuleSetArgs(
            load_balancer_id=listening.load_balancer_id, name="to_https", items=[to_https]
        ),
        opts=child(owner),
    )
    return rules.name.apply(lambda made: made or "to_https")


def _routing_policy(owner: pulumi.Resource, name: str, listening: Listening) -> pulumi.Output[str] | None:
    routed = {role: each for role, each in listening.sets.items() if is_routed(each)}
    if not routed:
        return None
    policy = loadbalancer.LoadBalancerRoutingPolicy(
        f"{name}-routes",
        loadbalancer.LoadBalancerRoutingPolicyArgs(
            load_balancer_id=listening.load_balancer_id,
            name="routes",
            condition_language_version="V1",
            rules=[
                loadbalancer.LoadBalancerRoutingPolicyRuleArgs(
                    # Names of rules may contain only letters, digits and underscores.
                    name=role.replace("-", "_"),
                    condition=route_condition(routed[role]),
                    actions=[
                        loadbalancer.LoadBalancerRoutingPolicyRuleActionArgs(
                            name="FORWARD_TO_BACKENDSET", backend_set_name=listening.set_names[role]
                        )
                    ],
                )
                for role in sorted(routed, key=lambda role: specificity(routed[role], role))
            ],
        ),
        opts=child(owner),
    )
    return policy.name.apply(lambda made: made or "routes")


def specificity(wanted: BackendSetArgs, role: str) -> tuple[bool, int, str]:
    """Order of the rules. The first rule that matches is used: hosts first, then longer paths, then by name."""
    return (not wanted.hostnames, -max((len(path) for path in wanted.paths or ()), default=0), role)


def route_condition(wanted: BackendSetArgs) -> str:
    """The condition for the requests of a set, in the load balancer's condition language."""
    hosts = [f"http.request.headers[(i 'host')] eq (i '{host}')" for host in wanted.hostnames or ()]
    paths = [f"http.request.url.path sw '{path}'" for path in wanted.paths or ()]
    parts = [f"any({', '.join(each)})" for each in (hosts, paths) if each]
    return parts[0] if len(parts) == 1 else f"all({', '.join(parts)})"
