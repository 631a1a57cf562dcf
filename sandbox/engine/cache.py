"""The folder of installed engines, outside the project. All checkouts of a user share it."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

from facts.product import NAME
from sandbox.engine.pin import VERSION, EngineUnavailableError

CACHE_VARIABLE = "SANDBOX_ENGINE_CACHE"


def cache_folder() -> Path:
    """The user's cache folder for the pinned version. SANDBOX_ENGINE_CACHE sets another parent folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    parent = Path(chosen) if chosen else user_cache_path(NAME) / "engine"
    return parent / VERSION


def cached_engine() -> Path:
    """The path of the cached CLI, which may not exist."""
    return cache_folder() / "pulumi"


@contextmanager
def only_one(say: Callable[[str], None], folder: Path | None = None) -> Iterator[None]:
    """Hold the lock of a cache folder (default: the engine's), so that two processes do not build or fetch the same.

    The lock belongs to the open file: it is released when the process ends, even if it is killed.
    """
    folder = folder or cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock_file = (folder / "lock").open("w")
    except OSError as failure:
        raise EngineUnavailableError(
            f"{folder} cannot be written: {failure.strerror}. {CACHE_VARIABLE} sets another folder"
        ) from failure
    with lock_file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another process is filling the cache: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in folder.glob("scratch-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


def scratch(folder: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """A folder for unfinished files, on the cache's file system, so that `install` is one rename."""
    return tempfile.TemporaryDirectory(prefix="scratch-", dir=folder or cache_folder())


def install(built: Path) -> Path:
    """Move a finished CLI into the cache in one step, so that a half-written file is never run."""
    built.chmod(0o755)
    return built.replace(cached_engine())
