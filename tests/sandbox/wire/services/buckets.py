"""Makes buckets by the official SDK."""

from typing import Any

from oci.object_storage import models

from tests.sandbox.wire.conftest import COMPARTMENT


def made_bucket(storage: Any, namespace: str, name: str = "weights") -> Any:
    details = models.CreateBucketDetails(
        name=name, compartment_id=COMPARTMENT, public_access_type="NoPublicAccess"
    )
    return storage.create_bucket(namespace, details).data
