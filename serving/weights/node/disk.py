"""Files that are whole and on the disk, and how full it is."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Room:
    """A file system in bytes. `used` counts everything on it, not weights alone."""

    size: int
    used: int


def room_of(folder: Path) -> Room:
    """The file system that a folder is on."""
    found = os.statvfs(folder)
    return Room(found.f_blocks * found.f_frsize, (found.f_blocks - found.f_bfree) * found.f_frsize)


def sha256_of(file: Path) -> str:
    """SHA-256 in hexadecimal."""
    with file.open("rb", buffering=0) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folders(folder: Path) -> None:
    """Wait for the names in a folder and in all folders below it."""
    for parent, _, _ in os.walk(folder, topdown=False):
        flush(Path(parent))


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    partial.rename(path)
    flush(path.parent)
