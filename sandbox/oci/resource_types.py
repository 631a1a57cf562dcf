"""What a service says of its types of resources, beside its rules and outputs: ids, the state they rest in, deletion.

A service's module calls `describe` for each of its types that differs from the usual one: an OCID with the type's own
name in lower case, ACTIVE once it is ready, and gone when it is deleted. Whatever else has to be told of a type in one
place, such as its path and its names in OCI's REST API, belongs into this call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.oci.discovery import import_all
from sandbox.oci.model import Entry


class Resources(Protocol):
    """The part of `Cloud` used here. `Cloud` itself cannot be imported, because it asks this module for ids."""

    def all(self, token: str) -> list[Entry]: ...


def _gone(_: Entry) -> None:
    return None


def _always(_: Entry) -> bool:
    return True


def _new(_resources: Resources, _inputs: Mapping[str, Any]) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """How a type of resource differs from the usual one."""

    ocid: str = ""
    """The type in its OCIDs; empty for its own name in lower case."""
    id: str = ""
    """The form of an id that is no OCID: inputs in braces, {new} for a new OCID, {hex} for eight digits."""
    ready: str = ""
    """The state in which it rests; empty for that of its module, or ACTIVE."""
    leaves: Callable[[Entry], Entry | None] = _gone
    """What a deletion leaves: nothing, the resource as it was (it stays in the cloud), or another state of it."""
    takes_over: Callable[[Resources, Mapping[str, Any]], Entry | None] = _new
    """What a create with these inputs takes over instead of making a new one."""

    uses: Callable[[Entry], bool] = _always
    """Whether a resource uses what its inputs name: a node pool without nodes does not."""


_USUAL = ResourceType()
_DESCRIBED: dict[str, ResourceType] = {}


def describe(*tokens: str, **differences: Any) -> None:
    """Say how types such as "oci:Kms/key:Key" differ (fields of `ResourceType`); "oci:Core" is a whole module."""
    for token in tokens:
        _DESCRIBED[token] = ResourceType(**differences)


def described(token: str) -> ResourceType:
    """What its service says of a type."""
    import_all()
    return _DESCRIBED.get(token, _USUAL)


def ready_state(token: str) -> str:
    """The state in which a resource of this type is ready."""
    module = token.split("/", maxsplit=1)[0]
    return described(token).ready or described(module).ready or "ACTIVE"
