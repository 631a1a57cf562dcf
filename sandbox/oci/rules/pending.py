"""Resources that OCI deletes only after a wait, and what stays in use until then. See `waits`."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import import_all
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe, ready_state
from sandbox.oci.rules import Call, rule

DOCS = "https://docs.oracle.com/en-us/iaas/Content"


@dataclass(frozen=True, kw_only=True)
class Wait:
    """How OCI deletes one type of resource."""

    days: tuple[int, int]
    """The shortest and the longest wait. The longest one is the default."""
    cancel: str
    """The command that cancels the deletion. `{id}` is replaced by the OCID, `{keyId}` and `{managementEndpoint}` by
    the inputs with these names."""
    page: str
    """The source: a page of Oracle's."""
    name: str | None = None
    """The input whose value stays in use until the end of the wait. None if names need not be unique."""
    within: str = ""
    """The input within which the name is unique."""
    blocks: str = ""
    """What else is blocked during the wait."""
    recovered: Callable[[Entry], str] | None = None
    """The state after a cancelled deletion, from the resource's inputs. None: the state when it is ready."""


_WAITS: dict[str, Wait] = {}


def every_wait() -> Mapping[str, Wait]:
    """All types whose deletion waits."""
    import_all()
    return _WAITS


def waits(token: str, wait: Wait, **differences: Any) -> None:
    """Register a type whose deletion waits. `differences` are further arguments of `describe`."""
    _WAITS[token] = wait
    describe(token, leaves=_waiting, **differences)
    rule(token, on="delete")(time_of_deletion)
    if wait.name:
        rule(token)(name_is_free)


def _waiting(entry: Entry) -> Entry:
    asked = entry.inputs.get("timeOfDeletion")
    due = datetime.now(UTC) + timedelta(days=_WAITS[entry.token].days[1])
    at = str(asked) if asked else f"{due:%Y-%m-%dT%H:%M:%S.000Z}"
    outputs = {**entry.outputs, "state": "PENDING_DELETION", "timeOfDeletion": at}
    return replace(entry, state="PENDING_DELETION", deleted_at=at, outputs=outputs)


def deletion_cancelled(cloud: Cloud, entry: Entry) -> Entry:
    """Cancel the pending deletion of a resource, and return the resource."""
    outputs = {name: value for name, value in entry.outputs.items() if name != "timeOfDeletion"}
    before = _WAITS[entry.token].recovered if entry.token in _WAITS else None
    state = before(entry) if before else ready_state(entry.token)
    alive = replace(entry, state=state, deleted_at="", outputs={**outputs, "state": state}, urn="")
    cloud.save(alive)
    cloud.store.record("oci", "recover", entry.id, token=entry.token)
    return alive


def name_is_free(call: Call) -> None:
    """409 for the name of a live resource. 400 for that of one with a pending deletion, with the way to recover it."""
    how = _WAITS[call.token]
    kind, name, place = call.token.rsplit(":", 1)[-1], call.inputs.get(how.name or ""), how.within
    for other in call.cloud.entries():
        same = other.token == call.token and other.inputs.get(place) == call.inputs.get(place)
        if not same or other.inputs.get(how.name or "") != name:
            continue
        taken = (
            f"{kind} with name {name} already exists in {place.removesuffix('Id')} {call.inputs.get(place)}"
        )
        if other.live:
            raise conflict(taken)
        raise invalid_parameter(f"{taken}: {how_to_recover(other)}")


def how_to_recover(entry: Entry) -> str:
    """Until when the deletion is pending, and how to cancel it. Only for a type in `every_wait`."""
    values = defaultdict(str, {**entry.inputs, "id": entry.id.rsplit("/", 1)[-1]})
    cancel = _WAITS[entry.token].cancel.format_map(values)
    return (
        f"its deletion is pending until {entry.deleted_at[:10]}. To recover it: {cancel} "
        f"(here: `sandbox cloud recover {entry.id}`), then `pulumi import` as docs/pending-deletion.md says."
    )


def time_of_deletion(call: Call) -> None:
    """400 for a time of deletion outside the type's bounds, such as 7 to 30 days for vaults and keys."""
    text = call.inputs.get("timeOfDeletion")
    if not isinstance(text, str) or not text:
        return
    least, most = _WAITS[call.token].days
    try:
        due = datetime.fromisoformat(text)
        wait = due - datetime.now(UTC)
    except (ValueError, TypeError):  # TypeError: a time without an offset
        raise invalid_parameter(f"timeOfDeletion {text} is not a time of RFC 3339.") from None
    # One hour of tolerance, because the time was chosen before the call.
    if not timedelta(days=least) - timedelta(hours=1) <= wait <= timedelta(days=most):
        raise invalid_parameter(f"timeOfDeletion must be {least} to {most} days from now.")
