"""A model from the hub into the bucket, once for all nodes. What is there already is not fetched again.

Every object's content is checked before the object exists; the list of files is written last, so a list in the
bucket means that the import is complete.
"""

import argparse
import fnmatch
import hashlib
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from .agent import say
from .hub import Hub, HubError, HubFile
from .manifest import MANIFEST, BadManifest, Manifest, ModelId, WeightFile, is_safe, read_manifest
from .remote import NotThere, Remote, RemoteError

SERVED = (
    "*.safetensors",
    "*.json",
    "*.txt",
    "*.model",
    "*.jinja",
    "*.py",
    "*.tiktoken",
    "LICENSE*",
    "NOTICE*",
)
"""What an engine reads. Other formats of the same weights would double the bytes."""

LEFT_OUT = ("original/*", "consolidated*", "metal/*", "onnx/*")


class WrongContent(RuntimeError):  # noqa: N818 - it names what was found
    """What came from the hub is not what the hub says it is."""


def chosen(files: Iterable[HubFile]) -> list[HubFile]:
    """The files that are imported."""

    def matches(path: str, patterns: tuple[str, ...]) -> bool:
        return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)

    found = [file for file in files if matches(file.path, SERVED) and not matches(file.path, LEFT_OUT)]
    for file in found:
        if not is_safe(file.path):
            raise WrongContent(f"the hub names {file.path!r}, which is no path below the model's folder")
    return found


def import_model(hub: Hub, remote: Remote, repository: str, wanted: ModelId, *, workers: int = 4) -> Manifest:
    """Bring all files of a commit into the bucket; the list of them."""
    there = remote.sizes(wanted.prefix)
    known = _known(remote, wanted, there)
    if known is not None:
        return known
    files = chosen(hub.files(repository, wanted.revision))
    if not any(file.path.endswith(".safetensors") for file in files):
        raise HubError(f"{repository} has no *.safetensors at {wanted.revision}")

    def source(file: HubFile) -> Iterable[bytes]:
        return hub.content(repository, wanted.revision, file)

    with ThreadPoolExecutor(workers) as pool:
        tasks = [
            pool.submit(_bring, source, remote, f"{wanted.prefix}/{file.path}", file, there.get(file.path))
            for file in files
        ]
        try:
            made = tuple(task.result() for task in tasks)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    landed = remote.sizes(wanted.prefix)
    short = [file.path for file in made if landed.get(file.path) != file.size]
    if short:
        raise RemoteError(f"objects are missing or short after the upload: {', '.join(short)}")
    manifest = Manifest(wanted.model, wanted.revision, repository, made)
    remote.write(f"{wanted.prefix}/{MANIFEST}", manifest.text().encode())
    return manifest


def _known(remote: Remote, wanted: ModelId, there: dict[str, int]) -> Manifest | None:
    """The list of an import that is complete, if all its objects still have their sizes."""
    try:
        found = read_manifest(remote.read(f"{wanted.prefix}/{MANIFEST}"), wanted)
    except (NotThere, BadManifest):
        return None
    return found if all(there.get(file.path) == file.size for file in found.files) else None


def _bring(
    content: Callable[[HubFile], Iterable[bytes]], remote: Remote, target: str, file: HubFile, has: int | None
) -> WeightFile:
    if file.sha256 is not None and has == file.size:
        # An object exists only once its content was checked, so one of the right size is the right one.
        say("kept", path=file.path, bytes=file.size)
        return WeightFile(file.path, file.size, file.sha256)
    upload = remote.upload(target, file.size)
    try:
        sha256 = hashlib.sha256()
        git = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
        size, held_back = 0, b""
        for block in content(file):
            upload.give(held_back)
            # The last block waits for the verdict: an upload that is short of it never becomes an object.
            held_back = block
            size += len(block)
            sha256.update(block)
            if file.blob is not None:
                git.update(block)
        expected, found = (file.sha256, sha256) if file.sha256 is not None else (file.blob, git)
        if size != file.size or (expected is not None and expected != found.hexdigest()):
            raise WrongContent(
                f"{file.path} has {size} bytes, checksum {found.hexdigest()}; the hub says {expected}"
            )
        upload.give(held_back)
        upload.finish()
    except BaseException:
        upload.drop()
        raise
    say("imported", path=file.path, bytes=size)
    return WeightFile(file.path, size, sha256.hexdigest())


def main(words: list[str]) -> int:
    """Import one model; the token comes from HF_TOKEN."""
    parser = argparse.ArgumentParser(prog="importer")
    parser.add_argument("--hub", required=True, help="address of the hub")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--repository", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--revision", required=True)
    parser.add_argument("--workers", type=int, default=4)
    given = parser.parse_args(words)
    hub = Hub(given.hub, os.environ.get("HF_TOKEN", "").strip() or None)
    wanted = ModelId(given.model, given.revision)
    try:
        made = import_model(hub, Remote(given.bucket), given.repository, wanted, workers=given.workers)
    except (HubError, RemoteError, WrongContent) as error:
        say("failed", why=f"{type(error).__name__}: {error}")
        return 1
    say("complete", model=wanted.model, revision=wanted.revision, files=len(made.files), bytes=made.size)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
