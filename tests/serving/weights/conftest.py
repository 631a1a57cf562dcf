"""A bucket with a small model, and a store on the local disk."""

import hashlib
import random
from pathlib import Path

import pytest

from serving.weights.node.manifest import MANIFEST, Manifest, ModelId, WeightFile
from serving.weights.node.remote import Remote
from serving.weights.node.store import Store
from tests.support.bucket import BUCKET, clean_environment, s3_client, s3_server

REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory):
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        yield port


@pytest.fixture
def bucket(s3_port, monkeypatch):
    """An empty bucket that this process's rclone uses."""
    for name in ("AWS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in clean_environment(s3_port).items():
        if name.startswith("RCLONE_") or name == "PATH":
            monkeypatch.setenv(name, value)
    filled = FilledBucket(s3_port)
    yield filled
    for name in filled.names():
        filled.remove(name)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "disk")


class FilledBucket:
    """Write models to the bucket as the import does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.environment = clean_environment(port)
        self.name = BUCKET
        self.remote = Remote(BUCKET)
        self.client = s3_client(port)

    def put(self, path: str, content: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=path, Body=content)

    def get(self, path: str) -> bytes:
        return self.client.get_object(Bucket=BUCKET, Key=path)["Body"].read()

    def remove(self, path: str) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=path)

    def names(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return sorted(entry["Key"] for page in pages for entry in page.get("Contents", ()))

    def model(self, name="small", files=4, size=200_000, revision=REVISION) -> Manifest:
        wanted = ModelId(name, revision)
        source = random.Random(name + revision)
        made: list[WeightFile] = []
        contents = {f"model-{index}.safetensors": source.randbytes(size) for index in range(files)}
        contents["config.json"] = b'{"layers": 1}'
        contents["tokenizer/merges.txt"] = b"a b\n"
        for path, content in contents.items():
            self.put(f"{wanted.prefix}/{path}", content)
            made.append(WeightFile(path, len(content), hashlib.sha256(content).hexdigest()))
        manifest = Manifest(name, revision, "someone/small", tuple(made))
        self.put(f"{wanted.prefix}/{MANIFEST}", manifest.text().encode())
        return manifest


def whole(folder: Path, manifest: Manifest) -> bool:
    """Whether a folder contains exactly the model."""
    found = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != MANIFEST
    }
    return found == {file.path: file.sha256 for file in manifest.files}
