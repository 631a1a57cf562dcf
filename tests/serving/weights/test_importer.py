"""The import from a local hub into a real S3-compatible bucket."""

import random
import subprocess
import sys
import time

import pytest

from serving.weights.node.hub import Hub, HubError, HubFile
from serving.weights.node.importer import WrongContent, chosen, import_model
from serving.weights.node.manifest import MANIFEST, ModelId, read_manifest
from serving.weights.node.stage import Limits, stage

from .conftest import REVISION, whole
from .fake_hub import Repository, served

pytestmark = pytest.mark.prove

SMALL = ModelId("small", REVISION)
TOKEN = "hf_example"


@pytest.fixture
def repository():
    source = random.Random(7)
    files = {f"model-{index}.safetensors": source.randbytes(150_000) for index in range(3)}
    files |= {
        "config.json": b"{}",
        "tokenizer/merges.txt": b"a b\n",
        "README.md": b"read me",
        "original/consolidated.00.pth": b"x" * 20_000,
    }
    with served(Repository("someone/small", REVISION, files)) as running:
        yield running


def imported(repository, bucket, token=None):
    hub = Hub(repository.address, token, sleep=lambda _: None)
    return import_model(hub, bucket.remote, repository.name, SMALL)


def test_an_imported_model_can_be_staged_and_equals_the_hubs(repository, bucket, store):
    manifest = imported(repository, bucket)
    with store.writing():
        stage(store, bucket.remote, SMALL, limits=Limits(disk_share=0.99, streams=4))
    folder = store.models / SMALL.folder
    assert whole(folder, manifest)
    assert {file.path for file in manifest.files} == {
        "config.json",
        "tokenizer/merges.txt",
        "model-0.safetensors",
        "model-1.safetensors",
        "model-2.safetensors",
    }
    for file in manifest.files:
        assert (folder / file.path).read_bytes() == repository.files[file.path]


def test_a_second_import_downloads_nothing(repository, bucket):
    first = imported(repository, bucket)
    repository.requests.clear()
    assert imported(repository, bucket) == read_manifest(first.text())
    assert not repository.requests


def test_a_broken_download_continues_where_it_stopped(repository, bucket):
    repository.cut_after = 60_000
    imported(repository, bucket)
    asked = [each for each in repository.requests if each == "store /model-0.safetensors"]
    assert len(asked) == 3
    assert bucket.get(f"{SMALL.prefix}/model-0.safetensors") == repository.files["model-0.safetensors"]


def test_requests_are_retried_after_temporary_statuses(repository, bucket):
    repository.failures = [503, 429]
    assert imported(repository, bucket).files


def test_the_token_is_sent_only_to_the_hub(repository, bucket):
    repository.token = TOKEN
    imported(repository, bucket, TOKEN)
    assert repository.tokens_seen == {"hub": {f"Bearer {TOKEN}"}, "store": {None}}


@pytest.mark.parametrize(
    ("token", "words"), [(None, "asks for a token and none is given"), ("wrong", "its token has no access")]
)
def test_a_gated_model_without_its_token_is_refused_with_the_reason(repository, bucket, token, words):
    repository.token = TOKEN
    with pytest.raises(HubError, match=words) as refused:
        imported(repository, bucket, token)
    assert "wrong" not in str(refused.value)
    assert not bucket.names()


@pytest.mark.parametrize("path", ["model-1.safetensors", "config.json"])
def test_content_with_a_wrong_checksum_never_becomes_an_object(repository, bucket, path):
    right = repository.files[path]
    repository.served[path] = right[:-1] + b"!"
    with pytest.raises(WrongContent, match=path):
        imported(repository, bucket)
    names = bucket.names()
    assert f"{SMALL.prefix}/{path}" not in names
    assert f"{SMALL.prefix}/{MANIFEST}" not in names


def test_a_repository_at_another_commit_is_refused(repository, bucket):
    repository.revision = "f" * 40
    with pytest.raises(HubError, match="answers with commit ffff"):
        imported(repository, bucket)


def test_a_repository_without_safetensors_is_refused(repository, bucket):
    for path in [path for path in repository.files if path.endswith(".safetensors")]:
        del repository.files[path]
    with pytest.raises(HubError, match=r"no \*\.safetensors"):
        imported(repository, bucket)


def test_a_repository_cannot_name_a_path_outside_its_folder():
    with pytest.raises(WrongContent, match="no path below"):
        chosen([HubFile("../other/x.safetensors", 1, None, None)])


def test_an_import_that_lost_objects_is_repaired(repository, bucket):
    imported(repository, bucket)
    bucket.remove(f"{SMALL.prefix}/model-2.safetensors")
    repository.requests.clear()
    imported(repository, bucket)
    assert "store /model-2.safetensors" in repository.requests
    assert "store /model-1.safetensors" not in repository.requests
    assert bucket.get(f"{SMALL.prefix}/model-2.safetensors") == repository.files["model-2.safetensors"]


def importer(repository, bucket, limit=""):
    words = ["--hub", repository.address, "--bucket", bucket.name, "--repository", repository.name]
    words += ["--model", SMALL.model, "--revision", REVISION, "--workers", "2"]
    slow = {"RCLONE_BWLIMIT": limit} if limit else {}
    return subprocess.Popen(
        [sys.executable, "-m", "serving.weights.node.importer", *words],
        env=bucket.environment | slow,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_an_import_killed_at_random_moments_leaves_only_complete_objects_and_finishes_in_the_end(
    repository, bucket
):
    source = random.Random(11)
    for _ in range(6):
        running = importer(repository, bucket, limit="200k")
        time.sleep(source.uniform(0.2, 2.0))
        running.kill()
        running.communicate()
        for name in bucket.names():
            path = name.removeprefix(f"{SMALL.prefix}/")
            if path != MANIFEST:
                assert bucket.get(name) == repository.files[path], f"{path} is no whole object"
    last = importer(repository, bucket)
    said, _ = last.communicate(timeout=60)
    assert last.returncode == 0, said
    assert '"complete"' in said
    manifest = read_manifest(bucket.get(f"{SMALL.prefix}/{MANIFEST}"), SMALL)
    assert manifest.size == sum(len(repository.files[file.path]) for file in manifest.files)


def test_the_log_does_not_contain_the_token(repository, bucket, monkeypatch):
    repository.token = TOKEN
    monkeypatch.setitem(bucket.environment, "HF_TOKEN", f"{TOKEN}\n")
    running = importer(repository, bucket)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert TOKEN not in said
