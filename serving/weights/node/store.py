"""The models on one node's disk. One writer at a time changes them; readers see whole models only."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .disk import flush, flush_folders, write_whole
from .lease import take
from .manifest import MANIFEST, BadManifest, Manifest, read_manifest


class Busy(RuntimeError):  # noqa: N818 - it names what was found
    """Another writer has the store."""


@dataclass(frozen=True)
class Kept:
    """A model on the disk."""

    name: str
    size: int
    last_used: float
    """When it was last seen leased or wanted, in seconds since 1970."""


class Store:
    """`models/` has what readers see, `partial/` what is on its way in, `trash/` what is on its way out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.models = root / "models"
        self.partial = root / "partial"
        self.trash = root / "trash"

    @contextmanager
    def writing(self) -> Generator[int]:
        """Be the one writer; yields the lock's descriptor for the processes that write on its behalf."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / ".writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(f"another writer has {self.root}") from error
            for folder in (self.models, self.partial, self.trash):
                folder.mkdir(exist_ok=True)
            shutil.rmtree(self.trash)
            self.trash.mkdir()
            yield descriptor
        finally:
            os.close(descriptor)

    def has(self, name: str) -> bool:
        """Whether readers see the model."""
        return (self.models / name / MANIFEST).exists()

    def publish(self, name: str, whole: Path, manifest: Manifest) -> None:
        """Let readers see a folder whose files are checked and flushed: in one step, or not at all."""
        write_whole(whole / MANIFEST, manifest.text())
        flush_folders(whole)
        whole.rename(self.models / name)
        flush(self.models)

    def kept(self) -> list[Kept]:
        """The models that readers see, longest unused first."""
        found: list[Kept] = []
        for folder in self.models.iterdir():
            path = folder / MANIFEST
            if path.exists():
                found.append(Kept(folder.name, _size(path), path.stat().st_mtime))
        return sorted(found, key=lambda model: model.last_used)

    def note_use(self, wanted: set[str]) -> None:
        """Remember which models are in use now."""
        for model in self.kept():
            folder = self.models / model.name
            descriptor = take(folder, fcntl.LOCK_EX)
            if descriptor is not None:
                os.close(descriptor)
            if descriptor is None or model.name in wanted:
                os.utime(folder / MANIFEST)

    def evict(self, name: str) -> bool:
        """Take a model away unless an engine holds a lease on it; whether it is gone."""
        descriptor = take(self.models / name, fcntl.LOCK_EX)
        if descriptor is None:
            return not self.has(name)
        try:
            # Under the lock the folder leaves the readers' sight in one step; its files go after.
            out = self.trash / f"{name}.{uuid.uuid4().hex}"
            (self.models / name).rename(out)
            flush(self.models)
        finally:
            os.close(descriptor)
        shutil.rmtree(out)
        return True

    def damaged(self, name: str) -> list[str]:
        """Files of a model that are missing or of another size than its list says."""
        folder = self.models / name
        try:
            manifest = read_manifest((folder / MANIFEST).read_text())
        except (OSError, BadManifest) as error:
            return [f"{MANIFEST} {error}"]
        return [file.path for file in manifest.files if _length(folder / file.path) != file.size]


def _size(manifest: Path) -> int:
    try:
        return read_manifest(manifest.read_text()).size
    except BadManifest:
        return 0


def _length(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1
