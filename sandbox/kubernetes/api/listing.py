"""The clusters' objects as entries that `sandbox cloud` lists."""

from sandbox.kubernetes.api.objects import Live, Objects, shown
from sandbox.oci.cloud import Cloud
from sandbox.oci.model import Entry
from sandbox.store import Store


def object_entries(store: Store) -> list[Entry]:
    """Every object that the engine created in any cluster. The data of Secrets is masked."""
    objects, cloud = Objects(store), Cloud(store)
    found: list[Entry] = []
    for cluster in objects.clusters():
        home = cloud.find(cluster)
        found += [_entry(live, home) for live in objects.all(cluster) if live.urn]
    return found


def object_entry(store: Store, live: Live) -> Entry:
    """One object as such an entry."""
    return _entry(live, Cloud(store).find(live.cluster))


def _entry(live: Live, cluster: Entry | None) -> Entry:
    body = shown(live)
    status = body.get("status") or {}
    return Entry(
        id=live.id,
        token=f"kubernetes:{body['apiVersion']}:{body['kind']}",
        urn=live.urn,
        region=cluster.region if cluster else "",
        compartment_id=cluster.compartment_id if cluster else "",
        state=str(status.get("phase") or "Active").upper(),
        outputs={"cluster": live.cluster, **body},
        created_at=str(body["metadata"].get("creationTimestamp") or ""),
    )
