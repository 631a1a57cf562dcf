"""A lease on a model: a shared lock on its list of files, which an engine holds as long as it lives.

The kernel gives the lock back when the process ends, however it ends, so a lease can neither be forgotten nor
outlive its engine; and it needs no write access, so engines mount the models read-only. Needs Python 3.9.

`lease.py FOLDER` waits until the model is on the node; `lease.py FOLDER -- COMMAND` becomes the command, with the
lease held.
"""

import argparse
import fcntl
import os
import sys
import time
from pathlib import Path
from typing import Optional

MANIFEST = ".manifest.json"
POLL_SECONDS = 1.0


def take(folder: Path, operation: int = fcntl.LOCK_SH) -> Optional[int]:  # noqa: UP045 - Python 3.9
    """A descriptor that holds the lock, or None: there is no model, it is on its way out, or somebody holds it."""
    path = folder / MANIFEST
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
        # Between opening and locking the model may have been evicted, or another put in its place.
        if os.path.samestat(path.stat(), os.fstat(descriptor)):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def wait(folder: Path, seconds: float) -> Optional[int]:  # noqa: UP045 - Python 3.9
    """`take`, again and again until the time is over."""
    until = time.monotonic() + seconds
    while True:
        descriptor = take(folder)
        if descriptor is not None or time.monotonic() >= until:
            return descriptor
        time.sleep(min(POLL_SECONDS, max(0.0, until - time.monotonic())))


def main(words: list[str]) -> int:
    """Wait, and become the command if one is given."""
    split = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(prog="lease")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--wait", type=float, default=60.0, help="seconds to wait for the model")
    given = parser.parse_args(words[:split])
    command = words[split + 1 :]
    print(f"waiting for {given.folder.name}", flush=True)
    descriptor = wait(given.folder, given.wait)
    if descriptor is None:
        print(f"{given.folder.name} did not come within {given.wait:g} s", file=sys.stderr)
        return 1
    print(f"{given.folder.name} is there", flush=True)
    if command:
        os.set_inheritable(descriptor, True)
        os.execvp(command[0], command)  # noqa: S606 - the engine takes this process's place, signals and all
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
