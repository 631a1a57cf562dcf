"""The gateway of the models: tenants, keys, limits and routes."""

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.database.cache_users import DEFAULT_USER
from infra.program.context import Context
from infra.program.in_cluster import InCluster
from infra.program.outputs import PlatformLayer, ServingLayer
from infra.settings import Settings
from infra.settings.edge import BackendSet
from infra.settings.edge.gateway_rules import gateway_sets
from infra.settings.traffic.served import collector_of, has_counted_limits, served_models
from serving.gateway.model_gateway import ModelGateway
from serving.gateway.model_gateway_args import GatewayModelArgs, ModelGatewayArgs, TenantArgs

NEEDS = ("gateway", "aiGateway", "externalSecrets", "certManager")
"""Charts that bring the kinds of the gateway's objects, if they are installed."""


def create_model_gateway(
    settings: Settings,
    context: Context,
    inside: InCluster | None,
    platform: PlatformLayer,
    serving: ServingLayer,
) -> ModelGateway | None:
    """Creates the gateway; none without tenants. Its routes follow the engines that they send requests to."""
    traffic = settings.traffic
    if inside is None or not traffic.tenants or traffic.host_name is None or platform.vault_store is None:
        return None
    ready = [platform.charts[key] for key in NEEDS if key in platform.charts]
    args = gateway_args(
        settings,
        namespace=pulumi.Output.all(*ready).apply(lambda known: known[0]),
        vault_store=platform.vault_store,
        cache_login=_cache_login(settings),
        ready=serving.ready,
    )
    return ModelGateway(context.name("models"), args, inside.options)


def gateway_args(
    settings: Settings,
    *,
    namespace: pulumi.Input[str],
    vault_store: pulumi.Input[str],
    cache_login: pulumi.Input[str] | None,
    ready: Mapping[str, pulumi.Output[str]] | None = None,
) -> ModelGatewayArgs:
    """The inputs of the gateway, from the settings and from what other layers create.

    `ready`: a value for each Service that is known when its engines are ready.
    """
    traffic, behind = settings.traffic, _answered_set(settings)
    return ModelGatewayArgs(
        namespace=namespace,
        host_name=traffic.host_name or "",
        models=[_awaited(each, ready or {}) for each in served_models(settings.serving, traffic)],
        tenants=[TenantArgs(**each.model_dump()) for each in traffic.tenants],
        vault_store=vault_store,
        tls_secret=traffic.certificate.existing if traffic.certificate else None,
        issuer=traffic.certificate.issuer if traffic.certificate else None,
        envoys=traffic.gateway.envoys,
        tenant_header=traffic.gateway.tenant_header,
        body_limit_bytes=traffic.limits.body_limit_bytes,
        longest_request_seconds=traffic.limits.longest_request_seconds,
        traces=collector_of(traffic),
        cache_login=cache_login,
        port=behind.port if behind else None,
        health_path=behind.health_path if behind else None,
        health_port=behind.health_port if behind else None,
    )


def _awaited(model: GatewayModelArgs, ready: Mapping[str, pulumi.Output[str]]) -> GatewayModelArgs:
    targets = [replace(each, ready=ready.get(each.service)) for each in model.targets]
    return replace(model, targets=targets)


def gateway_output(gateway: ModelGateway | None, settings: Settings) -> Mapping[str, object] | None:
    """What a client needs: the address in the cluster, the host name, and the Service for a port forwarding."""
    if gateway is None:
        return None
    return {
        "url": gateway.url,
        "hostName": settings.traffic.host_name,
        "service": gateway.service_name,
        "gateway": gateway.gateway_name,
    }


def _answered_set(settings: Settings) -> BackendSet | None:
    """The backend set that the gateway answers for."""
    chosen = settings.traffic.gateway.backend_set
    sets = gateway_sets(settings.network.edge, settings.serving.platform)
    return sets.get(chosen) if chosen else None


def _cache_login(settings: Settings) -> pulumi.Output[str] | None:
    """The login of the rate limit service, if there are limits to count."""
    cache = settings.database.cache
    if cache is None or cache.password is None or not has_counted_limits(settings.traffic):
        return None
    return pulumi.Output.secret(f"{cache.user or DEFAULT_USER}:{cache.password.get_secret_value()}")
