"""BucketReplication: one policy, from one region to another."""

from typing import Any

import pytest

from components.storage.bucket_replication import (
    BucketReplication,
    BucketReplicationArgs,
    replication_problems,
)
from facts.problem import InvalidInput
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

POLICY = "oci:ObjectStorage/replicationPolicy:ReplicationPolicy"


def replication(preview: bool = False, **changes: Any) -> Recording:
    args = {
        "namespace": "ns",
        "bucket_name": "models",
        "destination_bucket_name": "models-copy",
        "region": "us-ashburn-1",
        "destination_region": "us-phoenix-1",
        **changes,
    }
    return run(
        lambda: BucketReplication("copies", BucketReplicationArgs(**args), oci_options()) and None, preview
    )


def test_a_policy_copies_a_bucket_to_the_other_region():
    assert replication().one(POLICY).inputs == {
        "namespace": "ns",
        "bucket": "models",
        "destinationBucketName": "models-copy",
        "destinationRegionName": "us-phoenix-1",
        "name": "copies-policy",
    }


def test_the_output_is_the_place_of_the_copies():
    outputs = replication().named("copies").outputs
    assert outputs is not None
    assert outputs["destination"] == "us-phoenix-1/models-copy"


def test_a_first_preview_shows_the_policy():
    outputs = replication(preview=True).named("copies").outputs
    assert outputs is not None
    assert outputs["policyId"] == UNKNOWN


def test_nothing_is_copied_into_the_region_that_may_be_lost():
    with pytest.raises(
        InvalidInput, match=r"copies\.destinationRegion: 'us-ashburn-1'; must be a different region"
    ):
        replication(destination_region="us-ashburn-1")


def test_an_unknown_region_is_refused_with_a_suggestion():
    (problem,) = replication_problems("us-ashburn-1", "us-pheonix-1", path="copies")
    assert "us-phoenix-1" in problem.fix
