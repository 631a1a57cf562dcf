"""The objects of tenants and models: keys from the vault, backends, routes and limits."""

from collections.abc import Mapping

import pulumi

from serving.engine.options.arguments import PORT
from serving.platform.vault_store import STORE_KIND

from .entry_script import client_id
from .gateway_plan import GatewayPlan
from .gateway_rules import backend_name
from .model_gateway_args import ModelGatewayArgs, TenantArgs
from .objects import create_object, labelled
from .secret_names import keys_name
from .specs import keys_spec
from .tenant_route import ai_backend_spec, backend_spec, route_name, route_spec

REFRESH = "1m"
"""How often external-secrets reads the keys from the vault. The old version of a secret is valid at most this long."""


def create_keys(
    name: str, args: ModelGatewayArgs, opts: pulumi.ResourceOptions
) -> Mapping[str, pulumi.Resource]:
    """A Secret with the keys of each tenant, by name. Neither the program nor the state contains a key."""
    found: dict[str, pulumi.Resource] = {}
    for tenant in args.tenants:
        called = keys_name(tenant.name)
        ids = {client_id(tenant.name, index): key for index, key in enumerate(tenant.keys)}
        spec = keys_spec(args.vault_store, STORE_KIND, ids, called, REFRESH)
        metadata = labelled(called, args.namespace)
        found[called] = create_object(f"{name}-{tenant.name}-keys", "ExternalSecret", metadata, spec, opts)
    return found


def create_backends(name: str, args: ModelGatewayArgs, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Each Service of the models once, in the two forms that AI Gateway needs."""
    targets = {backend_name(target): target for model in args.models for target in model.targets}
    made: list[pulumi.Resource] = []
    for called, target in targets.items():
        host = f"{target.service}.{target.namespace}.svc.cluster.local"
        # A new release must be ready before a route sends requests to it.
        after = (
            host
            if target.ready is None
            else pulumi.Output.all(host, target.ready).apply(lambda both: both[0])
        )
        metadata, address = labelled(called, args.namespace), backend_spec(after, target.port or PORT)
        made += [
            create_object(f"{name}-{called}-address", "Backend", metadata, address, opts),
            create_object(
                f"{name}-{called}-backend", "AIServiceBackend", metadata, ai_backend_spec(called), opts
            ),
        ]
    return made


def create_tenant(
    name: str,
    args: ModelGatewayArgs,
    plan: GatewayPlan,
    tenant: TenantArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    """A tenant's route, and its limits."""
    own = {model.name: model for model in args.models if model.name in tenant.models}
    spec = route_spec(
        tenant.name,
        {
            key: [
                (backend_name(each), 1 if each.weight is None else each.weight) for each in own[key].targets
            ]
            for key in tenant.models
        },
        header=plan.header,
        listening=plan.listening,
        seconds={key: plan.seconds(model) for key, model in own.items()},
        priorities={key: tenant.priority or 0 for key, model in own.items() if model.by_priority},
    )
    metadata = labelled(route_name(tenant.name), args.namespace)
    route = create_object(f"{name}-{tenant.name}-route", "AIGatewayRoute", metadata, spec, opts)
    behind = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[route]))
    create_object(
        f"{name}-{tenant.name}-limits", "BackendTrafficPolicy", metadata, plan.limits(tenant), behind
    )
