"""What a secret of the vault says, for the few services that cannot read it there themselves."""

import base64

import pulumi
from pulumi_oci import secrets


def secret_content(secret_id: pulumi.Input[str], opts: pulumi.InvokeOutputOptions) -> pulumi.Output[str]:
    """The current content as a Pulumi secret. It ends up, encrypted, in the stack's state: prefer the secret's OCID."""
    bundle = secrets.get_secretbundle_output(secret_id=secret_id, stage="CURRENT", opts=opts)
    text = bundle.secret_bundle_contents.apply(lambda found: base64.b64decode(found[0].content).decode())
    return pulumi.Output.secret(text)
