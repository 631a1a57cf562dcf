"""Vault: encryption with keys in OCI's REST API, at the vault's own address.

AES keys encrypt by AES-GCM with material that exists in this sandbox only. It is no HSM, and OCI cannot decrypt what
was encrypted here. The form of a ciphertext and of a checksum (CRC-32) is the sandbox's own. Signing, RSA and ECDSA are
not modelled.
"""

import base64
import json
import secrets
import zlib
from typing import Any, Final

from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.vault.keys_api import enabled_key, key_versions
from sandbox.oci.services.vault.material import seal, unseal

_CRYPTO: Final = "key_management.KmsCryptoClient"
_ALGORITHM: Final = "AES_256_GCM"


@answers(_CRYPTO, "encrypt")
def encrypt(request: Request) -> Response:
    """Encrypt with the key's current version, or with the version that the body names."""
    body = request.body
    key = _aes_key(request, body)
    version = body.get("keyVersionId") or key.outputs["currentKeyVersion"]
    ciphertext = _encrypted(request, key, version, _bytes("plaintext", body["plaintext"]))
    return Response(body={"ciphertext": ciphertext, **_used(key, version)})


@answers(_CRYPTO, "decrypt")
def decrypt(request: Request) -> Response:
    """Decrypt with the version that encrypted. 400 for another key, other associated data or a changed ciphertext."""
    body = request.body
    key = _aes_key(request, body)
    version, _, sealed = _bytes("ciphertext", body["ciphertext"]).partition(b"|")
    name = version.decode("ascii", "replace")
    plain = None
    if body.get("keyVersionId") in (None, name):
        _require_version(request, key, name)
        plain = unseal(request.cloud.store, name, sealed, _associated(body), length=_length(key))
    if plain is None:
        raise invalid_parameter("The ciphertext was not encrypted with this key and associated data.")
    return Response(body={**_shown(plain), **_used(key, name)})


@answers(_CRYPTO, "generate_data_encryption_key")
def generate_data_encryption_key(request: Request) -> Response:
    """A random key for a client's own encryption, encrypted with the key and, if wanted, in the clear."""
    body = request.body
    key = _aes_key(request, body)
    length = body["keyShape"]["length"]
    if body["keyShape"]["algorithm"].upper() != "AES" or length not in (16, 24, 32):
        raise invalid_parameter("keyShape must be AES with a length of 16, 24 or 32 bytes.")
    plain = secrets.token_bytes(length)
    ciphertext = _encrypted(request, key, key.outputs["currentKeyVersion"], plain)
    shown = _shown(plain) if body["includePlaintextKey"] else {}
    return Response(body={"ciphertext": ciphertext, **shown})


def _aes_key(request: Request, body: dict[str, Any]) -> Entry:
    key = enabled_key(request, body["keyId"])
    algorithm = str(next(iter(blocks(key.outputs, "keyShape")), {}).get("algorithm")).upper()
    if algorithm != "AES" or body.get("encryptionAlgorithm") not in (None, _ALGORITHM):
        raise OciError(501, "NotImplemented", "The sandbox encrypts with AES keys and AES_256_GCM only.")
    return key


def _encrypted(request: Request, key: Entry, version: str, plain: bytes) -> str:
    _require_version(request, key, version)
    sealed = seal(request.cloud.store, version, plain, _associated(request.body), length=_length(key))
    return base64.b64encode(version.encode() + b"|" + sealed).decode()


def _require_version(request: Request, key: Entry, version: str) -> None:
    """404 for a version that the key does not have, or that waits for its deletion."""
    known = {each.outputs["keyVersionId"] for each in key_versions(request, key) if each.live}
    if version not in known:
        raise not_found(f"keyVersionId: {version}.")


def _length(key: Entry) -> int:
    return int(blocks(key.outputs, "keyShape")[0]["length"])


def _associated(body: dict[str, Any]) -> bytes:
    return json.dumps(body.get("associatedData") or {}, sort_keys=True).encode()


def _bytes(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise invalid_parameter(f"{name} must be Base64.") from error


def _shown(plain: bytes) -> dict[str, str]:
    return {"plaintext": base64.b64encode(plain).decode(), "plaintextChecksum": str(zlib.crc32(plain))}


def _used(key: Entry, version: str) -> dict[str, str]:
    return {"keyId": key.id, "keyVersionId": version, "encryptionAlgorithm": _ALGORITHM}
