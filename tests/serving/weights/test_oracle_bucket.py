"""Import and staging through rclone's own backend for OCI, which is what runs in the cluster.

The bucket speaks Object Storage's API; the variables are those of the pods, but for the identity, which a cluster has.
"""

import os
import random
import subprocess
from pathlib import Path

import pytest

from serving.engine.load_benchmark import FETCH, KEEP
from serving.weights.node.hub import Hub
from serving.weights.node.importer import import_model
from serving.weights.node.manifest import MANIFEST, ModelId
from serving.weights.node.remote import NotThere, Remote
from serving.weights.node.stage import Corrupt, Limits, stage
from serving.weights.weights_pod import WeightsBucketArgs, remote_variables
from tests.support.bucket import path_with_rclone

from .conftest import REVISION, whole
from .fake_hub import Repository
from .fake_hub import served as hub_served
from .fake_oracle import OracleBucket, served

pytestmark = pytest.mark.prove

SMALL = ModelId("small", REVISION)
LIMITS = Limits(disk_share=0.99, streams=8, hashers=2)
PARTS = 5 * 2**20
"""The minimum size of a part."""


@pytest.fixture
def bucket(monkeypatch):
    given = WeightsBucketArgs(name="prod-models", namespace="tenant", region="us-ashburn-1")
    with served(OracleBucket("tenant", "prod-models")) as running:
        for name in [name for name in os.environ if name.startswith(("RCLONE_", "OCI_"))]:
            monkeypatch.delenv(name)
        for name, value in remote_variables(given).items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.setenv("RCLONE_CONFIG_WEIGHTS_PROVIDER", "no_auth")
        monkeypatch.setenv("RCLONE_CONFIG_WEIGHTS_ENDPOINT", running.address)
        monkeypatch.setenv("RCLONE_CONFIG_WEIGHTS_CHUNK_SIZE", f"{PARTS}B")
        monkeypatch.setenv("RCLONE_CONFIG_WEIGHTS_UPLOAD_CUTOFF", f"{PARTS}B")
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", path_with_rclone())
        yield running


@pytest.fixture
def remote(bucket):
    return Remote(bucket.name)


@pytest.fixture
def repository():
    source = random.Random(11)
    files = {f"model-{index}.safetensors": source.randbytes(120_000) for index in range(4)}
    files |= {"model-4.safetensors": source.randbytes(2 * PARTS + 77), "config.json": b"{}"}
    with hub_served(Repository("someone/small", REVISION, files)) as running:
        yield running


def imported(repository, remote):
    hub = Hub(repository.address, None, sleep=lambda _: None)
    return import_model(hub, remote, repository.name, SMALL)


def staged(store, bucket):
    with store.writing() as lock:
        return stage(store, Remote(bucket.name, held=(lock,)), SMALL, limits=LIMITS)


def test_a_model_imported_through_the_clouds_own_backend_is_staged_completely(
    repository, remote, bucket, store
):
    manifest = imported(repository, remote)
    made = staged(store, bucket)
    assert made is not None
    assert whole(store.models / SMALL.folder, manifest)
    large = f"{SMALL.prefix}/model-4.safetensors"
    assert bucket.objects[large] == repository.files["model-4.safetensors"]
    assert any(f"/u/{large}" in each for each in bucket.requests), "in parts, like real weights"
    assert not bucket.parts


def test_nothing_tries_to_create_the_bucket_which_no_policy_allows(repository, remote, bucket, store):
    imported(repository, remote)
    staged(store, bucket)
    assert f"POST /n/{bucket.namespace}/b" not in bucket.requests


def test_a_second_import_writes_nothing(repository, remote, bucket):
    imported(repository, remote)
    bucket.requests.clear()
    imported(repository, remote)
    assert not [each for each in bucket.requests if each.startswith(("PUT", "POST"))]


@pytest.mark.parametrize("size", [1000, 3 * PARTS], ids=["whole", "in parts"])
def test_an_upload_that_is_dropped_leaves_no_object(remote, bucket, size):
    upload = remote.upload(f"{SMALL.prefix}/model.safetensors", size)
    upload.give(b"x" * (size - 1))
    upload.drop()
    assert bucket.objects == {}


def test_a_model_that_is_not_imported_is_not_reported_as_an_error(bucket, store):
    with pytest.raises(NotThere):
        staged(store, bucket)


def test_a_corrupt_object_is_found_and_named(repository, remote, bucket, store):
    imported(repository, remote)
    bucket.objects[f"{SMALL.prefix}/model-2.safetensors"] = b"\0" * 120_000
    with pytest.raises(Corrupt, match=r"model-2\.safetensors"):
        staged(store, bucket)
    assert not store.has(SMALL.folder)


def test_an_import_that_lost_its_list_is_finished(repository, remote, bucket):
    imported(repository, remote)
    del bucket.objects[f"{SMALL.prefix}/{MANIFEST}"]
    assert imported(repository, remote).files
    assert f"{SMALL.prefix}/{MANIFEST}" in bucket.objects


def shell(script: str, results: Path, bucket: OracleBucket) -> "subprocess.CompletedProcess[str]":
    prefix = "RCLONE_CONFIG_RESULTS_"
    given = {
        "FROM": f"results:{bucket.name}/benchmarks/chat",
        f"{prefix}TYPE": "oracleobjectstorage",
        f"{prefix}PROVIDER": "no_auth",
        f"{prefix}NAMESPACE": bucket.namespace,
        f"{prefix}COMPARTMENT": "ocid1.compartment.oc1..x",
        f"{prefix}REGION": "us-ashburn-1",
        f"{prefix}ENDPOINT": bucket.address,
    }
    command = ["sh", "-euc", script.replace("/results", str(results))]
    return subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)


def test_a_benchmark_stores_its_result_and_finds_it_the_next_time(bucket, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert shell(FETCH, first, bucket).returncode == 0, "the first run finds nothing and continues"
    (first / "last.json").write_text("{}")
    kept = shell(KEEP, first, bucket)
    assert kept.returncode == 0, kept.stderr
    assert bucket.objects == {"benchmarks/chat/last.json": b"{}"}
    assert shell(FETCH, second, bucket).returncode == 0
    assert (second / "last.json").read_text() == "{}"
    assert f"POST /n/{bucket.namespace}/b" not in bucket.requests, "it would create a bucket"
