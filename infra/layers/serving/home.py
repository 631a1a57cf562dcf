"""A namespace with models, as the parts of the serving layer see it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.program.context import Context
from infra.program.outputs import PlatformLayer
from infra.settings.platform.store_rules import HUB_TOKEN
from infra.settings.serving import ModelSettings, Serving
from serving.weights.hub_token import HubToken, HubTokenArgs


@dataclass(frozen=True, kw_only=True)
class Home:
    """A namespace with models, and what the models share in it."""

    team: str | None
    """Team that owns the namespace; None for the models' own namespace."""

    models: Sequence[ModelSettings]
    namespace: pulumi.Output[str]
    token: pulumi.Output[str] | None
    """Name of the Secret with the hub's token."""

    def name(self, context: Context, noun: str) -> str:
        """Name of a component that exists once in each home."""
        return context.name(f"{noun}-{self.team}" if self.team else noun)


def hub_token(
    name: str,
    serving: Serving,
    platform: PlatformLayer,
    namespace: pulumi.Output[str],
    options: pulumi.ResourceOptions,
) -> pulumi.Output[str] | None:
    """Creates the Secret with the hub token in a namespace, from the vault or the settings. None without a token."""
    if serving.hugging_face_token_in_vault is not None:
        args = HubTokenArgs(
            namespace=namespace,
            vault_secret=serving.hugging_face_token_in_vault,
            vault_store=platform.vault_store,
            secret_name=HUB_TOKEN,
        )
    elif serving.hugging_face_token is not None:
        secret = pulumi.Output.secret(serving.hugging_face_token.get_secret_value())
        args = HubTokenArgs(namespace=namespace, token=secret, secret_name=HUB_TOKEN)
    else:
        return None
    return HubToken(name, args, options).secret_name
