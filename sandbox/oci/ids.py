"""Ids of resources: OCIDs with their type, paths below a parent, and keys of the model."""

import hashlib
import re
import secrets
from functools import cache
from typing import Any

from facts.regions import REGIONS
from sandbox.oci.errors import OciError
from sandbox.oci.resource_types import described, every_described

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_RANDOM = 52
_MARK = 8

_GLOBAL = frozenset({"tenancy", "region", "credential", "user"})
"""OCID types without a region that no resource of the provider has, and `user`. Other types say so in `describe`.

With `user`, `sandbox serve` makes its profile before any service is loaded.
"""


@cache
def _regions() -> dict[str, str]:
    return {ocid_type(token): each.region for token, each in every_described().items()}


def is_global(kind: str) -> bool:
    """Whether OCIDs of a type have no region, because the resource exists in all regions."""
    return kind in _GLOBAL or _regions().get(kind) == "none"


def needs_region(kind: str) -> bool:
    """Whether OCIDs of a type must have a region."""
    return kind not in _GLOBAL and _regions().get(kind, "required") == "required"


def ocid_type(token: str) -> str:
    """The type in a resource's OCID: "oci:Core/subnet:Subnet" gives "subnet"."""
    return described(token).ocid or token.rsplit(":", 1)[1].lower()


def new_id(token: str, region: str, inputs: dict[str, Any]) -> str:
    """The id of a resource that is being created: an OCID, or for some types a path below their parent.

    400 if a part of the path is empty: no request could name the resource.
    """
    form = described(token).id
    for name in re.findall(r"\{(\w+)\}", form, re.ASCII):
        if inputs.get(name) == "":
            raise OciError(400, "MissingParameter", f"{name} is required.")
    fresh = new_ocid(ocid_type(token), region)
    return (
        form.format_map(_Parts({**inputs, "new": fresh, "hex": secrets.token_hex(4).upper()}))
        if form
        else fresh
    )


class _Parts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


def key_of(id: str, region: str) -> str:  # noqa: A002
    """The model's key for an id. Buckets and objects need the region in it, because their ids do not have one."""
    return f"{id}@{region}" if id.startswith("n/") else id


def id_of(key: str) -> str:
    """The provider's id of a key."""
    return key.rsplit("@", 1)[0] if key.startswith("n/") else key


def new_ocid(kind: str, region: str) -> str:
    """A new OCID of the sandbox: ocid1.<kind>.oc1.<region key>.<60 letters>. The last 8 letters are its mark."""
    bits = secrets.randbits(5 * _RANDOM)
    unique = "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in range(_RANDOM))
    return f"{_head(kind, region)}.{unique}{_mark(unique)}"


def derived_ocid(kind: str, region: str, *seed: str) -> str:
    """The sandbox's OCID for a seed, for resources that exist without being created."""
    digest = hashlib.blake2b("/".join(seed).encode(), digest_size=_RANDOM).digest()
    unique = "".join(ALPHABET[byte & 31] for byte in digest)
    return f"{_head(kind, region)}.{unique}{_mark(unique)}"


def is_ours(unique: str) -> bool:
    """Whether the sandbox generated this OCID. Such a resource may be deleted, but is never adopted."""
    return len(unique) == _RANDOM + _MARK and unique[_RANDOM:] == _mark(unique[:_RANDOM])


def region_part(region: str) -> str:
    """The region's part of an OCID: the key for the two oldest regions, the name for the others."""
    return {"us-ashburn-1": "iad", "us-phoenix-1": "phx"}.get(region, region)


def _head(kind: str, region: str) -> str:
    known = REGIONS.get(region)
    realm = known.realm if known else "oc1"
    return f"ocid1.{kind}.{realm}.{'' if is_global(kind) else region_part(region)}"


def _mark(unique: str) -> str:
    digest = hashlib.blake2b(unique.encode(), digest_size=_MARK, key=b"sandbox").digest()
    return "".join(ALPHABET[byte & 31] for byte in digest)
