"""The token for gated models, as a Secret for model servers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, core, meta

from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse
from serving.options import child
from serving.platform.vault_store import API_VERSION, STORE_KIND

TOKEN_KEY = "token"  # noqa: S105  the name of the key, not a token
REFRESH = "1h"
"""How often external-secrets updates the Secret from the vault. Pods use the new token after their next start."""


@dataclass(frozen=True, kw_only=True)
class HubTokenArgs:
    """The inputs of the Secret: either `token`, or a secret of the vault."""

    namespace: pulumi.Input[str]
    """Namespace of the model servers. It must exist."""

    token: pulumi.Input[str] | None = None
    """Hugging Face token with read access. Kept secret in the state. Default: from the vault."""

    vault_secret: str | None = None
    """Name of the vault's secret with the token. Neither the program nor the state contains it. Default: `token`."""

    vault_store: pulumi.Input[str] | None = None
    """Name of the store that reads the vault (`VaultStore.store_name`), with `vault_secret`."""

    secret_name: str | None = None
    """Name of the Secret. Default: the component's."""


class HubToken(CheckedArgs, pulumi.ComponentResource):
    """A Kubernetes Secret with a Hugging Face token under the key `token`.

    With the vault, external-secrets creates it: pods that use it wait until it exists.
    """

    secret_name: pulumi.Output[str]
    """Name of the Secret, for `ModelServerArgs.hugging_face_secret`."""

    def __init__(self, name: str, args: HubTokenArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(hub_token_problems(args, path=name), f"hub token {name}")
        super().__init__("genai:index:HubToken", name, {}, opts)
        wanted = args.secret_name or name
        metadata = meta.v1.ObjectMetaArgs(name=wanted, namespace=args.namespace)
        if args.token is not None:
            secret = core.v1.Secret(
                f"{name}-secret",
                core.v1.SecretInitArgs(
                    metadata=metadata,
                    type="Opaque",
                    string_data={TOKEN_KEY: pulumi.Output.secret(args.token)},
                ),
                opts=child(self),
            )
            self.secret_name = secret.metadata.apply(lambda found: found.name or wanted)
        else:
            synced = apiextensions.CustomResource(
                f"{name}-external-secret",
                API_VERSION,
                "ExternalSecret",
                spec=_from_vault(args, wanted),
                metadata=metadata,
                opts=child(self),
            )
            self.secret_name = synced.id.apply(lambda _: wanted)
        self.register_outputs({"secretName": self.secret_name})


def hub_token_problems(args: HubTokenArgs, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.token, .vaultSecret, .vaultStore: a token has one source."""
    if (args.token is None) == (args.vault_secret is None):
        yield Problem(f"{path}.token", "", "must be set, or vaultSecret must, but not both")
    if args.vault_secret is not None and args.vault_store is None:
        yield Problem(f"{path}.vaultStore", "", "is required with vaultSecret")


def _from_vault(args: HubTokenArgs, wanted: str) -> dict[str, object]:
    return {
        "refreshInterval": REFRESH,
        "secretStoreRef": {"kind": STORE_KIND, "name": args.vault_store},
        "target": {"name": wanted, "creationPolicy": "Owner"},
        "data": [{"secretKey": TOKEN_KEY, "remoteRef": {"key": args.vault_secret}}],
    }
