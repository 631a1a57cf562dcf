"""What keys encrypt with in the sandbox: material that exists in this sandbox only. It is no HSM.

The material of every key version is derived from one random file beside the database, which only its owner can read.
The database alone shows neither a key nor the content of a secret.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sandbox.store import Store

_FILE = "vault.key"
_ROOT = 32
_NONCE = 12


def seal(store: Store, name: str, plain: bytes, associated: bytes = b"", *, length: int = 32) -> bytes:
    """Encrypt with the material of a name, by AES-GCM: nonce and ciphertext. `length` is the key's, in bytes."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_material(store, name, length)).encrypt(nonce, plain, associated)


def unseal(
    store: Store, name: str, sealed: bytes, associated: bytes = b"", *, length: int = 32
) -> bytes | None:
    """The inverse of `seal`; None if these bytes were not sealed with the same name and associated data."""
    if len(sealed) <= _NONCE:
        return None
    try:
        return AESGCM(_material(store, name, length)).decrypt(sealed[:_NONCE], sealed[_NONCE:], associated)
    except InvalidTag:
        return None


def _material(store: Store, name: str, length: int) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=length, salt=None, info=name.encode())
    return derived.derive(_root(store.path.with_name(_FILE)))


def _root(path: Path) -> bytes:
    """The file's bytes. It is written whole under another name first, so that nobody reads a part of it."""
    if not path.exists():
        scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        scratch.touch(0o600, exist_ok=False)
        scratch.write_bytes(secrets.token_bytes(_ROOT))
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return path.read_bytes()
