"""A client of Object Storage."""

from typing import Any

import pytest
from oci.object_storage import ObjectStorageClient

from tests.sandbox.wire.conftest import Wire


@pytest.fixture
def storage(wire: Wire) -> Any:
    return wire.client(ObjectStorageClient)


@pytest.fixture
def namespace(storage: Any) -> str:
    return storage.get_namespace().data
