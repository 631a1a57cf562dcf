"""The gateway of the models: one host name, tenants with keys and limits, and routes by the model in a request."""

from collections.abc import Iterator

import pulumi
from pulumi_kubernetes import apiextensions, core, meta, networking

from facts.charts import CHARTS
from facts.checked_args import CheckedArgs
from facts.gateways import CONTROLLER, GATEWAY_API, GATEWAY_CONFIG
from facts.problem import Problem, refuse
from serving.options import child

from .gateway_plan import GatewayPlan
from .gateway_rules import (
    gateway_problems,
    host_problems,
    issuer_problems,
    name_problems,
    size_problems,
    target_problems,
)
from .model_gateway_args import ModelGatewayArgs
from .objects import create_object, labelled
from .secret_names import CACHE_LOGIN, tls_secret_problems
from .specs import COLLECTOR_NAME, GATEWAY, proxy_labels, service_name
from .tenant_objects import create_backends, create_keys, create_tenant
from .tenant_route import backend_spec
from .tenants import tenant_model_problems, tenant_problems
from .walls import envoy_wall, limiter_wall


class ModelGateway(CheckedArgs, pulumi.ComponentResource):
    """A Gateway with Envoys on several nodes, and for each tenant its keys from the vault, a route and limits.

    Envoy checks the key. A script turns it into the tenant's name, and refuses all paths but those of the OpenAI API.
    AI Gateway reads the model from the body. The cache counts requests and tokens for all Envoys together.
    """

    gateway_name: pulumi.Output[str]
    """Name of the Gateway, known after it exists."""

    url: pulumi.Output[str]
    """Address in the cluster. Clients must use the host name: as the name of the TLS server, and in the request."""

    service_name: pulumi.Output[str]
    """Name of the Service of the Envoys, e.g. for a port forwarding."""

    def __init__(self, name: str, args: ModelGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(_problems(args, name), f"model gateway {name}")
        super().__init__("genai:index:ModelGateway", name, {}, opts)
        plan = GatewayPlan(args)
        gateway = self._gateway(name, args, plan)
        self._policies(name, args, plan, gateway)
        after = child(self, pulumi.ResourceOptions(depends_on=[gateway]))
        backends = create_backends(name, args, child(self))
        for tenant in args.tenants:
            behind = pulumi.ResourceOptions.merge(after, pulumi.ResourceOptions(depends_on=backends))
            create_tenant(name, args, plan, tenant, behind)
        self._walls(name, args, plan)
        if args.cache_login is not None:
            login = {"auth": pulumi.Output.secret(args.cache_login)}
            core.v1.Secret(
                f"{name}-rate-limit",
                core.v1.SecretInitArgs(
                    metadata=labelled(CACHE_LOGIN, args.namespace), type="Opaque", string_data=login
                ),
                opts=child(self),
            )
        scheme = "http" if plan.listening.tls_secret is None else "https"
        self.gateway_name = gateway.id.apply(lambda _: GATEWAY)
        self.service_name = gateway.id.apply(lambda _: service_name())
        self.url = pulumi.Output.format(
            "{0}://{1}.{2}.svc.cluster.local:{3}", scheme, service_name(), args.namespace, plan.listening.port
        )
        self.register_outputs(
            {"gatewayName": self.gateway_name, "url": self.url, "serviceName": self.service_name}
        )

    def _gateway(
        self, name: str, args: ModelGatewayArgs, plan: GatewayPlan
    ) -> "apiextensions.CustomResource":
        metadata = labelled(GATEWAY, args.namespace)
        made: list[pulumi.Resource] = []
        if plan.collector is not None:
            address = backend_spec(plan.collector.host, plan.collector.port)
            where = labelled(COLLECTOR_NAME, args.namespace)
            made.append(create_object(f"{name}-traces", "Backend", where, address, child(self)))
        made += [
            create_object(f"{name}-proxy", "EnvoyProxy", metadata, plan.proxy(), child(self)),
            create_object(f"{name}-processor", "GatewayConfig", metadata, plan.processor(), child(self)),
        ]
        if args.issuer is not None:
            spec = plan.certificate(args.issuer)
            made.append(create_object(f"{name}-certificate", "Certificate", metadata, spec, child(self)))
        made.append(
            apiextensions.CustomResource(
                f"{name}-class",
                f"{GATEWAY_API}/v1",
                "GatewayClass",
                metadata=meta.v1.ObjectMetaArgs(name=GATEWAY),
                spec={"controllerName": CONTROLLER},
                # The release brings its kind. The namespace of the proxies is known after the release.
                opts=child(self, pulumi.ResourceOptions(depends_on=[*made])),
            )
        )
        after = child(self, pulumi.ResourceOptions(depends_on=[*made]))
        metadata = labelled(GATEWAY, args.namespace, {GATEWAY_CONFIG: GATEWAY})
        return create_object(f"{name}-gateway", "Gateway", metadata, plan.gateway(), after)

    def _policies(
        self, name: str, args: ModelGatewayArgs, plan: GatewayPlan, gateway: pulumi.Resource
    ) -> None:
        secrets = create_keys(name, args, child(self))
        behind = child(self, pulumi.ResourceOptions(depends_on=[gateway, *secrets.values()]))
        for kind, spec in plan.policies(list(secrets)).items():
            called = f"{name}-{kind.removesuffix('Policy').lower()}"
            create_object(called, kind, labelled(GATEWAY, args.namespace), spec, behind)

    def _walls(self, name: str, args: ModelGatewayArgs, plan: GatewayPlan) -> None:
        labels = proxy_labels(CHARTS["gateway"].namespace)
        traces = None if plan.collector is None else plan.collector.port
        walls = {
            "wall": (
                "models-envoys",
                envoy_wall(labels, listeners=plan.ports, targets=plan.target_ports, traces=traces),
            )
        }
        if args.cache_login is not None:
            walls["limiter-wall"] = ("models-rate-limit", limiter_wall(labels))
        for key, (called, spec) in walls.items():
            wall = networking.v1.NetworkPolicyInitArgs(metadata=labelled(called, args.namespace), spec=spec)
            networking.v1.NetworkPolicy(f"{name}-{key}", wall, opts=child(self))


def _problems(args: ModelGatewayArgs, path: str) -> Iterator[Problem]:
    yield from gateway_problems(args, path=path)
    yield from host_problems(args.host_name, f"{path}.hostName")
    yield from size_problems(args, args.models, path=path)
    yield from tenant_problems(args.tenants, path=f"{path}.tenants")
    yield from tenant_model_problems(args.tenants, args.models, path=f"{path}.tenants")
    names = {f"{path}.models[{index}].name": model.name for index, model in enumerate(args.models)}
    yield from name_problems(names)
    yield from target_problems(
        {
            f"{path}.models[{index}].targets[{place}]": target
            for index, model in enumerate(args.models)
            for place, target in enumerate(model.targets)
        }
    )
    for index, tenant in enumerate(args.tenants):
        for key in ("requests_per_minute", "tokens_per_minute"):
            value = getattr(tenant, key)
            if value is not None and args.cache_login is None:
                allowed = "needs cache_login: the cache counts for all Envoys together"
                yield Problem(f"{path}.tenants[{index}].{key}", value, allowed)
    if args.tls_secret is not None:
        yield from tls_secret_problems(args.tls_secret, args.tenants, f"{path}.tlsSecret")
    if args.issuer is not None:
        yield from issuer_problems(args.issuer, f"{path}.issuer")
    if args.issuer is not None and args.tls_secret is not None:
        yield Problem(f"{path}.tlsSecret", args.tls_secret, "must not be set with issuer")
