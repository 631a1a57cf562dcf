"""How the gateway's custom objects are created."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes import apiextensions, meta

from facts.gateways import AI_API, ENVOY_API, GATEWAY_API
from serving.platform.vault_store import API_VERSION

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("AIGatewayRoute", "AIServiceBackend", "GatewayConfig"), f"{AI_API}/v1beta1"),
    **dict.fromkeys(
        (
            "Backend",
            "BackendTrafficPolicy",
            "ClientTrafficPolicy",
            "EnvoyExtensionPolicy",
            "EnvoyProxy",
            "SecurityPolicy",
        ),
        f"{ENVOY_API}/v1alpha1",
    ),
    "Gateway": f"{GATEWAY_API}/v1",
    "Certificate": "cert-manager.io/v1",
    "ExternalSecret": API_VERSION,
}
"""The API version of each kind."""


def labelled(
    called: str, namespace: pulumi.Input[str], annotations: Mapping[str, str] | None = None
) -> "meta.v1.ObjectMetaArgs":
    """The metadata of an object of the gateway."""
    return meta.v1.ObjectMetaArgs(
        name=called,
        namespace=namespace,
        labels={"app.kubernetes.io/managed-by": "pulumi"},
        annotations=annotations,
    )


def create_object(
    name: str,
    kind: str,
    metadata: "meta.v1.ObjectMetaArgs",
    spec: Mapping[str, object],
    opts: pulumi.ResourceOptions,
) -> "apiextensions.CustomResource":
    """An object of one of `KINDS`."""
    return apiextensions.CustomResource(name, KINDS[kind], kind, spec=spec, metadata=metadata, opts=opts)
