"""Where the engine comes from: SANDBOX_ENGINE, PATH, the cache, the official release, a source build."""

import os
import shutil
import subprocess
from collections.abc import Callable
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
    """What a CLI says its version is, or None where it cannot be run."""
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
    """An engine that is there already, without fetching anything."""
    chosen = os.environ.get("SANDBOX_ENGINE")
    if chosen:
        version = version_of(Path(chosen))
        if version is None:
            raise EngineUnavailableError(
                f"SANDBOX_ENGINE: {chosen!r}; must be a Pulumi CLI that runs. Unset it to use {VERSION}."
            )
        return Engine(Path(chosen).resolve(), version, "SANDBOX_ENGINE")
    on_path = shutil.which("pulumi")
    if on_path and version_of(Path(on_path)) == VERSION:
        return Engine(Path(on_path).resolve(), VERSION, "PATH")
    if version_of(cached_engine()) == VERSION:
        return Engine(cached_engine(), VERSION, "cache")
    return None


def obtain_engine(say: Say) -> Engine:
    """The engine, fetched or built where need be.

    `say` gets a line of progress at a time. Raises EngineUnavailableError with what was tried and what to do.
    """
    found = present_engine()
    if found:
        return found
    with only_one(say):
        # The holder of the lock before us may have put it there.
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
            tried.append(f"{origin}: what came says it is {version}")
    raise EngineUnavailableError(_advice(tried))


def _advice(tried: list[str]) -> str:
    lines = "\n".join(f"  - {line}" for line in tried)
    return (
        f"no Pulumi CLI {VERSION} could be had. Tried:\n{lines}\n"
        f"What helps, any one of: install Pulumi {VERSION} so that `pulumi` is on PATH; or let this machine "
        "reach get.pulumi.com; or install Go 1.25.11 or later with a reachable module proxy (GOPROXY); "
        "or point SANDBOX_ENGINE at a CLI. Then type the same command again."
    )
