"""Uploads in parts under faults and many clients, by the official SDK."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from oci.exceptions import ServiceError
from oci.object_storage import models

from sandbox.faults import FaultBook
from sandbox.oci.services.object_storage.objects import Objects
from sandbox.store import Store
from tests.sandbox.wire.conftest import Refused
from tests.sandbox.wire.services.buckets import made_bucket

Place = tuple[str, str]


@pytest.fixture
def place(storage: Any, namespace: str) -> Place:
    made_bucket(storage, namespace)
    return namespace, "weights"


def begin(storage: Any, place: Place) -> str:
    details = models.CreateMultipartUploadDetails(object="big")
    return storage.create_multipart_upload(*place, details).data.upload_id


def test_a_part_that_arrives_while_its_upload_is_aborted_is_not_kept(
    storage: Any, place: Place, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, put_part = begin(storage, place), Objects.put_part
    aborting = threading.Thread(target=storage.abort_multipart_upload, args=(*place, "big", upload))

    def late(objects: Objects, *args: Any) -> tuple[str, str]:
        aborting.start()
        aborting.join(0.3)
        return put_part(objects, *args)

    monkeypatch.setattr(Objects, "put_part", late)
    storage.upload_part(*place, "big", upload, 1, b"part")
    aborting.join()
    assert storage.list_multipart_uploads(*place).data == []
    assert Objects(store).parts(upload) == []


@pytest.mark.parametrize("step", ["begin", "part", "abort"])
def test_each_step_of_an_upload_meets_faults(
    storage: Any, place: Place, faults: FaultBook, step: str
) -> None:
    upload = begin(storage, place)
    steps: dict[str, Callable[[], object]] = {
        "begin": lambda: begin(storage, place),
        "part": lambda: storage.upload_part(*place, "big", upload, 1, b"part"),
        "abort": lambda: storage.abort_multipart_upload(*place, "big", upload),
    }
    faults.add("throttle", type="StorageObject", operation="delete" if step == "abort" else "create", times=1)
    with pytest.raises(ServiceError) as refusal:
        steps[step]()
    assert refusal.value.status == 429
    steps[step]()


def test_a_refused_upload_is_recorded(
    storage: Any, place: Place, store: Store, refused: Callable[[], Refused]
) -> None:
    details = models.CreateMultipartUploadDetails(object="a\nb")
    with refused() as refusal:
        storage.create_multipart_upload(*place, details)
    assert refusal.code == "InvalidObjectName"
    assert [each.detail["code"] for each in store.events("oci") if each.verb == "refuse"] == [refusal.code]
