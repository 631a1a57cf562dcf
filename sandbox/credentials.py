"""The login of the real OCI provider under the sandbox: the sandbox's own profile, in place of the user's."""

from collections.abc import MutableMapping
from typing import Any

from google.protobuf.struct_pb2 import Struct

from facts.regions import REGIONS
from sandbox.oci.engine_values import decode, opened
from sandbox.oci.provider import DEFAULT_REGION
from sandbox.wire.profile import Profile

_PREFIX = "oci:config:"
_OTHER_WAYS = ("configFileProfile", "privateKeyPath", "privateKeyPassword")
"""Settings that would make the provider look for the user's own credentials."""

_OWN = ("auth", "tenancyOcid", "userOcid", "fingerprint", "privateKey")


def credentials(own: Profile) -> dict[str, str]:
    """The provider's settings for the profile's API key, which no cloud accepts."""
    key = own.key_file.read_text(encoding="utf-8")
    return dict(zip(_OWN, ("ApiKey", own.tenancy, own.user, own.fingerprint, key), strict=True))


def with_credentials(
    own: Profile, settings: Struct, variables: MutableMapping[str, str] | None = None
) -> str:
    """Replace the credentials in a provider's settings. Returns the region, which is kept, or set if missing."""
    for key in _OTHER_WAYS:
        if key in settings.fields:
            del settings.fields[key]
    for key, value in credentials(own).items():
        settings[key] = value
    known: Any = opened(decode(settings)).get("region") or (variables or {}).get(f"{_PREFIX}region")
    region = known if isinstance(known, str) and known in REGIONS else DEFAULT_REGION
    if not known:
        settings["region"] = region
    if variables is not None:
        for key in _OTHER_WAYS:
            variables.pop(_PREFIX + key, None)
        variables.update({_PREFIX + key: value for key, value in credentials(own).items()})
        variables.setdefault(f"{_PREFIX}region", region)
    return region


def hide(answer: Struct, sent: Struct) -> None:
    """Restore what the engine had sent, so that no credential of the sandbox gets into the state."""
    for key in ("region", *_OTHER_WAYS, *_OWN):
        if key in sent.fields:
            answer.fields[key].CopyFrom(sent.fields[key])
        elif key in answer.fields:
            del answer.fields[key]
