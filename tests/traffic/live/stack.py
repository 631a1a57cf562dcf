"""What of a stack runs on this machine: its gateway, its tenants with new keys, its routers, and fake engines."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from facts.charts import CHARTS
from facts.problem import Problem, refuse
from infra.layers.model_gateway import gateway_args
from infra.project.stackfile import read_stack_file
from infra.settings import Settings, examine
from infra.settings.traffic import Router
from infra.settings.traffic.served import has_counted_limits
from serving.gateway.entry_script import client_id
from serving.gateway.model_gateway_args import GatewayModelArgs, ModelGatewayArgs

MOST_ENGINES = 2
"""Fake engines of a model on this machine."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What runs."""

    name: str
    args: ModelGatewayArgs
    keys: Mapping[str, str]
    """The new key of each client id."""

    router: Router
    models: Mapping[str, GatewayModelArgs]
    engines: Mapping[str, int]
    counted: bool
    fail_closed: bool


def read(stack: str) -> Chosen:
    """The stack's own configuration. Raises InvalidInput if the file cannot be used."""
    file = read_stack_file(stack)
    examined = examine(file.sections, stack, encrypted=file.encrypted, beside=file.problems)
    refuse(examined.problems, f"stack {stack}")
    assert examined.settings is not None
    return chosen(stack, examined.settings)


def chosen(stack: str, settings: Settings) -> Chosen:
    """What runs of these settings."""
    traffic = settings.traffic
    needed = {"tenants": traffic.tenants, "router": traffic.router}
    allowed = "must be set: without it there is no path to run"
    missing = [Problem(f"traffic.{key}", None, allowed) for key, value in needed.items() if not value]
    refuse(missing, f"stack {stack}")
    assert traffic.router is not None
    args = gateway_args(
        settings, namespace=CHARTS["gateway"].namespace, vault_store="vault", cache_login="user:password"
    )
    # No certificate is at hand that a client would trust.
    args = replace(args, tls_secret=None, issuer=None)
    own = {model.name: model for model in settings.serving.models}
    return Chosen(
        name=stack,
        args=args,
        keys={
            client_id(tenant.name, index): f"sk-{secrets.token_urlsafe(24)}"
            for tenant in args.tenants
            for index, _ in enumerate(tenant.keys)
        },
        router=traffic.router,
        models={model.name: model for model in args.models if model.name in own},
        engines={name: max(1, min(MOST_ENGINES, model.replicas)) for name, model in own.items()},
        counted=has_counted_limits(traffic),
        fail_closed=traffic.limits.fail_closed,
    )
