"""The public or private entry to the platform: a flexible load balancer whose listeners the program owns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import core, loadbalancer

from components.options import child, stateful
from facts.load_balancing import (
    CIPHER_SUITES,
    DEFAULT_IDLE_SECONDS,
    IDLE_SECONDS,
    LEAST_MBPS,
    MOST_MBPS,
    SAFE_TLS_PROTOCOLS,
)
from facts.problem import Problem, refuse

from .backend_sets import BackendSetArgs, SetChoices, backend_set_problems, is_routed
from .listeners import Listening, create_backend_sets, create_listeners

DEFAULT_CIPHER_SUITE = "oci-tls-12-13-ssl-cipher-suite-v3"


@dataclass(frozen=True, kw_only=True)
class LoadBalancerArgs:
    """What a LoadBalancer is made of."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment that holds the balancer."""

    subnet_id: pulumi.Input[str]
    """OCID of the regional subnet it stands in; a public one unless `private`. A change replaces the balancer."""

    group_ids: Sequence[pulumi.Input[str]]
    """OCIDs of its network security groups, 5 at most: `frontend` and `loadbalancer` of SecurityGroups."""

    backend_sets: Mapping[str, BackendSetArgs]
    """Backend sets by name, 16 at most. One of them has neither hostnames nor paths: it gets the other requests."""

    backend_subnet_id: pulumi.Input[str]
    """OCID of the subnet in which addresses of backends are reserved: the one of Kubernetes' balancers."""

    min_mbps: int | None = None
    """Bandwidth that is always there and is paid for, 10 Mbps to `max_mbps`. Default: 10."""

    max_mbps: int | None = None
    """Bandwidth that it grows to, 8,000 Mbps at most. Default: 100."""

    private: bool | None = None
    """Whether it has only an address of its subnet. A change replaces it. Default: no, it is public."""

    certificate_id: pulumi.Input[str] | None = None
    """OCID of a certificate of OCI's Certificates service, with which the balancer ends TLS on port 443; port 80
    only redirects there. Default: none."""

    tls_in_cluster: bool | None = None
    """Whether TLS passes through unread and ends in the cluster, e.g. with cert-manager's certificate. Then nothing
    is routed by host or path, and no firewall can read it. Default: no."""

    protocols: Sequence[str] | None = None
    """TLS versions of the balancer, of TLSv1.2 and TLSv1.3; both ends take the highest that they share.
    Default: both."""

    cipher_suite: str | None = None
    """Name of a predefined cipher suite that has ciphers of every protocol. Default:
    oci-tls-12-13-ssl-cipher-suite-v3."""

    idle_timeout_seconds: int | None = None
    """Seconds without a byte after which a connection is closed, 1 to 7,200: longer than a model needs to its first
    token, or to its last without streaming. Default: 3,600."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the public address, and leaves it when the stack goes. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the balancer and its addresses. Default: none."""


