"""The gateways behind the backend sets of the edge's balancer: Envoys, and the private balancers that lead to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from facts.gateways import CONTROLLER, ENVOY_API, GATEWAY_API
from facts.load_balancing import DEFAULT_IDLE_SECONDS
from facts.problem import Problem, refuse
from serving.options import child

from .gateway_specs import (
    Balancing,
    client_policy,
    ports_of,
    proxy,
    proxy_labels,
    service_annotations,
    upstream_policy,
)

GATEWAY_CLASS = "envoy"
PREFIX = "edge-"
DEFAULT_ENVOYS = 2
WAIT = pulumi.CustomTimeouts(create="10m", update="10m", delete="20m")
"""A balancer takes two or three minutes: one whose reserved address OKE does not take never comes."""

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class EdgeGatewayArgs:
    """One gateway: what its backend set asks for."""

    port: int
    """TCP port of the set, 1,024 to 65,535."""

    health_path: str
    """Path of the set's health check. The gateway answers it by itself, whatever routes there are."""

    health_port: int | None = None
    """Port of the health check. Default: `port`."""


@dataclass(frozen=True, kw_only=True)
class EdgeGatewaysArgs:
    """The gateways, and what their balancers are made of."""

    namespace: pulumi.Input[str]
    """Namespace of Envoy Gateway, known once its release is ready: the kinds come with it."""

    gateways: Mapping[str, EdgeGatewayArgs]
    """Gateways by backend set; a gateway is called `edge-` and the name of its set."""

    addresses: pulumi.Input[Mapping[str, str]]
    """Reserved private addresses by backend set, or their OCIDs (`backend_address_ids` or `backend_addresses` of
    LoadBalancer)."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet in which the addresses are reserved."""

    group_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the balancers' security groups: `backend` and `loadbalancer` of SecurityGroups."""

    idle_timeout_seconds: int | None = None
    """Silent seconds after which balancer and Envoy end a request, as at the edge's balancer. Default: 3,600."""

    min_mbps: int | None = None
    """Bandwidth of each balancer that is always there and is paid for. Default: 10."""

    max_mbps: int | None = None
    """Bandwidth that each grows to. Default: 100."""

    envoys: int | None = None
    """Envoys of each gateway, 1 to 20. Default: 2."""


