"""`etag` and `if-match`: an update of what has changed since it was read is refused."""

import hashlib
from collections.abc import Mapping

from sandbox.oci.errors import OciError
from sandbox.oci.model import Entry


def etag(entry: Entry) -> str:
    """The entity tag of a resource as it is now. Each change gives another one, also a change back."""
    text = f"{entry.id} {entry.created_at} {entry.revision}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def require_none(headers: Mapping[str, str]) -> None:
    """412 if the request names an entity tag of something that does not exist."""
    if headers.get("if-match"):
        raise _no_match()


def _no_match() -> OciError:
    return OciError(
        412, "NoEtagMatch", "The provided if-match does not match the current etag of the resource."
    )


def require_match(headers: Mapping[str, str], entry: Entry) -> None:
    """412 if the request names an entity tag that is not the resource's, or forbids the one that it has."""
    wanted = headers.get("if-match")
    if wanted and wanted.strip('"') not in ("*", etag(entry)):
        raise _no_match()
