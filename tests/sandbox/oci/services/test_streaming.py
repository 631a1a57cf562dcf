"""What Streaming refuses."""

from typing import Any

import pytest

from sandbox.oci.model import Entry
from tests.sandbox.oci.conftest import Refused, Service

POOL = "oci:Streaming/streamPool:StreamPool"
STREAM = "oci:Streaming/stream:Stream"


def stream(service: Service, **changes: Any) -> Entry:
    return service.create(STREAM, **({"name": "requests", "partitions": 1, "retentionInHours": 24} | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"partitions": 0}, "partitions must be greater than or equal to 1"),
        ({"retentionInHours": 12}, "retentionInHours 12 must be between 24 and 168"),
        ({"retentionInHours": 169}, "retentionInHours 169 must be between 24 and 168"),
    ],
)
def test_a_wrong_stream_is_refused(
    service: Service, refused: Refused, changes: dict[str, Any], message: str
) -> None:
    refused(400, "InvalidParameter", message, stream, service, **changes)


def test_a_stream_name_is_unique_and_a_pool_with_streams_cannot_be_deleted(
    service: Service, refused: Refused
) -> None:
    pool, other = service.create(POOL, name="a"), service.create(POOL, name="b")
    stream(service, streamPoolId=pool.id)
    stream(service, streamPoolId=other.id)
    refused(409, "Conflict", "already exists in the stream pool", stream, service, streamPoolId=pool.id)
    refused(409, "IncorrectState", "still contains streams", service.delete, pool)


def test_security_groups_of_a_pool_need_a_private_endpoint(service: Service, refused: Refused) -> None:
    settings = {"nsgIds": ["ocid1.networksecuritygroup.oc1.iad.aaaa"]}
    message = "nsgIds requires a subnetId"
    refused(
        400, "InvalidParameter", message, service.create, POOL, name="a", privateEndpointSettings=settings
    )
