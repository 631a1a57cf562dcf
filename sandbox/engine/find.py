"""Finds the engine, in this order: SANDBOX_ENGINE, PATH, the cache, the official release, a source build."""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sandbox.engine.build import build_from_source
from sandbox.engine.cache import cached_engine, only_one
from sandbox.engine.pin import VERSION, Engine, EngineUnavailableError, Origin
from sandbox.engine.release import fetch_release

Say = Callable[[str], None]

SOURCES: tuple[tuple[Origin, Callable[[Say], Path]], ...] = (
    ("official release", fetch_release),
    ("source", build_from_source),
)


def version_of(path: Path) -> str | None:
    """The version that a CLI reports; None if it cannot be run."""
    try:
        done = subprocess.run(
            [str(path), "version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().removeprefix("v") if done.returncode == 0 else None


def present_engine() -> Engine | None:
    """An installed engine; None if nothing is installed. Nothing is fetched."""
    chosen = os.environ.get("SANDBOX_ENGINE")
    if chosen:
        version = version_of(Path(chosen))
        if version is None:
            raise EngineUnavailableError(
                f"SANDBOX_ENGINE: {chosen!r}; must be a working Pulumi CLI. Unset it to use {VERSION}."
            )
        return Engine(Path(chosen).resolve(), version, "SANDBOX_ENGINE")
    on_path = shutil.which("pulumi")
    if on_path and version_of(Path(on_path)) == VERSION:
        return Engine(Path(on_path).resolve(), VERSION, "PATH")
    if _is_cached():
        return Engine(cached_engine(), VERSION, "cache")
    return None


def _is_cached() -> bool:
    """Whether the engine in the cache works. To know it, a file is run once: each run takes a third of a second."""
    path = cached_engine()
    mark = path.with_name("works")
    try:
        found = path.stat()
    except OSError:
        return False
    same = f"{found.st_size} {found.st_mtime_ns}"
    with suppress(OSError):
        if mark.read_text() == same:
            return True
    if version_of(path) != VERSION:
        return False
    with suppress(OSError):
        mark.write_text(same)
    return True


def obtain_engine(say: Say) -> Engine:
    """The engine; it is fetched or built if it is not installed.

    `say` gets each line of progress. Raises EngineUnavailableError with what was tried and what to do.
    """
    found = present_engine()
    if found:
        return found
    with only_one(say):
        # The process that had the lock before may have installed it.
        found = present_engine()
        if found:
            return found
        tried = [f"PATH: no pulumi {VERSION}", f"cache: nothing at {cached_engine()}"]
        for origin, source in SOURCES:
            try:
                path = source(say)
            except EngineUnavailableError as failure:
                tried.append(f"{origin}: {failure}")
                say(f"{origin}: {failure}")
                continue
            version = version_of(path)
            if version == VERSION:
                return Engine(path, VERSION, origin)
            tried.append(f"{origin}: got version {version}")
    raise EngineUnavailableError(_advice(tried))


def _advice(tried: list[str]) -> str:
    lines = "\n".join(f"  - {line}" for line in tried)
    return (
        f"Pulumi CLI {VERSION} is not available. Tried:\n{lines}\n"
        f"Do one of the following, and run the command again: install Pulumi {VERSION} on PATH; let this machine "
        "reach get.pulumi.com; install Go 1.25.11 or later with a reachable module proxy (GOPROXY); "
        "or set SANDBOX_ENGINE to the path of a CLI."
    )
