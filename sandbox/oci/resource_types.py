"""How the types of resources differ: ids, the state when ready, deletion.

A service's module calls `describe` for each of its types that differs from the default. By default the OCID has the
type's name in lower case, the state is ACTIVE when the resource is ready, and a deleted resource no longer exists.
Other facts about a type, such as its path and its names in OCI's REST API, also belong in this call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.oci.discovery import import_all
from sandbox.oci.model import Entry


class Resources(Protocol):
    """The part of `Cloud` used here. `Cloud` itself cannot be imported, because it imports this module for ids."""

    def all(self, token: str) -> list[Entry]: ...


def _gone(_: Entry) -> None:
    return None


def _as_it_is(_cloud: Any, entry: Entry) -> Entry:
    return entry


def _nothing(_cloud: Any, _entry: Entry) -> None:
    return None


def _unknown(_cloud: Any, _id: str, _region: str) -> None:
    return None


def _always(_: Entry) -> bool:
    return True


def _new(_resources: Resources, _inputs: Mapping[str, Any]) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """How a type of resource differs from the default."""

    ocid: str = ""
    """The type in its OCIDs. Empty: the type's name in lower case."""
    region: Literal["required", "optional", "none"] = "required"
    """The region in its OCIDs. "none" is for a resource that exists in all regions."""
    id: str = ""
    """The form of an id that is not an OCID: inputs in braces, {new} for a new OCID, {hex} for eight digits."""
    ready: str = ""
    """The state when it is ready. Empty: that of its module, or ACTIVE."""
    leaves: Callable[[Entry], Entry | None] = _gone
    """What remains after a deletion: None, the same resource (it stays), or the resource in another state."""
    takes_over: Callable[[Resources, Mapping[str, Any]], Entry | None] = _new
    """The existing resource that a create with these inputs takes over. None: the create makes a new one."""
    writes: Callable[[Any, Entry], Entry] = _as_it_is
    """Writes what a resource has outside the model, such as an object's content, from the cloud and the resource as it
    will be. Returns the resource as it is then."""
    reads: Callable[[Any, Entry], Entry] = _as_it_is
    """Adds what a read shows and the model does not keep, such as the number of a bucket's objects."""
    erases: Callable[[Any, Entry], None] = _nothing
    """Deletes what a resource has outside the model."""
    finds: Callable[[Any, str, str], Entry | None] = _unknown
    """The resource with an id in a region that exists outside the model only, such as an object that was uploaded."""
    uses: Callable[[Entry], bool] = _always
    """Whether a resource uses what its inputs name: a node pool without nodes does not."""


_DEFAULT = ResourceType()
_DESCRIBED: dict[str, ResourceType] = {}


def describe(*tokens: str, **differences: Any) -> None:
    """Register how types such as "oci:Kms/key:Key" differ (fields of `ResourceType`). "oci:Core" is a whole module."""
    for token in tokens:
        _DESCRIBED[token] = ResourceType(**differences)


_BEFORE: dict[str, Callable[[Any], None]] = {}


def happens_before(token: str, function: Callable[[Any], None]) -> None:
    """Register what time has changed in the cloud by itself, and what is therefore done before each call of a type."""
    _BEFORE[token] = function


def let_happen(cloud: Any, token: str) -> None:
    """Do what time has changed in the cloud by itself, before a call of a type."""
    import_all()
    if token in _BEFORE:
        _BEFORE[token](cloud)


def described(token: str) -> ResourceType:
    """The registered differences of a type, or the default."""
    import_all()
    return _DESCRIBED.get(token, _DEFAULT)


def every_described() -> Mapping[str, ResourceType]:
    """All types with registered differences."""
    import_all()
    return _DESCRIBED


def ready_state(token: str) -> str:
    """The state of a resource of this type when it is ready."""
    module = token.split("/", maxsplit=1)[0]
    return described(token).ready or described(module).ready or "ACTIVE"
