"""How to call a deployed stack: the commands for a model, and the addresses of the databases."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report.resources import SECRET, as_mapping

KUBECONFIG = "kubeconfig"
"""The file to which the commands write the credentials, and from which they read them."""

_SERVICE = re.compile(
    r"^(?P<scheme>https?)://(?P<service>[^.:/]+)\.(?P<namespace>[^.:/]+)\.svc[^:/]*:(?P<port>\d+)", re.ASCII
)


@dataclass(frozen=True, kw_only=True)
class ModelCall:
    """How to reach one model."""

    model: str
    """The name that requests give in `model`."""
    address: str
    """The OpenAI-compatible address inside the cluster."""
    kubectl: str
    """Forwards a port of this machine to the model."""
    curl: str
    """A request through that port: a shell command of several lines."""


@dataclass(frozen=True, kw_only=True)
class GatewayCall:
    """How tenants reach all models: through the gateway, with a key."""

    host: str
    """The host name that requests must have."""
    address: str
    """The OpenAI-compatible address inside the cluster."""
    kubectl: str
    """Forwards a port of this machine to the gateway."""
    curl: str
    """A request through that port that lists the models of the key in `$KEY`: a shell command of several lines."""


def gateway_call(outputs: Mapping[str, object]) -> GatewayCall | None:
    """The call of the models' gateway. None without a gateway, or while its address is unknown."""
    gateway = as_mapping(outputs.get("modelGateway"))
    url, host = gateway.get("url"), gateway.get("hostName")
    found = _SERVICE.match(url) if isinstance(url, str) else None
    if found is None or not isinstance(host, str):
        return None
    port = found["port"]
    return GatewayCall(
        host=host,
        address=f"{found[0]}/v1",
        kubectl=_forward(found),
        curl=f"curl --connect-to {host}:{port}:127.0.0.1:{port} \\\n"
        '  --header "Authorization: Bearer $KEY" \\\n'
        f"  {found['scheme']}://{host}:{port}/v1/models",
    )


def model_calls(outputs: Mapping[str, object]) -> Iterator[ModelCall]:
    """The calls of each model whose address is known. `outputs` are the stack's outputs."""
    for name, address in sorted(as_mapping(outputs.get("modelEndpoints")).items()):
        found = _SERVICE.match(address) if isinstance(address, str) else None
        if found is None:
            continue
        yield ModelCall(
            model=name, address=f"{found[0]}/v1", kubectl=_forward(found), curl=_curl(name, found["port"])
        )


def _forward(found: re.Match[str]) -> str:
    target = f"--namespace {found['namespace']} port-forward service/{found['service']} {found['port']}"
    return f"kubectl --kubeconfig {KUBECONFIG} {target}"


def _curl(model: str, port: str) -> str:
    message = {"role": "user", "content": "Hello"}
    body = json.dumps({"model": model, "messages": [message]}, separators=(",", ":"))
    return (
        f"curl http://127.0.0.1:{port}/v1/chat/completions \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data '{body}'"
    )


def credentials(engine: str, stack: str) -> str:
    """The command that writes the cluster's credentials. `engine` is `pulumi`, or `sandbox` with its folder."""
    return f"{engine} stack output kubeconfig --show-secrets --stack {stack} > {KUBECONFIG}"


def database_addresses(outputs: Mapping[str, object]) -> dict[str, str]:
    """Host and port of each database. User and password are in the secret output `databases`."""
    found = as_mapping(outputs.get("databaseAddresses"))
    return {
        name: address
        for name, address in sorted(found.items())
        if isinstance(address, str) and address not in ("", SECRET)
    }
