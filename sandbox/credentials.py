"""Generated OCI credentials: well-formed, new in each process, and useless in any cloud."""

import hashlib
from collections.abc import MutableMapping
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.protobuf.struct_pb2 import Struct

_PREFIX = "oci:config:"
_REGION = "us-ashburn-1"
_OTHER_WAYS = ("configFileProfile", "privateKeyPath", "privateKeyPassword")
"""Settings that would make the provider look for the user's own credentials."""


@cache
def credentials() -> dict[str, str]:
    """The provider's settings for a generated API key that no cloud accepts."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashlib.md5(public, usedforsecurity=False).hexdigest()
    return {
        "auth": "ApiKey",
        "tenancyOcid": "ocid1.tenancy.oc1..aaaaaaaasandbox",
        "userOcid": "ocid1.user.oc1..aaaaaaaasandbox",
        "fingerprint": ":".join(digest[index : index + 2] for index in range(0, 32, 2)),
        "privateKey": text.decode(),
    }


def with_credentials(settings: Struct, variables: MutableMapping[str, str] | None = None) -> None:
    """Replace the credentials in a provider's settings. Its region is kept, or set if missing."""
    for key in _OTHER_WAYS:
        if key in settings.fields:
            del settings.fields[key]
    for key, value in credentials().items():
        settings[key] = value
    if "region" not in settings.fields:
        settings["region"] = _REGION
    if variables is None:
        return
    for key in _OTHER_WAYS:
        variables.pop(_PREFIX + key, None)
    variables.update({_PREFIX + key: value for key, value in credentials().items()})
    variables.setdefault(_PREFIX + "region", _REGION)


def hide(answer: Struct, sent: Struct) -> None:
    """Restore what the engine had sent, so that no generated credential gets into the state."""
    for key in ("region", *_OTHER_WAYS, *credentials()):
        if key in sent.fields:
            answer.fields[key].CopyFrom(sent.fields[key])
        elif key in answer.fields:
            del answer.fields[key]
