"""What a bucket says of its content and its replication, for the provider and for the REST API."""

from dataclasses import replace
from typing import Any

from sandbox.oci.cloud import Cloud
from sandbox.oci.errors import not_found
from sandbox.oci.ids import id_of
from sandbox.oci.lookups import Query, function
from sandbox.oci.model import Entry
from sandbox.oci.resource_types import describe
from sandbox.oci.services.object_storage.buckets import BUCKET, find_bucket
from sandbox.oci.services.object_storage.lifecycle_acts import settle
from sandbox.oci.services.object_storage.objects import Objects
from sandbox.oci.services.object_storage.replication import is_read_only, is_replicated


def facts_of(cloud: Cloud, bucket: Entry) -> dict[str, Any]:
    """Number and bytes of a bucket's objects, whether it replicates, and whether only replication writes to it."""
    settle(cloud, bucket)
    sizes = [each.size for each in Objects(cloud.store).all(bucket.id)]
    return {
        "approximateCount": len(sizes),
        "approximateSize": sum(sizes),
        "replicationEnabled": is_replicated(cloud, bucket),
        "isReadOnly": is_read_only(cloud, bucket),
    }


def _outputs(cloud: Cloud, bucket: Entry) -> dict[str, Any]:
    """The same as the provider has it: numbers are texts."""
    found = facts_of(cloud, bucket).items()
    return {name: value if isinstance(value, bool) else str(value) for name, value in found}


def _reads(cloud: Cloud, bucket: Entry) -> Entry:
    return replace(bucket, outputs={**bucket.outputs, **_outputs(cloud, bucket)})


describe(BUCKET, id="n/{namespace}/b/{name}", reads=_reads)


@function("oci:ObjectStorage/getBucket:getBucket")
def bucket(query: Query) -> dict[str, Any]:
    """A bucket by its namespace and name."""
    entry = find_bucket(query.cloud, query.args["namespace"], query.args["name"], query.region)
    if entry is None:
        raise not_found(f"bucket {query.args['name']}")
    return {**_reads(query.cloud, entry).outputs, "id": id_of(entry.id)}
