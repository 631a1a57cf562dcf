"""Resources that cannot be deleted while others use them. Each service registers its types with `keep_while_used`."""

from collections.abc import Callable
from typing import Final

from sandbox.oci.errors import OciError, conflict
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.wording import still_references

_KEPT: Final[dict[str, tuple[tuple[str, ...], Callable[[str, Entry], OciError]]]] = {}


def keep_while_used(token: str, *, by: tuple[str, ...], refusal: Callable[[str, Entry], OciError]) -> None:
    """Refuse the deletion of a type while a resource of another type refers to it.

    `refusal` gets the id and the resource that refers to it, and returns the error.
    """
    _KEPT[token] = (by, refusal)
    rule(token, on="delete")(is_not_used)


def is_not_used(call: Call) -> None:
    """409 while a resource of the registered types uses it."""
    users, refusal = _KEPT[call.token]
    target = id_of_deleted(call)
    for each in call.cloud.referrers(target):
        if each.token in users and described(each.token).uses(each):
            raise refusal(target, each)


def id_of_deleted(call: Call) -> str:
    """The id of the resource that a call deletes."""
    assert call.old is not None  # noqa: S101 - a delete always has a resource
    return call.old.id


def references(noun: str, other: str) -> Callable[[str, Entry], OciError]:
    """A refusal in the networking service's words."""
    return lambda target, entry: still_references(noun, target, other, entry.id)


def in_use(noun: str) -> Callable[[str, Entry], OciError]:
    """A refusal in the compute service's words."""
    return lambda target, entry: conflict(f"{noun} {target} is in use by {entry.id}", "IncorrectState")
