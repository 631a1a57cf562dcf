"""Checksums of what a client uploads: those that it tells must be right, and the one that it asks for is kept.

Source: the SDK's text on PutObject and UploadPart, which has the messages. The codes but that of MD5 are unverified.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from sandbox.oci.errors import OciError, invalid_parameter
from sandbox.oci.services.object_storage.objects import digest

_CASTAGNOLI: Final = 0x82F63B78


@cache
def _table() -> tuple[int, ...]:
    found: list[int] = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_CASTAGNOLI if value & 1 else 0)
        found.append(value)
    return tuple(found)


def _crc32c(content: bytes) -> bytes:
    table, value = _table(), 0xFFFFFFFF
    for byte in content:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return (value ^ 0xFFFFFFFF).to_bytes(4, "big")


_ALGORITHMS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "CRC32C": _crc32c,
    "SHA256": lambda content: hashlib.sha256(content).digest(),
    "SHA384": lambda content: hashlib.sha384(content).digest(),
}


def checksums(headers: Mapping[str, str], content: bytes) -> dict[str, str]:
    """The header with the checksum that a request asks for, if any. 400 where one that it tells is wrong."""
    _compare("MD5", "Content-MD5", headers, digest(content))
    algorithm = headers.get("opc-checksum-algorithm", "").upper()
    if not algorithm:
        return {}
    if algorithm not in _ALGORITHMS:
        raise invalid_parameter(
            f"opc-checksum-algorithm: {algorithm} is not one of {', '.join(_ALGORITHMS)}."
        )
    name = f"opc-content-{algorithm.lower()}"
    own = base64.b64encode(_ALGORITHMS[algorithm](content)).decode()
    _compare(algorithm, name, headers, own)
    return {name: own}


def _compare(algorithm: str, name: str, headers: Mapping[str, str], own: str) -> None:
    told = headers.get(name.lower())
    if told and told != own:
        text = (
            f"The computed {algorithm} of the request body ({own}) does not match the {name} header ({told})"
        )
        raise OciError(400, f"UnmatchedContent{algorithm}", text)


_CUSTOMER_KEYS: Final = ("opc-sse-customer-key", "opc-source-sse-customer-key", "opc-sse-kms-key-id")


def refuse_keys(headers: Mapping[str, str]) -> None:
    """501 for a key of the client's own: the sandbox would not encrypt with it."""
    for name in _CUSTOMER_KEYS:
        if headers.get(name):
            raise OciError(501, "NotImplemented", f"The sandbox does not model the header {name}.")
