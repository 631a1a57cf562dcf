"""Tiers of objects: which ones a bucket accepts, and what an archived object refuses until it is restored.

Sources: Oracle's pages "Object Storage Storage Tiers", "Updating the Object Storage Object's Storage Tier" and
"Restoring an Object Storage Object from Archive Storage". A restoration takes up to an hour there. Here it lasts until
a client has asked once. The status and the code for an archived object are unverified.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sandbox.oci.api import passing
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.services.object_storage.buckets import OBJECT, bucket_by_inputs
from sandbox.oci.services.object_storage.objects import Listed, Objects
from sandbox.store import Store, now

ARCHIVE: Final = "Archive"
TIERS: Final = ("Standard", "InfrequentAccess", ARCHIVE)
_HOURS: Final = 24
_MOST_HOURS: Final = 240


def archival_state(store: Store, bucket: str, found: Listed, *, asked: bool = False) -> str | None:
    """Archived, Restoring or Restored; None for an object of another tier. `asked` counts it as seen by a client."""
    if found.tier != ARCHIVE or found.marker:
        return None
    if found.restored <= now():
        return "Archived"
    return passing.shown_state(store, _key(bucket, found), asked=asked) or "Restored"


def require_readable(store: Store, bucket: Entry, found: Listed) -> None:
    """409 for the content of an archived object."""
    state = archival_state(store, bucket.id, found, asked=True)
    if state not in (None, "Restored"):
        text = f"The object '{found.name}' is in the archive ({state}). Restore it first."
        raise OciError(409, "NotRestored", text)


def restore(store: Store, bucket: Entry, found: Listed, hours: int | None) -> None:
    """Restore an archived object for some hours. 409 for any other object (unverified), 400 for too many hours."""
    if hours is not None and not 1 <= hours <= _MOST_HOURS:
        raise invalid_parameter(f"hours must be between 1 and {_MOST_HOURS}, not {hours}.")
    state = archival_state(store, bucket.id, found)
    if state is None:
        raise conflict(f"The object '{found.name}' is not in the archive.", "IncorrectState")
    until = now(timedelta(hours=hours or _HOURS))
    Objects(store).change(bucket.id, replace(found, restored=until))
    if state == "Archived":
        passing.begin(store, _key(bucket.id, found), "Restoring")


def _key(bucket: str, found: Listed) -> str:
    return f"{bucket}/{found.version}"


def require_tier(bucket: Entry, tier: str, old: Listed | None = None) -> None:
    """400 for a tier that the bucket does not accept, or for an archived object in another one."""
    if tier not in TIERS:
        raise _wrong_tier(f"{tier!r} is not one of {', '.join(TIERS)}.")
    if bucket.outputs.get("storageTier") == ARCHIVE != tier:
        raise _wrong_tier(f"A bucket of tier {ARCHIVE} has no objects of tier {tier}.")
    if old is not None and old.tier == ARCHIVE != tier:
        raise _wrong_tier(f"An object of tier {ARCHIVE} cannot be moved to tier {tier}.")


def _wrong_tier(reason: str) -> OciError:
    # The code is in an answer of the service that rclone's issue 7417 quotes.
    return OciError(400, "InvalidStorageTier", f"The storage tier is invalid: {reason}")


@rule(OBJECT, on="create update")
def object_tier(call: Call) -> None:
    """400 for a tier that the bucket does not accept, or for an archived object in another one."""
    tier, name = str(call.inputs.get("storageTier") or ""), str(call.inputs.get("object"))
    bucket = bucket_by_inputs(call.cloud, call.inputs, call.region)
    if bucket is not None and tier:
        updated = call.operation == "update"
        require_tier(bucket, tier, Objects(call.cloud.store).latest(bucket.id, name) if updated else None)
