"""Names that are taken: by what lives, and by what waits for its deletion."""

from datetime import UTC, datetime, timedelta

from facts.pending import PENDING
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule

_NAMED = tuple(token for token, each in PENDING.items() if each.name)


@rule(*_NAMED)
def name_is_free(call: Call) -> None:
    """409 for a living namesake; 400 for one that waits for its deletion, with the way to have it back."""
    how = PENDING[call.token]
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
        raise invalid_parameter(f"{taken}: {_way_out(other, how.cancel)}")


def _way_out(entry: Entry, cancel: str) -> str:
    return (
        f"it waits for its deletion until {entry.deleted_at[:10]}. To have it back: {cancel.format(id=entry.id)} "
        f"(here: sandbox cloud recover {entry.id}), then `pulumi import` as docs/pending-deletion.md says."
    )


@rule(*PENDING, on="delete")
def time_of_deletion(call: Call) -> None:
    """400: vaults, keys and authorities wait 7 to 30 days for their deletion, secrets and certificates 1 to 30."""
    text = call.inputs.get("timeOfDeletion")
    if not isinstance(text, str) or not text:
        return
    least, most = PENDING[call.token].days
    try:
        due = datetime.fromisoformat(text)
    except ValueError:
        raise invalid_parameter(f"timeOfDeletion {text} is not a time of RFC 3339.") from None
    wait = due.replace(tzinfo=due.tzinfo or UTC) - datetime.now(UTC)
    # An hour of grace: the time was written before the call came.
    if not timedelta(days=least) - timedelta(hours=1) <= wait <= timedelta(days=most):
        raise invalid_parameter(f"timeOfDeletion must be {least} to {most} days from now.")
