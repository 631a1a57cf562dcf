"""The public or private entry of the platform: a flexible load balancer with listeners that the program manages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import core, loadbalancer

from components.options import child, stateful
from facts.checked_args import CheckedArgs
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
    """Arguments of a LoadBalancer."""

    compartment_id: pulumi.Input[str]
    """OCID of the compartment for the load balancer."""

    subnet_id: pulumi.Input[str]
    """OCID of its regional subnet, a public subnet unless `private`. A change replaces the load balancer."""

    group_ids: Sequence[pulumi.Input[str]]
    """OCIDs of its network security groups, 5 at most. Use `frontend` and `loadbalancer` of SecurityGroups."""

    backend_sets: Mapping[str, BackendSetArgs]
    """Backend sets by name, 16 at most. Exactly one set has no hostnames and no paths: it gets all other requests."""

    backend_subnet_id: pulumi.Input[str]
    """OCID of the subnet in which addresses of backends are reserved: the subnet of Kubernetes' load balancers."""

    min_mbps: int | None = None
    """Bandwidth that is always available and billed, 10 Mbps to `max_mbps`. Default: 10."""

    max_mbps: int | None = None
    """Highest bandwidth, 8,000 Mbps at most. Default: 100."""

    private: bool | None = None
    """Whether it has only an address in its subnet, and no public address. A change replaces it. Default: no."""

    certificate_id: pulumi.Input[str] | None = None
    """OCID of a certificate in OCI's Certificates service. The load balancer terminates TLS with it on port 443, and
    port 80 only redirects to 443. Default: none."""

    tls_in_cluster: bool | None = None
    """Whether TLS passes through and ends in the cluster, e.g. with cert-manager's certificate. The load balancer then
    cannot route by host or path, and no firewall can read the requests. Default: no."""

    protocols: Sequence[str] | None = None
    """TLS versions of the load balancer: TLSv1.2 and TLSv1.3. Client and load balancer use the highest common version.
    Default: both."""

    cipher_suite: str | None = None
    """Name of a predefined cipher suite with ciphers for every protocol. Default:
    oci-tls-12-13-ssl-cipher-suite-v3."""

    idle_timeout_seconds: int | None = None
    """Idle timeout of a connection in seconds, 1 to 7,200. It must be longer than the time to the first token of a
    model, or to its last token without streaming. Default: 3,600."""

    protect: bool | None = None
    """Whether Pulumi refuses to delete the public address, and keeps it when the stack is destroyed. Default: no."""

    tags: pulumi.Input[Mapping[str, str]] | None = None
    """Free-form tags of the load balancer and its addresses. Default: none."""


class LoadBalancer(CheckedArgs, pulumi.ComponentResource):
    """A flexible load balancer with its backend sets, listeners and, if public, a reserved address.

    Autoscaled nodes and pods are never direct backends, because they change. A backend set without addresses gets a
    reserved address, which a private load balancer of Kubernetes takes over (annotation
    `oci.oraclecloud.com/reserved-private-ips`).
    """

    load_balancer_id: pulumi.Output[str]
    """OCID of the load balancer."""

    address: pulumi.Output[str]
    """Its IPv4 address."""

    backend_addresses: pulumi.Output[Mapping[str, str]]
    """Reserved addresses, by backend set."""

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
        # The load balancer binds the address itself. Without this, every update would unbind it again.
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
            pulumi.ResourceOptions(
                # The reserved address belongs to one balancer at a time, and a backend set that goes first needs its
                # listeners to go before it: the engine deletes both with the balancer.
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="30m", delete="30m"),
            ),
        ),
    )


class BalancerChoices(Protocol):
    """The plain values of a balancer, which the component's args and the settings both have."""

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
    """All problems of a load balancer and its backend sets. Settings and component use the same messages."""
    yield from _bandwidth_problems(balancer.min_mbps, balancer.max_mbps, path)
    (low, high), idle_seconds = IDLE_SECONDS, balancer.idle_timeout_seconds
    if idle_seconds is not None and not low <= idle_seconds <= high:
        yield Problem(f"{path}.idleTimeoutSeconds", idle_seconds, f"must be {low} to {high} seconds")
    yield from _tls_problems(balancer.protocols, balancer.cipher_suite, path)
    if not (balancer.private or has_certificate or tls_in_cluster):
        allowed = "must be true without a certificate: clients on the internet would send prompts and keys unencrypted"
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
            allowed = f"must be {' or '.join(SAFE_TLS_PROTOCOLS)}: older versions are insecure"
            yield Problem.not_one_of(f"{path}.protocols[{index}]", protocol, SAFE_TLS_PROTOCOLS, allowed)
    if protocols is not None and "TLSv1.3" not in protocols:
        yield Problem(f"{path}.protocols", list(protocols), "must contain TLSv1.3, the preferred version")
    name = suite or DEFAULT_CIPHER_SUITE
    if name not in CIPHER_SUITES:
        yield Problem.not_one_of(
            f"{path}.cipherSuite", name, CIPHER_SUITES, "must be the name of a predefined cipher suite"
        )
        return
    if unknown := [each for each in CIPHER_SUITES[name] if each not in SAFE_TLS_PROTOCOLS]:
        yield Problem(f"{path}.cipherSuite", name, f"must not contain ciphers of {', '.join(unknown)}")
    if missing := [each for each in wanted if each in SAFE_TLS_PROTOCOLS and each not in CIPHER_SUITES[name]]:
        yield Problem(f"{path}.cipherSuite", name, f"must contain ciphers of {', '.join(missing)}")


def _pass_through_problems(
    sets: Mapping[str, SetChoices], tls_in_cluster: bool, path: str
) -> Iterator[Problem]:
    """A load balancer that does not decrypt TLS cannot route requests. One that decrypts TLS has no plain port."""
    plain = [name for name, each in sets.items() if each.plain]
    for name in plain[1:] if tls_in_cluster else plain:
        allowed = (
            "must have at most one set" if tls_in_cluster else "must be false unless TLS ends in the cluster"
        )
        yield Problem(f"{path}.{name}.plain", True, allowed)
    if tls_in_cluster:
        for name, each in sets.items():
            if is_routed(each):
                allowed = "must have no hostnames and paths: the load balancer does not decrypt TLS"
                yield Problem(f"{path}.{name}", name, allowed, "Route in the cluster's gateway")


def _problems(args: LoadBalancerArgs, path: str) -> Iterator[Problem]:
    if args.certificate_id is not None and args.tls_in_cluster:
        yield Problem(
            f"{path}.tlsInCluster", True, "must not be combined with a certificate: TLS ends only once"
        )
    yield from load_balancer_problems(
        args,
        has_certificate=args.certificate_id is not None,
        tls_in_cluster=bool(args.tls_in_cluster),
        path=path,
    )
