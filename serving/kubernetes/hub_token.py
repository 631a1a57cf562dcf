"""The token for gated models, as a Secret that model servers refer to."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from .options import child

TOKEN_KEY = "token"  # noqa: S105  the key's name, no token


@dataclass(frozen=True, kw_only=True)
class HubTokenArgs:
    """What the Secret holds."""

    namespace: pulumi.Input[str]
    """Namespace of the model servers. It must exist."""

    token: pulumi.Input[str]
    """Hugging Face token with read access. Kept secret in the state."""

    secret_name: str | None = None
    """Name of the Secret. Default: the component's."""


class HubToken(pulumi.ComponentResource):
    """A Kubernetes Secret with a Hugging Face token under the key `token`."""

    secret_name: pulumi.Output[str]
    """Name of the Secret, for `ModelServerArgs.hugging_face_secret`."""

    def __init__(self, name: str, args: HubTokenArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("genai:index:HubToken", name, {}, opts)
        wanted = args.secret_name or name
        secret = core.v1.Secret(
            f"{name}-secret",
            core.v1.SecretInitArgs(
                metadata=meta.v1.ObjectMetaArgs(name=wanted, namespace=args.namespace),
                type="Opaque",
                string_data={TOKEN_KEY: pulumi.Output.secret(args.token)},
            ),
            opts=child(self),
        )
        self.secret_name = secret.metadata.apply(lambda metadata: metadata.name or wanted)
        self.register_outputs({"secretName": self.secret_name})
