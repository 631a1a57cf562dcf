"""Request signatures: who calls, and whether the profile's key has signed.

Source: Oracle's page "Request Signatures" (draft-cavage-http-signatures-08): RSA-SHA256 over `date` or `x-date`,
`(request-target)` and `host`, and for POST and PUT `content-length`, `content-type` and `x-content-sha256`. A clock
that is more than five minutes off is refused. Oracle's SDK for Python (oci 2.189.0) also signs these three for PATCH
(`oci/signer.py`), and leaves them out for PutObject and UploadPart (`enforce_content_headers=False`).
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.oci.errors import OciError

CLOCK_SKEW = timedelta(minutes=5)
_PART = re.compile(r'(\w+)="([^"]*)"', re.ASCII)
_BODY = ("content-length", "content-type", "x-content-sha256")


@dataclass(frozen=True)
class Signature:
    """The parts of an Authorization header."""

    key_id: str
    """`<tenancy>/<user>/<fingerprint>`; another kind of login has another form."""
    headers: tuple[str, ...]
    signature: bytes

    @property
    def tenancy(self) -> str:
        """The tenancy's OCID. Empty for another kind of login."""
        first = self.key_id.split("/")[0]
        return first if first.startswith("ocid1.tenancy.") else ""


@dataclass(frozen=True)
class Signed:
    """What a signature is over."""

    method: str
    target: str
    """Path and query as sent."""
    headers: Mapping[str, str]
    content: bytes
    sends_file: bool = False
    """Whether the body is a file, whose digest need not be signed."""


def parse_signature(header: str | None) -> Signature | None:
    """The signature of an Authorization header; None without one. 401 for a header of another form."""
    if not header:
        return None
    scheme, _, rest = header.partition(" ")
    parts = dict(_PART.findall(rest))
    if scheme.lower() != "signature" or not {"keyId", "signature"} <= parts.keys():
        raise not_authenticated("The Authorization header is not a signature of OCI.")
    try:
        signature = base64.b64decode(parts["signature"], validate=True)
    except ValueError as error:
        raise not_authenticated("The signature is not Base64.") from error
    return Signature(parts["keyId"], tuple(parts.get("headers", "date").lower().split()), signature)


def verify(signature: Signature | None, signed: Signed, key_id: str, key: rsa.RSAPublicKey) -> None:
    """Raise 401 unless the profile's key has signed this request within the last minutes."""
    if signature is None:
        raise not_authenticated("The request is not signed.")
    if signature.key_id != key_id:
        raise not_authenticated(f"The key {signature.key_id} is not the key of the sandbox's profile.")
    _require_time(signed.headers)
    required = {"(request-target)", "host"}
    if signed.method in ("POST", "PUT", "PATCH") and not signed.sends_file:
        required |= set(_BODY)
    left_out = sorted(required - set(signature.headers))
    if left_out or not {"date", "x-date"} & set(signature.headers):
        raise not_authenticated(
            f"The signature leaves out {', '.join(left_out) or 'the date'}, which must be signed."
        )
    if "x-content-sha256" in signature.headers:
        digest = base64.b64encode(hashlib.sha256(signed.content).digest()).decode()
        if signed.headers.get("x-content-sha256") != digest:
            raise not_authenticated("x-content-sha256 is not the digest of the body.")
    try:
        key.verify(signature.signature, _text(signature, signed), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise not_authenticated("The signature does not match the request.") from error


def _text(signature: Signature, signed: Signed) -> bytes:
    special = {"(request-target)": f"{signed.method.lower()} {signed.target}"}
    lines = (f"{name}: {special.get(name, signed.headers.get(name, ''))}" for name in signature.headers)
    return "\n".join(lines).encode()


def _require_time(headers: Mapping[str, str]) -> None:
    try:
        at = parsedate_to_datetime(headers.get("x-date") or headers.get("date") or "")
    except (ValueError, OverflowError) as error:
        raise not_authenticated("The request has no date.") from error
    if abs(datetime.now(UTC) - (at if at.tzinfo else at.replace(tzinfo=UTC))) > CLOCK_SKEW:
        raise not_authenticated("The date of the request is more than five minutes off.")


def not_authenticated(reason: str) -> OciError:
    """401, as OCI answers. OCI gives no reason, so the sandbox adds one as a note."""
    return OciError(
        401,
        "NotAuthenticated",
        "The required information to complete authentication was not provided or was incorrect.",
        note=reason,
    )
