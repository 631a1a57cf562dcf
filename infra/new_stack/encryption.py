"""Encrypted values of the source: the new stack can read them only with the same passphrase.

Source: the engine's sdk/go/common/resource/config/crypt.go and pkg/secrets/passphrase. The key comes from PBKDF2 with
SHA-256 and 1,000,000 rounds. The salt contains the word `pulumi`, encrypted with AES-256-GCM.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facts.problem import Problem

ROUNDS, KEY_BYTES = 1_000_000, 32
_PROOF = b"pulumi"

_OTHERWISE = "Or remove them from a copy of the source, and set them with `pulumi config set --secret --path`"


def encryption_problems(
    content: Mapping[str, object], encrypted: frozenset[str], source: str, environment: Mapping[str, str]
) -> Iterator[Problem]:
    """Encrypted values that the new stack could not read. `content`: the source file."""
    if not encrypted or content.get("secretsprovider") not in (None, "", "passphrase"):
        return  # a key service decrypts for every stack that names its key
    salt, listed = content.get("encryptionsalt"), ", ".join(sorted(encrypted))
    if not isinstance(salt, str):
        allowed = f"are encrypted for {source} alone: its file has no encryptionsalt"
        yield Problem(listed, "[encrypted]", allowed, _OTHERWISE)
        return
    passphrase = _passphrase(environment)
    if passphrase is None:
        fix = f"Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE. {_OTHERWISE}"
        yield Problem(listed, "[encrypted]", f"need the passphrase of {source}, which is not set", fix)
    elif not opens(salt, passphrase):
        fix = f"Set PULUMI_CONFIG_PASSPHRASE to the passphrase of {source}. {_OTHERWISE}"
        yield Problem(
            listed, "[encrypted]", "are encrypted with another passphrase than the one that is set", fix
        )


def opens(salt: str, passphrase: str) -> bool:
    """Whether the passphrase belongs to an `encryptionsalt`: `v1:<salt>:v1:<nonce>:<ciphertext>`."""
    try:
        _, own, _, nonce, proof = salt.split(":")
        key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), b64decode(own), ROUNDS, KEY_BYTES)
        return AESGCM(key).decrypt(b64decode(nonce), b64decode(proof), None) == _PROOF
    except (ValueError, InvalidTag):
        return False


def _passphrase(environment: Mapping[str, str]) -> str | None:
    """The passphrase as the engine finds it."""
    given = environment.get("PULUMI_CONFIG_PASSPHRASE")
    if given is not None:
        return given
    file = environment.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip() if file else None
    except OSError:
        return None