class LoadBalancer(pulumi.ComponentResource):
    """A flexible balancer with its backend sets, listeners and, if public, a reserved address.

    Autoscaled nodes and pods never stand behind it directly: they come and go. A backend set without addresses gets
    a reserved one, which a private balancer of Kubernetes takes over
    (annotation `oci.oraclecloud.com/reserved-private-ips`).
    """

    load_balancer_id: pulumi.Output[str]
    """OCID of the balancer."""

    address: pulumi.Output[str]
    """Its IPv4 address."""

    backend_addresses: pulumi.Output[Mapping[str, str]]
    """Addresses that were reserved, by backend set."""

    backend_address_ids: pulumi.Output[Mapping[str, str]]
    """OCIDs of the reserved addresses, by backend set."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"the load balancer {name}")
        super().__init__("genai:index:LoadBalancer", name, {}, opts)
        public_ip = None if args.private else _public_ip(self, name, args)
        balancer = _balancer(self, name, args, public_ip)
        sets, reserved = create_backend_sets(self, name, args, balancer.id)
        create_listeners(
            self,
            name,
            Listening(
                load_balancer_id=balancer.id,
                sets=args.backend_sets,
                set_names=sets,
                certificate_id=args.certificate_id,
                tls_in_cluster=bool(args.tls_in_cluster),
                protocols=tuple(args.protocols or SAFE_TLS_PROTOCOLS),
                cipher_suite=args.cipher_suite or DEFAULT_CIPHER_SUITE,
                idle_seconds=args.idle_timeout_seconds or DEFAULT_IDLE_SECONDS,
            ),
        )

        self.load_balancer_id = balancer.id
        private_ip = balancer.ip_address_details.apply(lambda details: details[0].ip_address or "")
        self.address = public_ip.ip_address if public_ip else private_ip
        self.backend_addresses = pulumi.Output.all(
            **{role: each.ip_address for role, each in reserved.items()}
        )
        self.backend_address_ids = pulumi.Output.all(**{role: each.id for role, each in reserved.items()})
        self.register_outputs(
            {
                "loadBalancerId": self.load_balancer_id,
                "address": self.address,
                "backendAddresses": self.backend_addresses,
                "backendAddressIds": self.backend_address_ids,
            }
        )


def _public_ip(owner: pulumi.Resource, name: str, args: LoadBalancerArgs) -> "core.PublicIp":
    return core.PublicIp(
        f"{name}-address",
        core.PublicIpArgs(
            compartment_id=args.compartment_id,
            lifetime="RESERVED",
            display_name=f"{name}-address",
            freeform_tags=args.tags,
        ),
        # The balancer binds the address by itself: without this every update would unbind it again.
        opts=stateful(owner, args.protect, pulumi.ResourceOptions(ignore_changes=["privateIpId"])),
    )


def _balancer(
    owner: pulumi.Resource, name: str, args: LoadBalancerArgs, public_ip: "core.PublicIp | None"
) -> "loadbalancer.LoadBalancer":
    return loadbalancer.LoadBalancer(
        f"{name}-balancer",
        loadbalancer.LoadBalancerArgs(
            compartment_id=args.compartment_id,
            display_name=name,
            shape="flexible",
            shape_details=loadbalancer.LoadBalancerShapeDetailsArgs(
                minimum_bandwidth_in_mbps=args.min_mbps or LEAST_MBPS,
                maximum_bandwidth_in_mbps=args.max_mbps or 100,
            ),
            subnet_ids=[args.subnet_id],
            is_private=bool(args.private),
            network_security_group_ids=list(args.group_ids),
            reserved_ips=[loadbalancer.LoadBalancerReservedIpArgs(id=public_ip.id)] if public_ip else None,
            is_request_id_enabled=True,
            freeform_tags=args.tags,
        ),
        opts=child(
            owner,
            pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="30m", delete="30m")),
        ),
    )


class BalancerChoices(Protocol):
    """The plain values of a balancer. The component's args and the settings both have them."""

    @property
    def backend_sets(self) -> Mapping[str, SetChoices]: ...
    @property
    def min_mbps(self) -> int | None: ...
    @property
    def max_mbps(self) -> int | None: ...
    @property
    def private(self) -> bool | None: ...
    @property
    def protocols(self) -> Sequence[str] | None: ...
    @property
    def cipher_suite(self) -> str | None: ...
    @property
    def idle_timeout_seconds(self) -> int | None: ...


