# The OCI SDK has no types, so its objects are cast to protocols here.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""The API key of a tenant: from an environment variable, or from the vault, as external-secrets reads it."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import oci

from infra.account.login import Login

KEY_VARIABLE = "PLAYGROUND_API_KEY"
"""Environment variable with a key, which is then used instead of the vault's."""

HIDDEN = "[hidden]"

_SENDABLE = re.compile(r"[\x21-\x7e]+", re.ASCII)
"""What a header can contain. http.client would show any other key in its error."""


class NoKeyError(RuntimeError):
    """There is no usable key. The text does not contain the key."""


@dataclass(frozen=True)
class ApiKey:
    """A key that no output shows."""

    secret: str = field(repr=False)
    source: str
    """Where it comes from, for messages."""

    def hidden_in(self, text: str) -> str:
        """The text without the key."""
        return text.replace(self.secret, HIDDEN)


class _Content(Protocol):
    content: str


class _Bundle(Protocol):
    secret_bundle_content: _Content


class _Answer(Protocol):
    data: _Bundle


class Bundles(Protocol):
    """The method of the SDK's secrets client that is used here."""

    def get_secret_bundle_by_name(self, secret_name: str, vault_id: str, /) -> _Answer: ...


def key_of(text: str, source: str) -> ApiKey:
    """A key. Line ends around it are removed. Raises NoKeyError if a request cannot contain it."""
    found = text.strip()
    if not _SENDABLE.fullmatch(found):
        raise NoKeyError(
            f"{source} must be one line of visible ASCII characters: a request cannot contain it"
        )
    return ApiKey(found, source)


def find_key(
    environment: Mapping[str, str],
    names: Sequence[str],
    vault_id: Callable[[], str],
    login: Callable[[], Login],
) -> ApiKey:
    """The key of the variable, else the first secret of `names` that the vault has. Raises NoKeyError."""
    given = environment.get(KEY_VARIABLE)
    if given is not None:
        return key_of(given, f"the key in {KEY_VARIABLE}")
    vault = vault_id()
    client = cast(Bundles, login().client(oci.secrets.SecretsClient))
    return vault_key(client, names, vault)


def vault_key(client: Bundles, names: Sequence[str], vault_id: str) -> ApiKey:
    """The first secret that exists. During a rotation, a tenant has two."""
    for name in names:
        try:
            found = client.get_secret_bundle_by_name(name, vault_id).data
        except oci.exceptions.ServiceError as error:
            if error.status == 404:
                continue
            raise
        try:
            text = base64.b64decode(found.secret_bundle_content.content, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise NoKeyError(f"secret {name} of the vault is not a text") from None
        return key_of(text, f"secret {name} of the vault")
    raise NoKeyError(
        f"the vault has no secret {' or '.join(names)}, or you may not read it (`read secret-bundles`). Create it as "
        f"docs/tenants.md says, or set {KEY_VARIABLE}"
    )
