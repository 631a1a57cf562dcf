"""Names that pulumi-kubernetes generates for objects without a name."""

import hashlib
import secrets

from pulumi.runtime.proto import provider_pb2

from sandbox.kubernetes.api.kinds import urn_name
from sandbox.kubernetes.api.values import UNKNOWN, Json, at

AUTONAMED = "pulumi.com/autonamed"

_Options = provider_pb2.CheckRequest.AutonamingOptions


class NamingDisabledError(ValueError):
    """The stack's config disables autonaming, and the program gives no name."""


def unique_suffix(seed: bytes) -> str:
    """Eight hexadecimal digits, the same for the same seed."""
    return hashlib.sha256(seed).hexdigest()[:8] if seed else secrets.token_hex(4)


def named(body: Json) -> bool:
    """Whether the program names the object, with a known or an unknown name."""
    name = at(body, "metadata", "name")
    return name is UNKNOWN or bool(name)


def autonamed(body: Json) -> bool:
    """Whether the object has a generated name."""
    return at(body, "metadata", "annotations", AUTONAMED) == "true"


def assign(body: Json, old: Json | None, request: provider_pb2.CheckRequest) -> None:
    """Give an unnamed object its former or a new name, and mark the name as generated."""
    if named(body) or at(body, "metadata") is UNKNOWN:
        return
    if old:
        if not autonamed(old):
            return
        name = str(at(old, "metadata", "name"))
    else:
        name = _new_name(request)
    metadata = body.setdefault("metadata", {})
    metadata["name"] = name
    annotations = metadata.get("annotations")
    if annotations is not UNKNOWN:
        metadata["annotations"] = {**(annotations or {}), AUTONAMED: "true"}


def _new_name(request: provider_pb2.CheckRequest) -> str:
    if request.HasField("autonaming"):
        if request.autonaming.mode == _Options.DISABLE:
            raise NamingDisabledError(
                "autonaming is disabled, resource requires the .metadata.name field to be set"
            )
        return request.autonaming.proposed_name
    return f"{urn_name(request.urn)}-{unique_suffix(request.randomSeed)}"
