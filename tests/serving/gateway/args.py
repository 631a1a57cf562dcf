"""A gateway with two models and two tenants, for tests."""

from typing import Any

from serving.gateway.model_gateway_args import (
    GatewayModelArgs,
    GatewayTargetArgs,
    ModelGatewayArgs,
    TenantArgs,
)


def model(name: str = "qwen3-32b", **changes: Any) -> GatewayModelArgs:
    values: dict[str, Any] = {
        "name": name,
        "targets": [GatewayTargetArgs(service=f"{name}-router", namespace="serving")],
        "context_tokens": 40_960,
        "answer_seconds": 1380,
        "stream_seconds": 1380,
        "counts_tokens": True,
    }
    return GatewayModelArgs(**{**values, **changes})


def tenant(name: str = "research", **changes: Any) -> TenantArgs:
    values: dict[str, Any] = {"name": name, "models": ["qwen3-32b"], "keys": [f"tenant-{name}"]}
    return TenantArgs(**{**values, **changes})


def gateway_args(**changes: Any) -> ModelGatewayArgs:
    values: dict[str, Any] = {
        "namespace": "envoy-gateway-system",
        "host_name": "models.example.com",
        "models": [model()],
        "tenants": [tenant()],
        "vault_store": "vault",
        "tls_secret": "models-tls",
    }
    return ModelGatewayArgs(**{**values, **changes})
