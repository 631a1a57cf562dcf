"""States that pass: a resource that was just created, changed or deleted shows this state until it was read once.

Clients wait: they ask again until a resource is ready or gone. The model knows only where a resource comes to rest, so
what it was on the way is kept here, beside it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from facts.oci_api import Model
from sandbox.store import Store

_PASSING = "oci-passing"
_GONE = "oci-api-gone"
_AGES = 1
"""How many times a client that waits still sees the state that passes."""

_WORDS = {
    "create": ("PROVISIONING", "CREATING", "STARTING"),
    "update": ("UPDATING",),
    "delete": ("TERMINATING", "DELETING"),
}

_LIFE = timedelta(hours=24)
"""How long a deleted resource is kept if nobody asks for it."""


def state_name(found: Model, step: str) -> str | None:
    """A model's name of a step (create, update, delete). None if it has no such state."""
    value = found.properties.get("lifecycleState")
    choices = value.choices if value else ()
    return next((word for word in _WORDS[step] if word in choices), None)


def begin(store: Store, key: str, state: str | None) -> None:
    """Show this state for a while; None for no state that passes."""
    if state is not None:
        store.put(_PASSING, key, {"state": state, "left": _AGES})


def end(store: Store, key: str) -> None:
    """Show the model's own state from now on."""
    store.delete(_PASSING, key)


def shown_state(store: Store, key: str, *, asked: bool = False) -> str | None:
    """The state to show instead of the model's; `asked` counts it as seen by a client that waits."""
    found = store.get(_PASSING, key)
    if found is None:
        return None
    if asked:
        if found["left"] > 1:
            store.put(_PASSING, key, {**found, "left": found["left"] - 1})
        else:
            store.delete(_PASSING, key)
    return str(found["state"])


def shown_states(store: Store) -> Mapping[str, str]:
    """The states to show instead of the model's, by key. A list shows them, and they do not count as seen."""
    return {key: str(each["state"]) for key, each in store.list(_PASSING).items()}


def bury(store: Store, key: str, place: str, body: dict[str, Any], found: Model) -> None:
    """Keep how a deleted resource is shown until it is gone. `place` is its type and region: see `remains`."""
    store.delete(_PASSING, key)
    state = state_name(found, "delete")
    if state is not None:
        last = {**body, "lifecycleState": state}
        store.put(_GONE, f"{key} {place}", {"body": last, "left": _AGES}, lifetime=_LIFE)


def remains(store: Store, key: str, place: str) -> dict[str, Any] | None:
    """The body of a deleted resource that is not gone yet, asked for as this type and in this region."""
    found = store.get(_GONE, f"{key} {place}")
    if found is None:
        return None
    if found["left"] > 1:
        store.put(_GONE, f"{key} {place}", {**found, "left": found["left"] - 1})
    else:
        store.delete(_GONE, f"{key} {place}")
    return found["body"]
