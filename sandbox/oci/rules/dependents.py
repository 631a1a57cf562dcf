"""What cannot be deleted because something else depends on it. Each service says so of its types with `held`."""

from collections.abc import Callable
from typing import Final

from sandbox.oci.errors import OciError, conflict
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import described
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.wording import still_references

_HELD: Final[dict[str, tuple[tuple[str, ...], Callable[[str, Entry], OciError]]]] = {}


def held(token: str, *, by: tuple[str, ...], refusal: Callable[[str, Entry], OciError]) -> None:
    """Refuse the deletion of a type while a resource of another type refers to it.

    `refusal` makes the answer of the id and of what holds it.
    """
    _HELD[token] = (by, refusal)
    rule(token, on="delete")(nothing_holds_it)


def nothing_holds_it(call: Call) -> None:
    """409 while one of the named types still refers to it."""
    holders, refusal = _HELD[call.token]
    target = id_of_deleted(call)
    for each in call.cloud.referrers(target):
        if each.token in holders and described(each.token).uses(each):
            raise refusal(target, each)


def id_of_deleted(call: Call) -> str:
    """The id of what a call deletes."""
    assert call.old is not None  # noqa: S101 - a delete is always of something
    return call.old.id


def references(noun: str, other: str) -> Callable[[str, Entry], OciError]:
    """A refusal in the networking service's words."""
    return lambda target, entry: still_references(noun, target, other, entry.id)


def in_use(noun: str) -> Callable[[str, Entry], OciError]:
    """A refusal in the compute service's words."""
    return lambda target, entry: conflict(f"{noun} {target} is in use by {entry.id}", "IncorrectState")
