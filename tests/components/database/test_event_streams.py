"""EventStreams: a private pool with a fixed list of streams."""

from typing import Any

import pytest

from components.database.event_streams import (
    EventStreams,
    EventStreamsArgs,
    StreamArgs,
    event_streams_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

POOL = "oci:Streaming/streamPool:StreamPool"
STREAM = "oci:Streaming/stream:Stream"


def streams(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "compartment_id": "c",
        "subnet_id": "s",
        "nsg_ids": ["n"],
        "streams": {
            "requests": StreamArgs(partitions=3),
            "audit": StreamArgs(partitions=1, retention_hours=168),
        },
        **changes,
    }
    program = lambda: EventStreams("events", EventStreamsArgs(**args), oci_options()) and None  # noqa: E731
    return run(program, preview, outputs=lambda *_: {"endpointFqdn": "cell.streaming"})


def test_the_pool_is_reachable_only_inside_the_network_and_creates_no_topics_itself():
    assert streams().one(POOL).inputs == {
        "compartmentId": "c",
        "name": "events",
        "privateEndpointSettings": {"subnetId": "s", "nsgIds": ["n"]},
        "kafkaSettings": {"autoCreateTopicsEnable": False},
    }


def test_streams_are_in_the_pool_and_not_in_a_compartment_of_their_own():
    audit, requests = streams().of_type(STREAM)
    assert requests.inputs == {
        "name": "requests",
        "streamPoolId": "ocid1.streampool.oc1.iad.events-pool",
        "partitions": 3,
        "retentionInHours": 24,
    }
    assert audit.inputs["retentionInHours"] == 168


def test_a_key_encrypts_the_pool():
    assert streams(kms_key_id="k").one(POOL).inputs["customEncryptionKey"] == {"kmsKeyId": "k"}


def test_clients_find_kafka_and_the_sdk_s_endpoint():
    outputs = streams().named("events").outputs
    assert outputs is not None
    assert outputs["connection"] == {
        "host": "cell.streaming",
        "port": "9092",
        "bootstrapServers": "cell.streaming:9092",
        "endpoint": "https://cell.streaming",
    }
    assert outputs["streamIds"].keys() == {"requests", "audit"}


def test_protected_streams_are_kept_with_their_pool():
    made = streams(protect=True)
    kept = [made.one(POOL), *made.of_type(STREAM)]
    assert len(kept) == 3
    for each in kept:
        assert (each.protect, each.retain_on_delete) == (True, True)


def test_a_first_preview_shows_pool_and_streams():
    seen = streams(preview=True)
    assert [each.inputs["streamPoolId"] for each in seen.of_type(STREAM)] == [UNKNOWN, UNKNOWN]


def test_nothing_is_created_for_invalid_streams():
    with pytest.raises(InvalidInput, match=r"events\.streams"):
        streams(streams={})


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({}, "e.streams"),
        ({"a b": StreamArgs(partitions=1)}, "e.streams['a b']"),
        ({"a": StreamArgs(partitions=0)}, "e.streams['a'].partitions"),
        ({"a": StreamArgs(partitions=1, retention_hours=23)}, "e.streams['a'].retentionHours"),
        ({"a": StreamArgs(partitions=1, retention_hours=169)}, "e.streams['a'].retentionHours"),
    ],
)
def test_an_invalid_value_is_reported_with_its_path(wanted: dict[str, StreamArgs], path: str):
    assert [problem.path for problem in event_streams_problems(wanted, path="e")] == [path]
