"""One model from the bucket onto the disk: fetched, checked, flushed, and only then shown to readers."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .disk import Room, flush, room_of, sha256_of, write_whole
from .manifest import MANIFEST, Manifest, ModelId, WeightFile, read_manifest
from .remote import Remote
from .store import Store

ATTEMPTS = 2
"""Fetches of one file whose checksum is wrong: one may be the network's fault, two are the object's."""


class Corrupt(RuntimeError):  # noqa: N818 - it names what was found
    """Objects of the bucket are not what the import wrote."""


class NoRoom(RuntimeError):  # noqa: N818 - it names what was found
    """The model would fill the disk beyond its limit, and nothing more may be evicted."""


@dataclass(frozen=True)
class Limits:
    """How staging works. `disk_share` is of the whole file system, which the kubelet uses too."""

    disk_share: float = 0.6
    streams: int = 32
    hashers: int = 8


def _silent() -> None:
    pass


def stage(
    store: Store,
    remote: Remote,
    wanted: ModelId,
    *,
    limits: Limits,
    keep: set[str] | None = None,
    beat: Callable[[], None] = _silent,
    room: Callable[[Path], Room] = room_of,
) -> Manifest | None:
    """Bring a model onto the disk, or None if it is there. The caller holds the store's writer lock.

    What an interrupted run had checked already is kept. `keep` are folders that must not be evicted for it.
    """
    if store.has(wanted.folder):
        return None
    text = remote.read(f"{wanted.prefix}/{MANIFEST}")
    manifest = read_manifest(text, wanted)
    partial = _partial(store, wanted, manifest)
    checked = partial / "checked"
    missing = [file for file in manifest.files if not (checked / file.path).exists()]
    needed = sum(file.size for file in missing)
    _make_room(
        store, wanted, needed, spare={wanted.folder, *(keep or ())}, share=limits.disk_share, room=room
    )
    for attempt in range(ATTEMPTS):
        if not missing:
            break
        bad = _fetch(remote, wanted, missing, partial, limits=limits, beat=beat)
        if bad and attempt + 1 == ATTEMPTS:
            names = ", ".join(sorted(file.path for file in bad))
            raise Corrupt(f"{wanted.prefix}: not what the list says: {names}. Import the model again")
        missing = bad
    store.publish(wanted.folder, checked, manifest)
    shutil.rmtree(partial)
    return manifest


def _partial(store: Store, wanted: ModelId, manifest: Manifest) -> Path:
    """The folder that the model comes together in. One that belongs to another list is begun anew."""
    partial = store.partial / wanted.folder
    note = partial / "manifest.json"
    if not note.exists() or note.read_text() != manifest.text():
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        write_whole(note, manifest.text())
    # A transfer that was cut short may have left a file of full length with holes: never trusted.
    shutil.rmtree(partial / "incoming", ignore_errors=True)
    for name in ("incoming", "checked"):
        (partial / name).mkdir(exist_ok=True)
    return partial


def _fetch(
    remote: Remote,
    wanted: ModelId,
    files: list[WeightFile],
    partial: Path,
    *,
    limits: Limits,
    beat: Callable[[], None],
) -> list[WeightFile]:
    """Fetch and check files, each as soon as it has arrived; those whose content is wrong."""
    incoming, checked = partial / "incoming", partial / "checked"
    by_path = {file.path: file for file in files}
    checks: dict[str, Future[bool]] = {}
    with ThreadPoolExecutor(limits.hashers) as pool:

        def arrived(path: str) -> None:
            if path in by_path and path not in checks:
                checks[path] = pool.submit(_accept, by_path[path], incoming, checked)

        remote.fetch(wanted.prefix, files, incoming, streams=limits.streams, arrived=arrived, beat=beat)
        for path in by_path:
            arrived(path)
        bad: list[WeightFile] = []
        for path, check in checks.items():
            if not check.result():
                bad.append(by_path[path])
            beat()
    return bad


def _accept(file: WeightFile, incoming: Path, checked: Path) -> bool:
    """Move a file that is what the list says, and on the disk, to the checked ones; remove any other."""
    arrived = incoming / file.path
    try:
        right = arrived.stat().st_size == file.size and sha256_of(arrived) == file.sha256
    except FileNotFoundError:
        return False
    if not right:
        arrived.unlink()
        return False
    flush(arrived)
    arrived.chmod(0o644)
    target = checked / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    arrived.rename(target)
    return True


def _make_room(
    store: Store,
    wanted: ModelId,
    needed: int,
    *,
    spare: set[str],
    share: float,
    room: Callable[[Path], Room],
) -> None:
    """Evict what nobody leases and nobody wants, longest unused first, until the model fits."""
    for leftover in store.partial.iterdir():
        if leftover.name not in spare:
            shutil.rmtree(leftover)
    candidates = [model for model in store.kept() if model.name not in spare]
    while True:
        now = room(store.root)
        allowed = int(now.size * share)
        if now.used + needed <= allowed:
            return
        if not candidates:
            raise NoRoom(
                f"{wanted.folder} takes {needed:,} bytes more; the disk has {now.used:,} in use and may have "
                f"{allowed:,} of {now.size:,}. No model is left that nobody leases or wants"
            )
        store.evict(candidates.pop(0).name)
