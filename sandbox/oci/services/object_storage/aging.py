"""Makes the objects of a bucket older, so that nobody waits for days to see what rules do to them."""

from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.oci.services.object_storage.lifecycle_acts import settle
from sandbox.oci.services.object_storage.objects import UPLOADS, Objects
from sandbox.store import now

__all__ = ["BUCKET", "age"]


def age(cloud: Cloud, bucket: Entry, days: int) -> int:
    """Set the times of all versions and uploads of a bucket back, and run its rules. Returns how many there were."""
    objects, by, count = Objects(cloud.store), timedelta(days=days), 0
    with cloud.transaction():
        for found in objects.versions(bucket.id):
            names = ("created", "modified", "superseded", "restored")
            times = {name: _earlier(getattr(found, name), by) for name in names if getattr(found, name)}
            objects.change(bucket.id, replace(found, **times))
            count += 1
        for key, kept in cloud.store.list(UPLOADS).items():
            if kept["bucket"] == bucket.id:
                shown = {**kept["shown"], "timeCreated": _earlier(kept["shown"]["timeCreated"], by)}
                cloud.store.put(UPLOADS, key, {**kept, "shown": shown})
                count += 1
        cloud.store.record("oci", "tamper", bucket.id, older=days)
        settle(cloud, bucket)
    return count


def _earlier(time: str, by: timedelta) -> str:
    return now(datetime.fromisoformat(time) - by - datetime.fromisoformat(now()))
