"""`sandbox cloud age`: the objects of a bucket get older."""

import json

from sandbox.oci.cloud import Cloud
from sandbox.oci.services.object_storage.buckets import BUCKET
from sandbox.oci.services.object_storage.contents import live, put

from .conftest import VCN, Run, entry


def test_the_objects_of_a_bucket_get_older(run: Run, model: Cloud) -> None:
    bucket = entry("n/ax/b/weights@us-ashburn-1", BUCKET, name="weights", namespace="ax")
    model.save(bucket)
    made = put(model, bucket, "a", b"1", {})
    assert json.loads(run("age", "weights", "--days", "31", "--json").stdout) == {"days": 31, "older": 1}
    older = live(model, bucket, "a")
    assert older is not None
    assert older.modified < made.modified


def test_only_an_existing_bucket_gets_older(run: Run, model: Cloud) -> None:
    for words, text in (((VCN,), "is not a bucket"), (("none",), "no resource in the cloud has the name")):
        result = run("age", *words, "--days", "1", code=1)
        assert text in result.stderr
