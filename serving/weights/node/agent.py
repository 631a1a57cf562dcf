"""The one writer of a node: keeps the wanted models on its disk. Runs until it is told to stop.

The wanted list is read anew in every round, so models come and go without a restart of any pod.
"""

import argparse
import json
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .manifest import BadManifest, ModelId
from .remote import NotThere, Remote, RemoteError
from .stage import Corrupt, Limits, NoRoom, stage
from .store import Busy, Store

STALE_SECONDS = 300.0
"""An agent that has not given a sign of life for so long is taken for dead."""


@dataclass(frozen=True)
class Signs:
    """What the agent leaves for the kubelet's probes."""

    folder: Path

    def beat(self) -> None:
        """Alive."""
        (self.folder / "alive").touch()

    def ready(self, is_ready: bool) -> None:
        """Whether all wanted models are on the disk."""
        if is_ready:
            (self.folder / "ready").touch()
        else:
            (self.folder / "ready").unlink(missing_ok=True)

    def alive(self) -> bool:
        """Whether there was a beat of late."""
        try:
            return time.time() - (self.folder / "alive").stat().st_mtime < STALE_SECONDS
        except FileNotFoundError:
            return False


def say(event: str, **facts: object) -> None:
    """One line of the log."""
    print(json.dumps({"event": event, **facts}), flush=True)


def read_wanted(path: Path) -> list[ModelId]:
    """The models to keep, most wanted first."""
    return [ModelId(each["model"], each["revision"]) for each in json.loads(path.read_text())]


def one_round(store: Store, remote: Remote, wanted: list[ModelId], limits: Limits, signs: Signs) -> bool:
    """Look after every wanted model once; whether all are there. What fails with one does not stop the others."""
    folders = {model.folder for model in wanted}
    store.note_use(folders)
    complete = True
    for model in wanted:
        signs.beat()
        begun = time.monotonic()
        try:
            made = stage(store, remote, model, limits=limits, keep=folders, beat=signs.beat)
        except NotThere:
            complete = False
            say("not imported yet", model=model.model, revision=model.revision)
        except (Corrupt, NoRoom, BadManifest, RemoteError, OSError) as error:
            complete = False
            say("failed", model=model.model, revision=model.revision, why=f"{type(error).__name__}: {error}")
        else:
            if made is not None:
                seconds = round(time.monotonic() - begun, 1)
                say("staged", model=model.model, revision=model.revision, bytes=made.size, seconds=seconds)
    return complete


def mend(store: Store) -> None:
    """Take damaged models away, so that they are fetched anew; never one that an engine reads."""
    for model in store.kept():
        damage = store.damaged(model.name)
        if damage:
            gone = store.evict(model.name)
            say("damaged", folder=model.name, files=damage[:10], removed=gone)


def run(
    store: Store,
    bucket: str,
    *,
    wanted: Path,
    limits: Limits,
    signs: Signs,
    pause_seconds: float,
    once: bool = False,
) -> int:
    """Round after round; with `once` a single one, whose result is the status."""
    with store.writing() as lock:
        remote = Remote(bucket, held=(lock,))
        mend(store)
        while True:
            complete = one_round(store, remote, read_wanted(wanted), limits, signs)
            signs.ready(complete)
            if once:
                return 0 if complete else 1
            signs.beat()
            time.sleep(pause_seconds)


def _stop(signal_number: int, frame: FrameType | None) -> None:
    del signal_number, frame
    sys.exit(0)


def main(words: list[str]) -> int:
    """`agent run` or `agent probe alive|ready`."""
    parser = argparse.ArgumentParser(prog="agent")
    parser.add_argument("--signs", type=Path, required=True, help="folder for the probes' files")
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run")
    runs.add_argument("--root", type=Path, required=True)
    runs.add_argument("--bucket", required=True)
    runs.add_argument("--wanted", type=Path, required=True)
    runs.add_argument("--disk-share", type=float, default=Limits.disk_share)
    runs.add_argument("--streams", type=int, default=Limits.streams)
    runs.add_argument("--hashers", type=int, default=Limits.hashers)
    runs.add_argument("--pause", type=float, default=20.0)
    runs.add_argument("--once", action="store_true")
    probe = commands.add_parser("probe")
    probe.add_argument("sign", choices=("alive", "ready"))
    given = parser.parse_args(words)
    signs = Signs(given.signs)
    if given.command == "probe":
        found = signs.alive() if given.sign == "alive" else (given.signs / "ready").exists()
        return 0 if found else 1
    # The first process of a container ignores SIGTERM unless it says what to do.
    signal.signal(signal.SIGTERM, _stop)
    limits = Limits(given.disk_share, given.streams, given.hashers)
    try:
        return run(
            Store(given.root),
            given.bucket,
            wanted=given.wanted,
            limits=limits,
            signs=signs,
            pause_seconds=given.pause,
            once=given.once,
        )
    except Busy as busy:
        say("failed", why=str(busy))
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
