"""The gateways behind the backend sets of the public load balancer: Envoys with private load balancers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from facts.checked_args import CheckedArgs
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
"""A load balancer needs two or three minutes. It never appears if OKE does not accept its reserved address."""

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class EdgeGatewayArgs:
    """One gateway, as its backend set needs it."""

    port: int
    """TCP port of the backend set, 1,024 to 65,535."""

    health_path: str
    """Path of the backend set's health check. The gateway answers it itself, independent of routes."""

    health_port: int | None = None
    """Port of the health check. Default: `port`."""

    gateway: str | None = None
    """Name of an existing Gateway in the namespace that answers for the set, such as ModelGateway's. Only the load
    balancer is then created. Default: a Gateway is created."""


@dataclass(frozen=True, kw_only=True)
class EdgeGatewaysArgs:
    """The gateways and the inputs of their load balancers."""

    namespace: pulumi.Input[str]
    """Namespace of Envoy Gateway, known after its release, which brings the custom kinds, is ready."""

    gateways: Mapping[str, EdgeGatewayArgs]
    """Gateways by backend set. The name of a gateway is `edge-` and the name of its set."""

    addresses: pulumi.Input[Mapping[str, str]]
    """Reserved private addresses by backend set, or their OCIDs (`backend_address_ids` or `backend_addresses` of
    LoadBalancer)."""

    subnet_id: pulumi.Input[str]
    """OCID of the subnet of the reserved addresses."""

    group_ids: Sequence[pulumi.Input[str]]
    """OCIDs of the load balancers' security groups: `backend` and `loadbalancer` of SecurityGroups."""

    idle_timeout_seconds: int | None = None
    """Idle timeout in seconds of load balancer and Envoy, as at the public load balancer. Default: 3,600."""

    min_mbps: int | None = None
    """Minimum bandwidth of each load balancer, which is always paid for. Default: 10."""

    max_mbps: int | None = None
    """Maximum bandwidth of each load balancer. Default: 100."""

    envoys: int | None = None
    """Envoys per gateway, 1 to 20. Default: 2."""


class EdgeGateways(CheckedArgs, pulumi.ComponentResource):
    """A GatewayClass, and for each backend set a Gateway with Envoys behind a private load balancer.

    The load balancer is a Service of this program, not of Envoy Gateway. So `up` waits until it has its address, and
    `destroy` waits until it is deleted and the address is free. Without routes, a gateway is healthy and answers 404.
    """

    gateway_names: pulumi.Output[Mapping[str, str]]
    """Names of the Gateways by backend set, known after their load balancers have their addresses."""

    def __init__(self, name: str, args: EdgeGatewaysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(
            [
                *gateway_problems(tuple(args.gateways), path=name),
                *envoy_problems(args.envoys, f"{name}.envoys"),
            ],
            f"the gateways {name}",
        )
        super().__init__("genai:index:EdgeGateways", name, {}, opts)
        own = [each for each, wanted in args.gateways.items() if wanted.gateway is None]
        proxies = {each: self._proxy(name, each, args) for each in own}
        made_class = _object(
            f"{name}-class",
            f"{GATEWAY_API}/v1",
            "GatewayClass",
            metadata=meta.v1.ObjectMetaArgs(name=GATEWAY_CLASS),
            spec={"controllerName": CONTROLLER},
            # The release brings its kind. The namespace of the proxies is known after the release.
            opts=child(self, pulumi.ResourceOptions(depends_on=[*proxies.values()])),
        )
        services = {
            each: self._gateway(name, each, args, after=[made_class, proxies[each]])
            if each in own
            else self._balancer(name, each, args, after=made_class)
            for each in args.gateways
        }
        self.gateway_names = pulumi.Output.all(**{each: made.id for each, made in services.items()}).apply(
            lambda ids: {each: _gateway_name(each, args) for each in ids}
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
        return self._balancer(name, role, args, after=gateway)

    def _balancer(
        self, name: str, role: str, args: EdgeGatewaysArgs, *, after: pulumi.Resource
    ) -> "core.v1.Service":
        ports = ports_of(args.gateways[role].port, args.gateways[role].health_port)
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
                        lambda namespace: proxy_labels(_gateway_name(role, args), namespace)
                    ),
                    # Nodes without an Envoy forward requests, so the health check of kube-proxy's port 10256 is enough.
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
    """Problems of backend sets whose names cannot be names of Gateways."""
    for name in names:
        if not _LABEL.fullmatch(name):
            allowed = (
                "must be lower-case letters, digits and hyphens, at most 32, to be the name of a Gateway"
            )
            yield Problem(f"{path}.{name}", name, allowed)


def envoy_problems(envoys: int | None, path: str) -> Iterator[Problem]:
    """Problems of the number of Envoys."""
    if envoys is not None and not 1 <= envoys <= 20:
        yield Problem(path, envoys, "must be 1 to 20 Envoys per gateway")


def _gateway_name(role: str, args: EdgeGatewaysArgs) -> str:
    return args.gateways[role].gateway or f"{PREFIX}{role}"


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
                # Teams' roles do not include routes. Only administrators of the cluster may create them.
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