def load_balancer_problems(
    balancer: BalancerChoices, *, has_certificate: bool, tls_in_cluster: bool, path: str
) -> Iterator[Problem]:
    """Everything wrong with one balancer and its backend sets, in the same words for settings and component."""
    yield from _bandwidth_problems(balancer.min_mbps, balancer.max_mbps, path)
    (low, high), idle_seconds = IDLE_SECONDS, balancer.idle_timeout_seconds
    if idle_seconds is not None and not low <= idle_seconds <= high:
        yield Problem(f"{path}.idleTimeoutSeconds", idle_seconds, f"must be {low} to {high} seconds")
    yield from _tls_problems(balancer.protocols, balancer.cipher_suite, path)
    if not (balancer.private or has_certificate or tls_in_cluster):
        allowed = "must be true without a certificate: the internet would send prompts and keys in the clear"
        yield Problem(f"{path}.private", False, allowed)
    yield from backend_set_problems(balancer.backend_sets, path=f"{path}.backendSets")
    yield from _pass_through_problems(balancer.backend_sets, tls_in_cluster, f"{path}.backendSets")


def _bandwidth_problems(min_mbps: int | None, max_mbps: int | None, path: str) -> Iterator[Problem]:
    least, most = LEAST_MBPS if min_mbps is None else min_mbps, 100 if max_mbps is None else max_mbps
    if not LEAST_MBPS <= most <= MOST_MBPS:
        yield Problem(f"{path}.maxMbps", most, f"must be {LEAST_MBPS} to {MOST_MBPS} Mbps")
    elif not LEAST_MBPS <= least <= most:
        yield Problem(f"{path}.minMbps", least, f"must be {LEAST_MBPS} Mbps to maxMbps, {most}")


def _tls_problems(protocols: Sequence[str] | None, suite: str | None, path: str) -> Iterator[Problem]:
    wanted = protocols or SAFE_TLS_PROTOCOLS
    for index, protocol in enumerate(wanted):
        if protocol not in SAFE_TLS_PROTOCOLS:
            allowed = f"must be {' or '.join(SAFE_TLS_PROTOCOLS)}: older versions are broken"
            yield Problem.not_one_of(f"{path}.protocols[{index}]", protocol, SAFE_TLS_PROTOCOLS, allowed)
    if protocols is not None and "TLSv1.3" not in protocols:
        yield Problem(f"{path}.protocols", list(protocols), "must hold TLSv1.3, the version to prefer")
    name = suite or DEFAULT_CIPHER_SUITE
    if name not in CIPHER_SUITES:
        yield Problem.not_one_of(
            f"{path}.cipherSuite", name, CIPHER_SUITES, "must be the name of a predefined cipher suite"
        )
        return
    if unknown := [each for each in CIPHER_SUITES[name] if each not in SAFE_TLS_PROTOCOLS]:
        yield Problem(f"{path}.cipherSuite", name, f"must hold no ciphers of {', '.join(unknown)}")
    if missing := [each for each in wanted if each in SAFE_TLS_PROTOCOLS and each not in CIPHER_SUITES[name]]:
        yield Problem(f"{path}.cipherSuite", name, f"must hold ciphers of {', '.join(missing)}")


def _pass_through_problems(
    sets: Mapping[str, SetChoices], tls_in_cluster: bool, path: str
) -> Iterator[Problem]:
    """What is not decrypted cannot be routed, and what is decrypted has no plain port."""
    plain = [name for name, each in sets.items() if each.plain]
    for name in plain[1:] if tls_in_cluster else plain:
        allowed = (
            "must be one set at most" if tls_in_cluster else "must be false unless TLS ends in the cluster"
        )
        yield Problem(f"{path}.{name}.plain", True, allowed)
    if tls_in_cluster:
        for name, each in sets.items():
            if is_routed(each):
                allowed = "must have no hostnames and paths: TLS passes through unread"
                yield Problem(f"{path}.{name}", name, allowed, "Route in the cluster's gateway")


def _problems(args: LoadBalancerArgs, path: str) -> Iterator[Problem]:
    if args.certificate_id is not None and args.tls_in_cluster:
        yield Problem(f"{path}.tlsInCluster", True, "must not stand with a certificate: TLS ends once")
    yield from load_balancer_problems(
        args,
        has_certificate=args.certificate_id is not None,
        tls_in_cluster=bool(args.tls_in_cluster),
        path=path,
    )