class EdgeGateways(pulumi.ComponentResource):
    """A GatewayClass, and for each backend set a Gateway with its Envoys and a private balancer before them.

    The balancer is a Service of the program's and not Envoy Gateway's: so an `up` waits until it has its address, and
    a destroy until it is gone and the address free. Without routes a gateway is healthy and answers 404.
    """

    gateway_names: pulumi.Output[Mapping[str, str]]
    """Names of the Gateways by backend set, known once their balancers have their addresses."""

    def __init__(self, name: str, args: EdgeGatewaysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(
            [
                *gateway_problems(tuple(args.gateways), path=name),
                *envoy_problems(args.envoys, f"{name}.envoys"),
            ],
            f"the gateways {name}",
        )
        super().__init__("genai:index:EdgeGateways", name, {}, opts)
        proxies = {each: self._proxy(name, each, args) for each in args.gateways}
        made_class = _object(
            f"{name}-class",
            f"{GATEWAY_API}/v1",
            "GatewayClass",
            metadata=meta.v1.ObjectMetaArgs(name=GATEWAY_CLASS),
            spec={"controllerName": CONTROLLER},
            # Its kind comes with the release, which the namespace of the proxies waits for.
            opts=child(self, pulumi.ResourceOptions(depends_on=[*proxies.values()])),
        )
        services = {
            each: self._gateway(name, each, args, after=[made_class, proxies[each]]) for each in args.gateways
        }
        self.gateway_names = pulumi.Output.all(**{each: made.id for each, made in services.items()}).apply(
            lambda ids: {each: f"{PREFIX}{each}" for each in ids}
        )
        self.register_outputs({"gatewayNames": self.gateway_names})

    def _proxy(self, name: str, role: str, args: EdgeGatewaysArgs) -> "apiextensions.CustomResource":
        idle = args.idle_timeout_seconds or DEFAULT_IDLE_SECONDS
        return _object(
            f"{name}-{role}-proxy",
            f"{ENVOY_API}/v1alpha1",
            "EnvoyProxy",
            metadata=_metadata(role, args),
            spec=proxy(args.envoys or DEFAULT_ENVOYS, idle),
            opts=child(self),
        )

    def _gateway(
        self, name: str, role: str, args: EdgeGatewaysArgs, *, after: list[pulumi.Resource]
    ) -> "core.v1.Service":
        wanted, idle = args.gateways[role], args.idle_timeout_seconds or DEFAULT_IDLE_SECONDS
        ports = ports_of(wanted.port, wanted.health_port)
        gateway = _object(
            f"{name}-{role}-gateway",
            f"{GATEWAY_API}/v1",
            "Gateway",
            metadata=_metadata(role, args),
            spec=_gateway_spec(role, ports),
            opts=child(self, pulumi.ResourceOptions(depends_on=after)),
        )
        behind = child(self, pulumi.ResourceOptions(depends_on=[gateway]))
        target = {"group": GATEWAY_API, "kind": "Gateway", "name": f"{PREFIX}{role}"}
        for kind, spec in (
            ("ClientTrafficPolicy", client_policy(target, wanted.health_path, idle)),
            ("BackendTrafficPolicy", upstream_policy(target, idle)),
        ):
            _object(
                f"{name}-{role}-{kind.removesuffix('TrafficPolicy').lower()}",
                f"{ENVOY_API}/v1alpha1",
                kind,
                metadata=_metadata(role, args),
                spec=spec,
                opts=behind,
            )
        return self._balancer(name, role, args, ports=ports, after=gateway)

    def _balancer(
        self,
        name: str,
        role: str,
        args: EdgeGatewaysArgs,
        *,
        ports: Mapping[str, int],
        after: pulumi.Resource,
    ) -> "core.v1.Service":
        balancing = Balancing(
            subnet_id=args.subnet_id,
            address=pulumi.Output.from_input(args.addresses).apply(lambda found: found[role]),
            group_ids=args.group_ids,
            idle_seconds=args.idle_timeout_seconds or DEFAULT_IDLE_SECONDS,
            min_mbps=args.min_mbps or 10,
            max_mbps=args.max_mbps or 100,
        )
        return core.v1.Service(
            f"{name}-{role}-balancer",
            core.v1.ServiceInitArgs(
                metadata=_metadata(role, args, service_annotations(balancing)),
                spec=core.v1.ServiceSpecArgs(
                    type="LoadBalancer",
                    selector=pulumi.Output.from_input(args.namespace).apply(
                        lambda namespace: proxy_labels(f"{PREFIX}{role}", namespace)
                    ),
                    # Nodes without an Envoy pass requests on, so the check of kube-proxy's port 10256 is enough.
                    external_traffic_policy="Cluster",
                    ports=[
                        core.v1.ServicePortArgs(name=key, port=port, target_port=port)
                        for key, port in ports.items()
                    ],
                ),
            ),
            opts=child(self, pulumi.ResourceOptions(depends_on=[after], custom_timeouts=WAIT)),
        )


def gateway_problems(names: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Names of backend sets that cannot be a Gateway's."""
    for name in names:
        if not _LABEL.fullmatch(name):
            allowed = "must be small letters, digits and hyphens, 32 at most, to be the name of a Gateway"
            yield Problem(f"{path}.{name}", name, allowed)


def envoy_problems(envoys: int | None, path: str) -> Iterator[Problem]:
    """Problems of the number of Envoys."""
    if envoys is not None and not 1 <= envoys <= 20:
        yield Problem(path, envoys, "must be 1 to 20 Envoys a gateway")


def _gateway_spec(role: str, ports: Mapping[str, int]) -> dict[str, object]:
    return {
        "gatewayClassName": GATEWAY_CLASS,
        "infrastructure": {
            "parametersRef": {"group": ENVOY_API, "kind": "EnvoyProxy", "name": f"{PREFIX}{role}"}
        },
        "listeners": [
            {
                "name": key,
                "protocol": "HTTP",
                "port": port,
                # Teams' roles hold no routes: who may write one anywhere is an administrator of the cluster.
                "allowedRoutes": {"namespaces": {"from": "All"}},
            }
            for key, port in ports.items()
        ],
    }


def _metadata(
    role: str, args: EdgeGatewaysArgs, annotations: Mapping[str, pulumi.Input[str]] | None = None
) -> "meta.v1.ObjectMetaArgs":
    return meta.v1.ObjectMetaArgs(
        name=f"{PREFIX}{role}",
        namespace=args.namespace,
        labels={"app.kubernetes.io/managed-by": "pulumi"},
        annotations=annotations,
    )


def _object(
    name: str,
    api_version: str,
    kind: str,
    *,
    metadata: "meta.v1.ObjectMetaArgs",
    spec: Mapping[str, object],
    opts: pulumi.ResourceOptions,
) -> "apiextensions.CustomResource":
    return apiextensions.CustomResource(name, api_version, kind, spec=spec, metadata=metadata, opts=opts)
