"""Pre-authenticated requests by the official SDK."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from oci.object_storage import models

from tests.sandbox.wire.conftest import Refused
from tests.sandbox.wire.services.buckets import made_bucket


def create(storage: Any, namespace: str, **options: Any) -> Any:
    given = {
        "access_type": "ObjectRead",
        "object_name": "a",
        "time_expires": datetime.now(UTC) + timedelta(days=1),
    }
    details = models.CreatePreauthenticatedRequestDetails(name="share", **{**given, **options})
    return storage.create_preauthenticated_request(namespace, "weights", details).data


def test_a_request_is_created_listed_read_and_deleted(
    storage: Any, namespace: str, refused: Callable[[], Refused]
) -> None:
    made_bucket(storage, namespace)
    place = (namespace, "weights")
    assert storage.list_preauthenticated_requests(*place).data == []
    made = create(storage, namespace)
    assert made.access_uri.endswith(f"/n/{namespace}/b/weights/o/a")
    found = storage.get_preauthenticated_request(*place, made.id).data
    assert (found.name, found.access_type, found.object_name) == ("share", "ObjectRead", "a")
    assert [each.id for each in storage.list_preauthenticated_requests(*place).data] == [made.id]
    with refused() as refusal:
        storage.delete_bucket(*place)
    assert refusal.status == 409
    storage.delete_preauthenticated_request(*place, made.id)
    with refused() as refusal:
        storage.get_preauthenticated_request(*place, made.id)
    assert refusal.status == 404
    storage.delete_bucket(*place)


@pytest.mark.parametrize(
    "wrong",
    [
        {"object_name": None},
        {"time_expires": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_wrong_request_is_refused(
    storage: Any, namespace: str, refused: Callable[[], Refused], wrong: dict[str, Any]
) -> None:
    made_bucket(storage, namespace)
    with refused() as refusal:
        create(storage, namespace, **wrong)
    assert refusal.status == 400
